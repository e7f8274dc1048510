"""One C file from networks and two laws: a material law for finite-element codes.

The tree of each network stands in the file as constants. The laws and the blocks are written from
the formulas that Python computes with; what an iteration does is as in `evaluation.online`
for one point under strain control.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from evaluation.export import functions
from evaluation.online import limits
from evaluation.online.flat_network import flat_network
from rve.errors import InputError
from rve.kernels.c_source import helpers
from rve.kernels.tile import ENTRIES, UPPER
from rve.materials import layout
from rve.materials.composite import laws_of
from rve.materials.declaration import Parameter, TableParameter
from rve.materials.elastic import Elastic
from rve.materials.equations import Declared, Equations
from rve.materials.law import Law
from rve.materials.recorded import Recorded
from training.tree import Tree

Array = NDArray[np.float64]

PHASES = "matrix", "fibre"
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
class Property:
    """A number that the caller may pass.

    Attributes:
        phase: `matrix` or `fibre`.
        description: what it is.
        unit: the caller's.
        base_unit: that of the configuration.
        number: its value there.
        factor: from the caller's unit to that one.
        range: the least and the greatest value that are admissible, in the base unit.
    """

    phase: str
    description: str
    unit: str
    base_unit: str
    number: float
    factor: float
    range: tuple[float, float]

    @property
    def value(self) -> float:
        """Its value in the caller's unit."""
        return float(f"{self.number / self.factor:.12g}")


@dataclass(frozen=True)
class Phase:
    """A law of the export.

    Attributes:
        number: 0 for p1, 1 for p2.
        name: with which its functions begin.
        declared: the law, or the constants that declare one.
        turned: whether the networks rotate it.
        first: number of its first parameter among those of both laws.
        recorded: the law as kernels.
        text: its functions in C.
    """

    number: int
    name: str
    declared: Declared
    turned: bool
    first: int
    recorded: Recorded
    text: str

    @property
    def state_size(self) -> int:
        """Number of internal variables of a base node."""
        return self.declared.law().state_size


def write(
    name: str,
    trees: Sequence[Tree],
    phases: Sequence[Declared],
    *,
    interface: str,
    unit: str,
    fibres_along: int,
    steps: Array,
    facts: Sequence[str],
) -> dict[str, str]:
    """Texts of the exported files, by their names.

    Args:
        name: of the law, a word in C.
        trees: the active parts of the networks, whose answers are averaged.
        phases: what declares the laws of p1 and p2.
        interface: one of INTERFACES.
        unit: of the caller's stresses, one of UNITS.
        fibres_along: axis of the caller, 1, 2 or 3, along which the fibres run.
        steps: test vector: duration, strain and stress (n, 13), see `evaluation.export.vector`.
        facts: lines for the head of the file: where it comes from.

    Raises:
        InputError: a law has no formula that could be written in C, or the interface does not
            take a state of this size.
    """
    laws = _phases(trees, phases)
    symmetric = all(phase.declared.law().symmetric for phase in laws)
    properties = [one for phase in laws for one in _properties(phase, UNITS[unit], unit)]
    networks = [_network(number, tree, laws) for number, tree in enumerate(trees)]
    shown = list(_shown(laws))
    state = [(1, f"mean {_SHOWN} of the {laws[phase].name}, to be plotted") for phase, _ in shown]
    state.append((1, "steps in which the last increment was made, more than one if it was halved"))
    state += [row for network in networks for row in network["state"]]
    first, rows = 0, []
    for size, text in state:
        rows.append((first, size, text))
        first += size
    if interface == "mfront" and first > _MOST_VARIABLES:
        raise InputError(
            f"a state of {first} numbers; MFront's interface takes {_MOST_VARIABLES}: "
            "export fewer or smaller networks"
        )
    values: dict[str, Any] = {
        "name": name,
        "facts": facts,
        "interface": interface,
        "fibres_along": fibres_along,
        "unit": unit,
        "stress_factor": UNITS[unit],
        "phases": laws,
        "properties": properties,
        "networks": networks,
        "state": rows,
        "state_size": first,
        "shown": shown,
        "calculix": name.replace("_", "").upper(),
        "turned": any(phase.turned for phase in laws),
        "most_nodes": max(len(tree.weights) for tree in trees),
        "most_constants": max(len(phase.recorded.constants) for phase in laws),
        "most_turned": max(len(one.recorded.constants) if one.turned else 0 for one in laws),
        "answer": ENTRIES + 6,
        "width": max(phase.recorded.width for phase in laws),
        "place": [[UPPER.index((min(i, j), max(i, j))) for j in range(6)] for i in range(6)],
        "degree": repr(np.pi / 180),
        "steps": steps.tolist(),
        "helpers": helpers(phase.text for phase in laws),
        "symmetric": symmetric,
        "skew": layout.SKEW,
        "tree_functions": list(functions.of_the_tree(symmetric)),
        "axes": functions.of_the_axes(fibres_along),
        "limits": limits,
        "tolerance": TOLERANCE,
        "max_iterations": MAX_ITERATIONS,
    } | {entry: getattr(layout, entry) for entry in ("STRESS", "STRAIN", "DURATION", "STATE")}
    files = {
        "law.c": f"{name}.c",
        "law.h": f"{name}.h",
        "check.c": "check.c",
        "build.sh": "build.sh",
    }
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["in_c"] = _in_c
    return {
        file: environment.get_template(template).render(values) for template, file in files.items()
    }


