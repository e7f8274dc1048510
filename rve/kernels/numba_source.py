"""Numba source of a kernel, written from recorded formulas.

A kernel works on some tiles of points, laid out as in `rve.kernels.tile`. A tile has as many points
as a tuple among its arguments is long. Its body is one loop of this constant length without
branches, which the compiler turns into full-width vector instructions. To look a table up takes
branches, so that is done in loops of its own, see `looked_up`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rve.kernels.formula import Place, Recording, Write
from rve.kernels.graph import Expression, ordered

BORROWING: Mapping[str, Any] = {"_nrt": False}
"""Options of numba for functions that make no arrays. Others count the references to their arrays,
and wait for the memory each time: a tenth of the time of a training or a prediction."""

HEADER = '''"""Written by rve.kernels.numba_source; not to be edited."""

from math import cos, sin, sqrt

from numba import njit

from rve.kernels.functions import constant, exponential, logarithm, power, table_row
from rve.kernels.numba_source import BORROWING
from rve.kernels.stack import align_stack
'''

_FORMS = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "pow": "power({}, {})",
    "lt": "{} < {}",
    "le": "{} <= {}",
    "gt": "{} > {}",
    "ge": "{} >= {}",
    "and": "{} & {}",
    "or": "{} | {}",
    "not": "not {}",
    "minimum": "{0} if {0} <= {1} else {1}",
    "maximum": "{0} if {0} >= {1} else {1}",
    "abs": "abs({})",
    "sqrt": "sqrt({})",
    "sin": "sin({})",
    "cos": "cos({})",
    "exp": "exponential({})",
    "log": "logarithm({})",
    "where": "{1} if {0} else {2}",
}


def _element(place: Place) -> str:
    """Text of a number in an array, within the loops."""
    row = f"{place.array}[{place.array}_row"
    match place.of:
        case "tile":
            return f"{row}, t, {place.entry} * L + s]"
        case "lane":
            return f"{row}, {place.entry} * L + s]"
    return f"{row}, {place.entry}]"


def statements(
    writes: Iterable[Write],
    reads: Mapping[Expression, Place] | None = None,
    done: Iterable[Expression] = (),
    names: dict[int, str] | None = None,
) -> Iterator[str]:
    """Python statements that compute what is to be written.

    A number is read where it is first needed, and a result is written as soon as it is known, so
    that few values wait at a time.

    Args:
        writes: in this order.
        reads: where expressions stand; inputs that do not stand here are variables of their names.
        done: expressions that are variables already.
        names: of the variables that there are, by the numbers of their nodes; new ones are added.
    """
    places = {node.number: place for node, place in (reads or {}).items()}
    names = {} if names is None else names
    known = {node.number for node in done}
    for place, value, added in writes:
        for node in ordered([value], known, ends=places):
            known.add(node.number)
            if node.number in places:
                yield f"{_operand(node, names)} = {_element(places[node.number])}"
            elif not node.is_leaf:
                text = _expression(node, names, places)
                yield f"{_operand(node, names)} = {text}"
        yield f"{_element(place)} {'+=' if added else '='} {_operand(value, names)}"


def _expression(node: Expression, names: dict[int, str], places: Mapping[int, Place]) -> str:
    if node.operation in ("row", "entry"):
        array = places[node.arguments[1].number].array
    match node.operation, *node.arguments:
        case "row", x, table:
            first = _operand(table, names)
            return f"table_row({array}, {array}_row, {first}, {_operand(x, names)})"
        case "entry", row, _, column:
            place = f"{_operand(row, names)} + {column.arguments[0]:.0f}"
            return f"{array}[{array}_row, {place}]"
    return _FORMS[node.operation].format(*(_operand(a, names) for a in node.arguments))


def _operand(node: Expression, names: dict[int, str]) -> str:
    """A variable, which is named when it is first met, or a constant.

    The names do not tell how many nodes the graph has that are not used here: a longer table leaves
    the source as it is.
    """
    match node.operation:
        case "input":
            return node.arguments[0]
        case "constant":
            value = node.arguments[0]
            return "one" if value == 1 else f"constant(one, {value!r})"
    return names.setdefault(node.number, f"t{len(names)}")


def kernel(name: str, recording: Recording, *before: Sequence[Write]) -> str:
    """Source of one kernel.

    Its first argument is, if it works on tiles, the tuple of these: `lanes`, as long as a tile has
    points, the number of tiles, and the number one in the precision to work in; else the last
    alone. Then comes each array with the number of the row to work on, a pair. (To cut out the row
    before the call would cost half as much as the work on a tile.)

    Args:
        name: of the kernel.
        recording: what it computes.
        before: what it computes in loops of their own first, one loop after the other. A loop
            reads what those before it have written.

    Example:
        >>> from rve.kernels import HEADER, kernel
        >>> from rve.kernels.formula import formula
        >>> @formula(reads={"x": 2}, results={"y": ()})
        ... def square(x):
        ...     return x @ x
        >>> source = kernel("square", square.record())
        >>> names = {}
        >>> exec(HEADER + source, names)  # numba compiles it when it is called
        >>> [line.strip() for line in source.splitlines() if line.strip().startswith("t")]
        ['t0 = x_0 * x_0', 't1 = x_1 * x_1', 't2 = t0 + t1']
    """
    arrays, reads, loops = recording.arrays, recording.reads, [*before, recording.writes]
    writes = [write for loop in loops for write in loop]
    places = [*reads.values(), *(write.place for write in writes)]
    tiled = any(place.of != "row" for place in places)
    arguments = ", ".join(["points" if tiled else "one", *(f"{array}_at" for array in arrays)])
    options = 'fastmath={"contract"}, error_model="numpy", **BORROWING'
    lines = [f"@njit({options})", f"def {name}({arguments}):"]
    ends = {node.number for node in reads}
    needed = {node.number for node in ordered((write.value for write in writes), ends=ends)}
    shared = {n: place for n, place in reads.items() if n.number in needed and place.of == "row"}
    indent = "    "
    names: dict[int, str] = {}
    if tiled:
        lines += [
            f"{indent}align_stack()",
            f"{indent}lanes, count, one = points",
            f"{indent}L = len(lanes)",
        ]
    lines += [f"{indent}{array}, {array}_row = {array}_at" for array in arrays]
    lines += [
        f"{indent}{_operand(node, names)} = {_element(place)}" for node, place in shared.items()
    ]
    for loop in loops:
        if tiled:
            lines += [f"{indent}for t in range(count):", f"{2 * indent}for s in range(L):"]
        body = statements(loop, reads, done=shared, names=names)
        lines += [(3 if tiled else 1) * indent + line for line in body]
        reads = {**reads, **{write.value: write.place for write in loop}}
    return "\n".join(lines) + "\n"


def looked_up(
    writes: Iterable[Write], reads: Iterable[Expression], first: int
) -> list[list[Write]]:
    """The loops of a kernel that come before its own: they look tables up.

    Args:
        writes: of the kernel.
        reads: its inputs.
        first: entry of the array `tile` from which on they leave what they have found.
    """
    ends = {node.number for node in reads}
    nodes = ordered((write.value for write in writes), ends=ends)
    found = [node for node in nodes if node.operation == "entry" and node.number not in ends]
    loops: dict[int, list[Write]] = {}
    for i, node in enumerate(found):
        write = Write(Place("tile", first + i), node)
        loops.setdefault(node.arguments[0].number, []).append(write)
    return list(loops.values())
