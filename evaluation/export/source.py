"""One C file from networks and laws: a material law for finite-element codes.

The tree of each network stands in the file as constants. The laws and the blocks are written from
the formulas that Python computes with; what an iteration does is as in `evaluation.online`
for one point under strain control.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from evaluation.export import functions
from evaluation.export.vector import steps
from evaluation.online import limits
from evaluation.online.flat_network import flat_network
from rve import arguments
from rve.errors import InputError
from rve.files import replacing
from rve.kernels.c_source import helpers
from rve.kernels.tile import ENTRIES, symmetric
from rve.materials import layout, recorded
from rve.materials.composite import Materials, by_phase, call_of, laws_of
from rve.materials.declaration import Parameter, TableParameter
from rve.materials.elastic import Elastic
from rve.materials.equations import Declared
from rve.materials.law import Law
from rve.microstructure.phases import VOID
from training.network import MaterialNetwork
from training.tree import Tree, tree_of

Array = NDArray[np.float64]

_TEMPLATES = Path(__file__).parent / "templates"
_INTERFACE = re.compile(r"{# interface: (.+) #}\n")


def _interfaces() -> Iterator[tuple[str, str]]:
    """Plain C, and the templates whose first line tells what code they are for."""
    yield "c", "plain C, for codes of your own"
    for path in sorted(_TEMPLATES.glob("*.c")):
        if told := _INTERFACE.match(path.read_text(encoding="utf-8")):
            yield path.stem, told[1]


INTERFACES = dict(_interfaces())
"""Name -> for what codes."""
AXES = 1, 2, 3
UNITS = {"GPa": 1.0, "MPa": 1e3, "Pa": 1e9}
"""Unit of stress -> how many there are in a GPa."""
_SHOWN = "p"  # the accumulated plastic strain
TOLERANCE, MAX_ITERATIONS = 1e-8, 50
_MOST_VARIABLES = 2**16 - 1  # MFront counts them by an unsigned short


@dataclass(frozen=True)
class Phase:
    """A law of the export."""

    number: int  # 0 for p1
    name: str
    word: str  # in C, with which its functions begin
    declared: Declared
    law: Law
    turned: bool  # by the networks
    first: int  # of its parameters among those of all laws
    recorded: recorded.Recorded
    text: str  # its functions in C


def export(
    folder: Path | str,
    trees: Sequence[MaterialNetwork | Tree],
    phases: Materials,
    *,
    interface: str,
    unit: str = "MPa",
    fibres_along: int = 1,
    facts: Sequence[str] = (),
) -> None:
    """Write networks with their laws as one in C: NAME.c, NAME.h, build.sh and check.c.

    Args:
        folder: to write to; its name becomes that of the law.
        trees: one network or several, whose answers are averaged, or their active parts.
        phases: laws of the phases but the void, as `materials` of rve.materials gives them, or
            constants that declare them.
        interface: `c`, or that of a code, as `umat`.
        unit: of the caller's stresses: GPa, MPa or Pa.
        fibres_along: axis of the caller, 1, 2 or 3, along which the fibres run.
        facts: lines for the head of the file, such as where the networks come from.

    Raises:
        InputError: the name is no word in C, an argument is not as said, networks differ in
            their phases, a law has no constants or no formula that could be written, or the
            folder cannot be written.
        ConvergenceError: the networks find no equilibrium on the path that checks the build.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from evaluation.export import export
        >>> from rve.materials import materials
        >>> from training import initialise
        >>> network = initialise("IMN", layers=1, rng=np.random.default_rng(0))
        >>> alloy = {"law": "j2", "youngs_modulus": 70, "poisson_ratio": 0.33, "yield_stress": 0.3}
        >>> glass = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     laws = materials(alloy, glass)
        ...     export(Path(folder) / "glare", [network], laws, interface="umat")
        ...     sorted(file.name for file in (Path(folder) / "glare").iterdir())
        ['build.sh', 'check.c', 'glare.c', 'glare.h']
    """
    folder = Path(folder)
    name = folder.resolve().name
    if not (name.isidentifier() and name.isascii() and name.strip("_")):
        raise InputError(
            f"{folder}: the name of the folder becomes that of functions in C; expected letters, "
            f"digits and _, a letter first, got {name!r}"
        )
    arguments.listed("trees", trees, "networks", at_least=1)
    active = [tree_of(tree) for tree in trees]
    declared = declared_phases(phases, active)
    arguments.choice("interface", interface, INTERFACES)
    arguments.choice("unit", unit, UNITS)
    arguments.choice("fibres_along", fibres_along, AXES)
    vector = steps(active, declared, fibres_along, UNITS[unit])
    files = write(
        name, active, declared, vector,
        interface=interface, unit=unit, fibres_along=fibres_along, facts=facts,
    )  # fmt: skip
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            with replacing(folder / file) as temporary:
                temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from error


def write(
    name: str,
    trees: Sequence[Tree],
    phases: Mapping[str, Declared],
    vector: Array,
    **options: Any,
) -> dict[str, str]:
    """Texts of the exported files, by their names.

    Args:
        name: of the law, a word in C.
        trees: as for `export`.
        phases: what declares the law of each.
        vector: duration, strain and stress (n, 13), see `evaluation.export.vector`.
        options: all other arguments of `export`, by their names.

    Raises:
        InputError: a law has no formula that could be written in C, or the interface does not
            take a state of this size.
    """
    laws = _phases(trees, phases)
    whole = not all(phase.law.symmetric for phase in laws)
    unit, hollow = options["unit"], VOID in trees[0].names
    networks = [_network(number, tree, laws) for number, tree in enumerate(trees)]
    shown = list(_shown(laws))
    state = [(1, f"mean {_SHOWN} of the {laws[phase].name}, to be plotted") for phase, _ in shown]
    state.append((1, "steps in which the last increment was made, more than one if it was halved"))
    state += [row for network in networks for row in network["state"]]
    *firsts, state_size = accumulate((size for size, _ in state), initial=0)
    if options["interface"] == "mfront" and state_size > _MOST_VARIABLES:
        raise InputError(
            f"a state of {state_size} numbers; MFront's interface takes {_MOST_VARIABLES}: "
            "export fewer or smaller networks"
        )
    values = options | {
        "name": name,
        "facts": [line for fact in options["facts"] for line in _lines(fact)],
        "stress_factor": UNITS[unit],
        "phases": laws,
        "properties": [row for phase in laws for row in _properties(phase, unit)],
        "networks": networks,
        "state": [(first, *row) for first, row in zip(firsts, state, strict=True)],
        "state_size": state_size,
        "shown": shown,
        "calculix": name.replace("_", "").upper(),
        "most_nodes": max(len(tree.weights) for tree in trees),
        "most_constants": max(len(phase.recorded.constants) for phase in laws),
        "most_turned": max(len(one.recorded.constants) * one.turned for one in laws),
        "answer": ENTRIES + 6,
        "width": max(phase.recorded.width for phase in laws),
        "place": symmetric(np.arange(ENTRIES)).tolist(),
        "degree": repr(np.pi / 180),
        "steps": vector.tolist(),
        "helpers": helpers(phase.text for phase in laws),
        "whole": whole,
        "hollow": hollow,
        "layout": layout,
        "search": recorded,
        "tree_functions": list(functions.tree_functions(whole, hollow)),
        "axes": functions.axes_functions(options["fibres_along"]),
        "cell_axes": functions.cell_axes(options["fibres_along"]),
        "limits": limits,
        "tolerance": TOLERANCE,
        "max_iterations": MAX_ITERATIONS,
    }
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["rows"] = _rows
    return {
        template.replace("law", name): environment.get_template(template).render(values)
        for template in ("law.c", "law.h", "check.c", "build.sh")
    }


def _lines(fact: str) -> list[str]:
    """A sentence in lines of a comment; names of files stay whole."""
    return textwrap.wrap(fact, 96, break_long_words=False, break_on_hyphens=False)


def declared_phases(phases: Materials, trees: Sequence[Tree]) -> dict[str, Declared]:
    """What declares the law of each phase of the networks, of which each may be a law.

    Raises:
        InputError: networks differ in their phases, a phase has no law, or one is a stiffness
            without constants.
    """
    names = {tree.names: ", ".join(tree.names) for tree in trees}
    if len(names) > 1:
        raise InputError(
            f"trees: expected the same phases in each, got {' and '.join(names.values())}"
        )
    found = {
        name: (one.declared or one) if isinstance(one, Elastic) else one
        for name, one in by_phase(phases, trees[0].names, Law).items()
    }
    for name, declared in found.items():
        if isinstance(declared, Elastic):
            raise InputError(
                f"{name}: an Elastic that is made of a stiffness has no constants that could be "
                f"exported; make all laws with {call_of(tuple(found))} of rve.materials"
            )
    return found


def _phases(trees: Sequence[Tree], phases: Mapping[str, Declared]) -> list[Phase]:
    laws: list[Phase] = []
    for number, (name, declared) in enumerate(phases.items()):
        (law,) = laws_of([declared], [name], Law)
        depends_on_axes = law.turned(np.eye(6)) is not law
        turned = depends_on_axes and any(tree.rotations is not None for tree in trees)
        word = re.sub(r"\W", "_", name, flags=re.ASCII)
        if not word.isidentifier() or any(word == other.word for other in laws):
            word = f"phase_{number + 1}"
        kernels, text = functions.law_functions(word, declared, turned)
        first = sum(len(other.recorded.parameters) for other in laws)
        laws.append(Phase(number, name, word, declared, law, turned, first, kernels, text))
    return laws


def _properties(phase: Phase, unit: str) -> Iterator[dict[str, Any]]:
    """Numbers that the caller may pass, in the caller's unit, and the law's in its base unit."""
    for one, said in phase.declared.parameters().items():
        numbers = np.ravel(getattr(phase.declared, one.name)).tolist()
        rows: list[tuple[str, Parameter]] = [(said.description, said)]  # type: ignore[list-item]
        if isinstance(said, TableParameter):
            places = product(range(1, len(numbers) // 2 + 1), said.columns)
            rows = [
                (f"{one.name}, row {row}: {column.description}", column) for row, column in places
            ]
        for (description, known), number in zip(rows, numbers, strict=True):
            stress = known.unit == "GPa"
            factor = 1 / UNITS[unit] if stress else 1.0
            yield {
                "phase": phase.name,
                "description": description,
                "unit": unit if stress else known.unit,
                "value": float(f"{number / factor:.12g}"),
                "factor": factor,
                "base_unit": known.unit,
                "number": float(number),
                "range": _range(known),
            }


def _rows(matrix: Iterable[Iterable[float]]) -> str:
    """The initialisers of a matrix in C, a line each."""
    infinite = {np.inf: "HUGE_VAL", -np.inf: "-HUGE_VAL"}
    rows = (", ".join(infinite.get(number, str(number)) for number in row) for row in matrix)
    return "\n".join(f"    {{ {row} }}," for row in rows)


def _range(said: Parameter) -> tuple[float, float]:
    """The least and the greatest number that a parameter may have."""
    above = None if said.above is None else np.nextafter(said.above, np.inf)
    below = None if said.below is None else np.nextafter(said.below, -np.inf)
    least = [bound for bound in (said.at_least, above) if bound is not None]
    greatest = [bound for bound in (said.at_most, said.most, below) if bound is not None]
    return float(max(least, default=-np.inf)), float(min(greatest, default=np.inf))


def _shown(laws: Sequence[Phase]) -> Iterator[tuple[int, int]]:
    """Phases whose laws have a variable to be plotted, and where it stands in their state."""
    for phase in laws:
        if _SHOWN in (names := list(phase.law.state)):
            yield phase.number, sum(phase.law.state[n] for n in names[: names.index(_SHOWN)])


def _network(number: int, tree: Tree, laws: Sequence[Phase]) -> dict[str, Any]:
    """A network as lists of numbers, and what its state holds: sizes and texts."""
    flat = flat_network(tree, [phase.law for phase in laws], dense=False)
    numbers = {phase.name: phase.number for phase in laws}
    phases = [numbers.get(tree.names[phase], len(laws)) for phase in tree.phases]
    which = f"network {number + 1}: "
    state = [(6, which + "strain, Mandel, in the axes of the cell")]
    if len(phases) > 1:
        state.append((3 * (len(phases) - 1), which + f"jumps of the {len(phases) - 1} blocks"))
    for node, phase in enumerate(phases):
        if phase < len(laws) and (variables := laws[phase].law.state):
            held = ", ".join(f"{key} {size}" for key, size in variables.items())
            place = f"node {node + 1}, {laws[phase].name}, weight {flat.weights[node]:.4f}"
            state.append((sum(variables.values()), f"{which}{place}: {held}"))
    rotations = None
    if any(phase.turned for phase in laws) and tree.rotations is not None:
        rotations = tree.rotations.reshape(-1, 36).tolist()
    return {
        "weights": flat.weights.tolist(),
        "phases": phases,
        "children": flat.children.tolist(),
        "blocks": flat.blocks.tolist(),
        "rotations": rotations,
        "state": state,
    }
