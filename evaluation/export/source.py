"""One C file from networks and two laws: a material law for finite-element codes.

The tree of each network stands in the file as constants. The laws and the blocks are written from
the formulas that Python computes with; what an iteration does is as in `evaluation.online`
for one point under strain control.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
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
from rve.materials.equations import Declared
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
class Phase:
    """A law of the export."""

    number: int  # 0 for p1, 1 for p2
    name: str  # with which its functions begin
    declared: Declared
    state: Mapping[str, int]
    turned: bool  # by the networks
    first: int  # of its parameters among those of both laws
    recorded: Recorded
    text: str  # its functions in C


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
    """Texts of the exported files, by their names; the other arguments are those of `export`.

    Args:
        name: of the law, a word in C.
        steps: test vector: duration, strain and stress (n, 13), see `evaluation.export.vector`.

    Raises:
        InputError: a law has no formula that could be written in C, or the interface does not
            take a state of this size.
    """
    laws = _phases(trees, phases)
    symmetric = all(phase.declared.law().symmetric for phase in laws)
    networks = [_network(number, tree, laws) for number, tree in enumerate(trees)]
    shown = list(_shown(laws))
    state = [(1, f"mean {_SHOWN} of the {laws[phase].name}, to be plotted") for phase, _ in shown]
    state.append((1, "steps in which the last increment was made, more than one if it was halved"))
    state += [row for network in networks for row in network["state"]]
    *firsts, state_size = accumulate((size for size, _ in state), initial=0)
    if interface == "mfront" and state_size > _MOST_VARIABLES:
        raise InputError(
            f"a state of {state_size} numbers; MFront's interface takes {_MOST_VARIABLES}: "
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
        "properties": [row for phase in laws for row in _properties(phase, unit)],
        "networks": networks,
        "state": [(first, *row) for first, row in zip(firsts, state, strict=True)],
        "state_size": state_size,
        "shown": shown,
        "calculix": name.replace("_", "").upper(),
        "turned": any(phase.turned for phase in laws),
        "most_nodes": max(len(tree.weights) for tree in trees),
        "most_constants": max(len(phase.recorded.constants) for phase in laws),
        "most_turned": max(len(one.recorded.constants) * one.turned for one in laws),
        "answer": ENTRIES + 6,
        "width": max(phase.recorded.width for phase in laws),
        "place": [[UPPER.index((min(i, j), max(i, j))) for j in range(6)] for i in range(6)],
        "degree": repr(np.pi / 180),
        "steps": steps.tolist(),
        "helpers": helpers(phase.text for phase in laws),
        "symmetric": symmetric,
        "skew": layout.SKEW,
        "tree_functions": list(functions.tree_functions(symmetric)),
        "axes": functions.axes_functions(fibres_along),
        "limits": limits,
        "tolerance": TOLERANCE,
        "max_iterations": MAX_ITERATIONS,
    } | {entry: getattr(layout, entry) for entry in ("STRESS", "STRAIN", "DURATION", "STATE")}
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["in_c"] = _in_c
    return {
        template.replace("law", name): environment.get_template(template).render(values)
        for template in ("law.c", "law.h", "check.c", "build.sh")
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
        law = declared.law()
        depends_on_axes = law.turned(np.eye(6)) is not law
        turned = depends_on_axes and any(tree.rotations is not None for tree in trees)
        recorded, text = functions.law_functions(name, declared, turned)
        first = len(laws[0].recorded.parameters) if laws else 0
        laws.append(Phase(number, name, declared, law.state, turned, first, recorded, text))
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
        if _SHOWN in (names := list(phase.state)):
            yield phase.number, sum(phase.state[name] for name in names[: names.index(_SHOWN)])


def _network(number: int, tree: Tree, laws: Sequence[Phase]) -> dict[str, Any]:
    """A network as lists of numbers, and what its state holds: sizes and texts."""
    flat = flat_network(tree, laws_of([phase.declared for phase in laws], Law), dense=False)
    phases = [int(phase) for phase in tree.phases]
    which = f"network {number + 1}: "
    state = [(6, which + "strain, Mandel, in the axes of the cell")]
    if len(phases) > 1:
        state.append((3 * (len(phases) - 1), which + f"jumps of the {len(phases) - 1} blocks"))
    for node, phase in enumerate(phases):
        if variables := laws[phase].state:
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