def check_phases(phases: Sequence[object]) -> None:
    """Raise an InputError unless these are two laws with constants, or what declares them."""
    if len(phases) != len(PHASES):
        raise InputError(f"phases: expected two laws, of matrix and fibre, got {len(phases)}")
    for name, declared in zip(PHASES, phases, strict=True):
        if not isinstance(declared, Declared) or isinstance(declared, Elastic):
            raise InputError(
                f"{name}: {type(declared).__name__} has no constants that could be exported; "
                "give what declares it, as LAWS['isotropic'](72, 0.22) with LAWS of "
                "rve.materials, or a law derived from Law"
            )


def _phases(trees: Sequence[Tree], phases: Sequence[Declared]) -> list[Phase]:
    laws: list[Phase] = []
    for number, (name, declared) in enumerate(zip(PHASES, phases, strict=True)):
        turned = any(tree.rotations is not None for tree in trees) and _turns(declared.law())
        recorded, text = functions.of_a_law(name, declared, turned)
        first = len(laws[0].recorded.parameters) if laws else 0
        laws.append(Phase(number, name, declared, turned, first, recorded, text))
    return laws


def _turns(law: Equations) -> bool:
    """Whether the law depends on its axes."""
    return law.turned(np.eye(6)) is not law


def _properties(phase: Phase, per_gigapascal: float, unit: str) -> Iterator[Property]:
    declared = phase.declared.parameters()
    for one in fields(phase.declared):
        parameter = declared[one]
        numbers = np.ravel(getattr(phase.declared, one.name))
        described: list[tuple[str, Parameter]]
        if isinstance(parameter, TableParameter):
            described = [
                (f"{one.name}, row {row + 1}: {column.name}", column)
                for row in range(len(numbers) // 2)
                for column in parameter.columns
            ]
        else:
            described = [(parameter.description, parameter)]
        for (description, said), number in zip(described, numbers, strict=True):
            stress = said.unit == "GPa"
            yield Property(
                phase.name,
                description,
                unit if stress else said.unit,
                said.unit,
                float(number),
                1 / per_gigapascal if stress else 1.0,
                _range(said),
            )


def _in_c(number: float) -> str:
    return repr(number) if np.isfinite(number) else "-HUGE_VAL" if number < 0 else "HUGE_VAL"


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
        names = list(phase.declared.law().state)
        if _SHOWN in names:
            sizes = phase.declared.law().state
            yield phase.number, sum(sizes[name] for name in names[: names.index(_SHOWN)])


def _network(number: int, tree: Tree, laws: Sequence[Phase]) -> dict[str, Any]:
    """A network as lists of numbers, and what its state holds: sizes and texts."""
    flat = flat_network(tree, laws_of([phase.declared for phase in laws], Law), dense=False)
    phases = [int(phase) for phase in tree.phases]
    which = f"network {number + 1}: "
    state = [(6, which + "strain, Mandel, in the axes of the cell")]
    if len(phases) > 1:
        state.append((3 * (len(phases) - 1), which + f"jumps of the {len(phases) - 1} blocks"))
    for node, phase in enumerate(phases):
        if law := laws[phase].declared.law().state:
            held = ", ".join(f"{key} {size}" for key, size in law.items())
            place = f"node {node + 1}, {laws[phase].name}, weight {flat.weights[node]:.4f}"
            state.append((laws[phase].state_size, f"{which}{place}: {held}"))
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
