"""The formulas of a law for one point, recorded as the kernels that compute them.

What depends on the law's parameters alone is computed once: the constants of its kernels. The
unknown of an implicit law is found by Newton's method within a bracket; the derivatives by the
strain then follow from the theorem of implicit functions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from traceback import extract_tb
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from rve.errors import InputError
from rve.kernels.derivatives import adjoint, implicit_jacobian, jacobian
from rve.kernels.formula import Place, Recording, Write
from rve.kernels.graph import COLUMNS, Expression, Graph, known_before, ordered
from rve.kernels.tile import UPPER
from rve.materials.equations import Declared, Equations
from rve.materials.layout import DURATION, SKEW, STATE, STRAIN, STRESS, TANGENT
from rve.materials.material import Step

MAX_ITERATIONS = 100
FOUND, SEARCHING, RISING = range(3)
"""How the search for the unknown stands. RISING: drive less resistance does not fall."""
_SETTLED, _ROUNDING = 1e-13, 1e-12
_NEVER = 1e300


@dataclass(frozen=True)
class Recorded:
    """A law as kernels.

    Attributes:
        kernels: by name, of the arrays `constants` and `tile`; `finish` alone, or `start` and
            `iterate` before it, until nothing is left to iterate.
        constants: expressions, by parameters and rotation, of what the kernels get as constants.
        parameters: inputs that stand for the law's parameters, number by number.
        rotation: inputs (36) that stand for the rotation of its axes; empty if nothing turns it.
        width: number of entries of a tile.
        skew: entry where the skew part of the tangent begins; -1 for a symmetric one.
        unknown: entry of the unknown of an implicit law.
        going: entry that tells how the search for it stands: FOUND, SEARCHING or RISING; -1 for an
            explicit law.
        timed: whether the duration of a step enters the formulas.
    """

    kernels: Mapping[str, Recording]
    constants: Sequence[Expression]
    parameters: Sequence[Expression]
    rotation: Sequence[Expression]
    width: int
    skew: int
    unknown: int
    going: int
    timed: bool


def record(declared: Declared, turned: bool = False) -> Recorded:
    """Record a law, of whose parameters the shapes count, and whether a rotation turns it.

    Raises:
        InputError: a formula uses what cannot be recorded, or its results have the wrong sizes.
    """
    try:
        return _recorded(declared, turned)
    except TypeError as error:
        raise InputError(
            f"{type(declared).__name__}{_line_of(error)}: {error}; docs/kernels.md lists what a "
            "formula may use"
        ) from error


def _line_of(error: TypeError) -> str:
    """The last line of a formula in the error's traceback."""
    others = __file__, str(Path(__file__).parents[1] / "kernels"), str(Path(np.__file__).parent)
    lines = [one for one in extract_tb(error.__traceback__) if not one.filename.startswith(others)]
    return f" ({lines[-1].filename}, line {lines[-1].lineno}: {lines[-1].line})" if lines else ""


def _recorded(declared: Declared, turned: bool) -> Recorded:
    graph, law = Graph(), declared.law()
    twin = _symbolic(declared, graph)
    rotation = graph.inputs("rotation_", *(6, 6) if turned else (0,))
    symbolic = twin.law().turned(rotation) if turned else twin.law()
    old = {name: graph.inputs(f"old_{name}_", size) for name, size in law.state.items()}
    strain, duration = graph.inputs("strain_", 6), graph.inputs("duration_", 1)
    scalars = {name: nodes if len(nodes) > 1 else nodes[0] for name, nodes in old.items()}
    step = Step(strain, duration[0], SimpleNamespace(**scalars))

    skew = STATE + 2 * law.state_size
    end = skew if law.symmetric else skew + len(SKEW)
    given = _at(STRAIN, strain) | _at(DURATION, duration) | _at(STATE, _flat(old.values()))
    iteration = _iteration(symbolic, step, end, given)
    stress, new = symbolic.update(step, iteration.x if iteration else None)
    found = {
        name: np.array(value, dtype=object).size
        for name, value in {"stress": stress, **new}.items()
    }
    if found != (sizes := {"stress": 6, **law.state}):
        raise InputError(f"{type(law).__name__}.update: expected the sizes {sizes}, got {found}")
    if iteration:
        tangent = implicit_jacobian(stress, strain, iteration.x, iteration.residual)
    else:
        tangent = jacobian(stress, strain)
    results = {
        TANGENT: [0.5 * (tangent[i, j] + tangent[j, i]) for i, j in UPPER],
        STRESS: stress,
        STATE + law.state_size: _flat(new[name] for name in law.state),
        skew: [0.5 * (tangent[i, j] - tangent[j, i]) for i, j in SKEW],
    }
    if law.symmetric:
        results |= {TANGENT: [tangent[i, j] for i, j in UPPER], skew: []}
    writes = iteration.writes if iteration else {}
    writes["finish"] = [write for first, nodes in results.items() for write in _to(first, nodes)]
    memory = iteration.memory if iteration else {}
    places = given | memory

    values = [write.value for own in writes.values() for write in own]
    lookups = [node for node in ordered(values) if node.operation == "row"]
    # A table is a constant, but what is looked up is looked up in the step.
    constants = known_before(values, [*places, *lookups])
    if {node.arguments[1] for node in lookups} - set(constants):
        raise TypeError("the table of an np.interp depends on the step; expected constants")
    reads = {node: Place("constants", i, "row") for i, node in enumerate(constants)} | places
    starting = {node: place for node, place in reads.items() if node not in memory}
    width = end + max((place.entry + 1 - end for place in memory.values()), default=0)
    arrays = ["constants", "tile"]
    return Recorded(
        {
            name: Recording(arrays, starting if name == "start" else reads, its)
            for name, its in writes.items()
        },
        list(_appended_tables(constants)),
        _flat(getattr(twin, one.name) for one in fields(twin)),
        _flat([rotation]),
        width,
        -1 if law.symmetric else skew,
        end + _X,
        end + _GOING if iteration else -1,
        duration[0].number in {node.number for node in ordered(values)},
    )


