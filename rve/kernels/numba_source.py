"""Numba source of a kernel, written from recorded formulas.

A kernel works on some tiles of points, laid out as in `rve.kernels.tile`. Its first argument is a
tuple as long as a tile has points. Its body is one loop of this constant length without branches,
which the compiler turns into full-width vector instructions. To look a table up takes branches, so
that is done in loops of its own, see `looked_up`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from rve.kernels.graph import Expression, ordered
from rve.kernels.tile import ENTRIES, UPPER

HEADER = '''"""Written by rve.kernels.numba_source; not to be edited."""

from math import cos, sin, sqrt

from numba import njit

from rve.kernels.functions import constant, exponential, logarithm, power, table_row
from rve.kernels.stack import align_stack
'''

_BY_COLUMNS = sorted(range(ENTRIES), key=lambda q: UPPER[q][::-1])
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


class Place(NamedTuple):
    """Where a number stands: an entry of a row of an array.

    Attributes:
        array: its name.
        entry: number of the entry.
        of: "tile" where each point of each tile has its own; "lane" where the tiles of a group
            share it, each lane its own; "row" where all points do.
    """

    array: str
    entry: int
    of: str = "tile"

    def __str__(self) -> str:
        """Text of the element, within the loops."""
        row = f"{self.array}[{self.array}_row"
        match self.of:
            case "tile":
                return f"{row}, t, {self.entry} * L + s]"
            case "lane":
                return f"{row}, {self.entry} * L + s]"
        return f"{row}, {self.entry}]"


class Write(NamedTuple):
    """An expression to be written to a place, or added to what is there."""

    place: Place
    value: Expression
    added: bool = False


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
                yield f"{_operand(node, names)} = {places[node.number]}"
            elif not node.is_leaf:
                text = _expression(node, names, places)
                yield f"{_operand(node, names)} = {text}"
        yield f"{place} {'+=' if added else '='} {_operand(value, names)}"


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


def kernel(
    name: str,
    arrays: Sequence[str],
    reads: Mapping[Expression, Place],
    *loops: Sequence[Write],
) -> str:
    """Source of one kernel.

    Its arguments are the tuple `lanes` and the number `count` of tiles, if it works on tiles; the
    number `one` in the precision to work in; then each array and the number of the row to work on.
    (To cut out the row before the call would cost half as much as the work on a tile.)

    Args:
        name: of the kernel.
        arrays: names of its arrays, in the order of its arguments.
        reads: where its inputs stand.
        loops: what it computes, in the order in which it is to be written: one loop after the
            other. A loop reads what those before it have written.

    Example:
        >>> from rve.kernels import HEADER, Graph, entries, kernel, results
        >>> x = Graph().inputs("x", 2)
        >>> source = kernel("square", ["x", "y"], entries("x", x), results(y=[x @ x]))
        >>> names = {}
        >>> exec(HEADER + source, names)  # numba compiles it when it is called
        >>> [line.strip() for line in source.splitlines() if line.strip().startswith("t")]
        ['t0 = x0 * x0', 't1 = x1 * x1', 't2 = t0 + t1']
    """
    writes = [write for loop in loops for write in loop]
    places = [*reads.values(), *(write.place for write in writes)]
    tiled = any(place.of != "row" for place in places)
    pairs = ", ".join(f"{array}, {array}_row" for array in arrays)
    arguments = f"lanes, count, one, {pairs}" if tiled else f"one, {pairs}"
    lines = ['@njit(fastmath={"contract"}, error_model="numpy")', f"def {name}({arguments}):"]
    ends = {node.number for node in reads}
    needed = {node.number for node in ordered((write.value for write in writes), ends=ends)}
    shared = {n: place for n, place in reads.items() if n.number in needed and place.of == "row"}
    indent = "    "
    names: dict[int, str] = {}
    if tiled:
        lines += [f"{indent}align_stack()", f"{indent}L = len(lanes)"]
    lines += [f"{indent}{_operand(node, names)} = {place}" for node, place in shared.items()]
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


def entries(array: str, nodes: Iterable[Expression], of: str = "tile") -> dict[Expression, Place]:
    """Inputs (n,) that are the entries of an array's rows.

    Example:
        >>> from rve.kernels import Graph, entries
        >>> x = Graph().inputs("strain", 2)
        >>> [(place.array, place.entry) for place in entries("tile", x).values()]
        [('tile', 0), ('tile', 1)]
    """
    return {node: Place(array, i, of) for i, node in enumerate(nodes)}


def results(**values: Sequence[Expression]) -> list[Write]:
    """Expressions (n,) as the entries of an array's tiles, by the names of the arrays.

    Results of one size are written in turn, matrices by columns, so that what follows from the same
    values stands together.

    Example:
        >>> from rve.kernels import Graph, results
        >>> x, y = Graph().inputs("x", 2)
        >>> [write.place.array for write in results(sum=[x + y], product=[x * y])]
        ['sum', 'product']
    """
    writes = []
    for size, group in groupby(values.items(), key=lambda result: len(result[1])):
        alike, order = list(group), _BY_COLUMNS if size == ENTRIES else range(size)
        writes += [Write(Place(array, i), nodes[i]) for i in order for array, nodes in alike]
    return writes


def sums(**values: Sequence[Expression]) -> list[Write]:
    """Expressions (n,) to be added up over the tiles of a group, lane by lane."""
    return [
        Write(Place(array, i, "lane"), node, added=True)
        for array, nodes in values.items()
        for i, node in enumerate(nodes)
    ]