def _appended_tables(constants: Sequence[Expression]) -> Iterator[Expression]:
    """Constants, of each table its place; then the tables: their numbers of rows, and the rows."""
    place, tables = len(constants), [node for node in constants if node.operation == "table"]
    for node in constants:
        yield node.graph.constant(place) if node.operation == "table" else node
        place += 1 + len(node.arguments) if node.operation == "table" else 0
    for node in tables:
        yield node.graph.constant(len(node.arguments) // COLUMNS)
        yield from node.arguments


def _symbolic(declared: Declared, graph: Graph) -> Declared:
    """The same with inputs of the graph as its parameters."""
    twin = object.__new__(type(declared))
    for one in fields(declared):
        shape = np.shape(getattr(declared, one.name))
        object.__setattr__(twin, one.name, graph.inputs(one.name, *shape)[()])
    return twin


def _flat(values: Iterable[Any]) -> list[Expression]:
    """Expressions and arrays of them, one after the other."""
    return [node for value in values for node in np.ravel(np.array(value, dtype=object))]


def _at(first: int, nodes: Iterable[Expression]) -> dict[Expression, Place]:
    """Inputs that stand in a tile, from this entry on."""
    return {node: Place("tile", first + i) for i, node in enumerate(nodes)}


def _to(first: int, nodes: Iterable[Any]) -> list[Write]:
    """Expressions to be written into a tile, from this entry on."""
    return [Write(Place("tile", first + i), node) for i, node in enumerate(nodes)]


_X, _LOW, _HIGH, _CHANGE, _TOLERANCE, _GOING = range(6)


class _Iteration(NamedTuple):
    """The search for the unknown x of an implicit law, which keeps the residual at zero.

    A tile keeps in `memory` what the search goes on with; the kernels are `start` and `iterate`.
    """

    x: Expression
    residual: Expression
    memory: dict[Expression, Place]
    writes: dict[str, list[Write]]


def _iteration(
    law: Equations, step: Step, first: int, given: Iterable[Expression]
) -> _Iteration | None:
    """Newton's method within a bracket, for a law with a balance.

    The bracket is halved instead where Newton's step would leave it, or is more than half as long
    as the last one (Press et al., Numerical Recipes, Section 9.4). Points that are settled do not
    change while others of the tile go on. Where drive less resistance is found to rise, the balance
    may have several answers, and the search is given up. It keeps its numbers in a tile from the
    entry `first` on; those that are given stand there already.
    """
    graph = step.strain[0].graph
    search = graph.inputs("search_", 6)
    x, low, high, change, tolerance, going = search
    balance = law.balance(step, x)
    if balance is None:
        return None
    one, zero = graph.constant(1), graph.constant(0)
    residual = balance[0] - balance[1]
    (slope,) = adjoint([residual], [one], [x])

    # A step that starts on the yield surface is elastic, however its stress was rounded.
    drive, resistance = law.balance(step, zero) or balance
    flows = drive > resistance * (1 + _ROUNDING)
    settled = np.where(flows, _SETTLED * (abs(drive) + abs(resistance)), _NEVER)
    bound = law.bound(step)
    parameters = {node.number for node in known_before([residual, slope], [*given, *search])}
    known = [
        node
        for node in known_before([residual, slope], search)
        if not node.is_leaf and node.number not in parameters
    ]
    start = _to(first, [zero, zero, bound, bound, settled, graph.constant(SEARCHING)])
    start += _to(first + len(search), known)

    # A slope that depends on constants alone is known before, where no truth is kept.
    rising = (going > SEARCHING) | (np.where(slope > 0, tolerance, _NEVER) < _NEVER)
    searching = ~(abs(residual) <= tolerance)
    more = residual > 0
    new_low, new_high = np.where(more, x, low), np.where(more, high, x)
    newton = -(residual / slope)
    there = x + newton
    inside = (there > new_low) & (there < new_high) & (2 * abs(newton) <= abs(change))
    there = np.where(inside, there, 0.5 * (new_low + new_high))
    iterate = [
        *_to(first + _X, [np.where(searching, there, x)]),
        *_to(first + _LOW, [np.where(searching, new_low, low)]),
        *_to(first + _HIGH, [np.where(searching, new_high, high)]),
        *_to(first + _CHANGE, [np.where(searching, there - x, change)]),
        *_to(first + _GOING, [np.where(rising, RISING, np.where(searching, SEARCHING, FOUND))]),
    ]
    return _Iteration(
        x=x,
        residual=np.where(tolerance < _NEVER, residual, x),
        memory=_at(first, search) | _at(first + len(search), known),
        writes={"start": start, "iterate": iterate},
    )
