"""Numba source of a kernel, written from recorded formulas.

A kernel works on some tiles of points, laid out as in `rve.kernels.tile`. A tile has as many points
as a tuple among its arguments is long. Its body is one loop of this constant length without
branches, which the compiler turns into full-width vector instructions. To look a table up takes
branches, so that is done in loops of its own, see `looked_up`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any

from rve.kernels.formula import Place, Recording, Write, look_up
from rve.kernels.graph import Expression, ordered
from rve.kernels.operations import FORMS

BORROWING: Mapping[str, Any] = {"_nrt": False}
"""Options of numba for functions that make no arrays. Others count the references to their arrays,
and wait for the memory each time: a tenth of the time of a training, more of a prediction's."""

HEADER = '''"""Written by rve.kernels.numba_source; not to be edited."""

from math import cos, sin, sqrt

from numba import njit

from rve.kernels.functions import constant, exponential, logarithm, power, table_row
from rve.kernels.numba_source import BORROWING
from rve.kernels.stack import align_stack
'''


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
    names: dict[Expression, str] | None = None,
) -> Iterator[str]:
    """Python statements that compute what is to be written.

    A number is read where it is first needed, and a result is written as soon as it is known, so
    that few values wait at a time.

    Args:
        writes: in this order.
        reads: where expressions stand; inputs that do not stand here are variables of their names.
        done: expressions that are variables already.
        names: of the variables that there are; new ones are added.
    """
    places, known = reads or {}, set(done)
    names = {} if names is None else names
    for place, value, added in writes:
        for node in ordered([value], known, ends=places):
            known.add(node)
            if node in places:
                yield f"{_operand(node, names)} = {_element(places[node])}"
            elif not node.is_leaf:
                operands = (_operand(argument, names) for argument in node.arguments)
                text = FORMS[node.operation].numba.format(*operands, **look_up(node, places))
                yield f"{_operand(node, names)} = {text}"
        yield f"{_element(place)} {'+=' if added else '='} {_operand(value, names)}"


def _operand(node: Expression, names: dict[Expression, str]) -> str:
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
    return names.setdefault(node, f"t{len(names)}")


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
    needed = set(ordered((write.value for write in writes), ends=reads))
    shared = {node: at for node, at in reads.items() if node in needed and at.of == "row"}
    names: dict[Expression, str] = {}
    lines = ["align_stack()", "lanes, count, one = points", "L = len(lanes)"] if tiled else []
    lines += [f"{array}, {array}_row = {array}_at" for array in arrays]
    lines += [f"{_operand(node, names)} = {_element(place)}" for node, place in shared.items()]
    for loop in loops:
        body = "\n".join(statements(loop, reads, done=shared, names=names))
        if tiled:
            lines += ["for t in range(count):", "    for s in range(L):"]
            body = indent(body, 8 * " ")
        lines.append(body)
        reads = {**reads, **{write.value: write.place for write in loop}}
    arguments = ", ".join(["points" if tiled else "one", *(f"{array}_at" for array in arrays)])
    options = 'fastmath={"contract"}, error_model="numpy", **BORROWING'
    body = indent("\n".join(lines), 4 * " ")
    return f"@njit({options})\ndef {name}({arguments}):\n{body}\n"


def looked_up(
    writes: Iterable[Write], reads: Iterable[Expression], first: int
) -> list[list[Write]]:
    """The loops of a kernel that come before its own: they look tables up.

    Args:
        writes: of the kernel.
        reads: its inputs.
        first: entry of the array `tile` from which on they leave what they have found.
    """
    known = set(reads)
    nodes = ordered((write.value for write in writes), ends=known)
    found = [node for node in nodes if node.operation == "entry" and node not in known]
    loops: dict[Expression, list[Write]] = {}
    for i, node in enumerate(found):
        loops.setdefault(node.arguments[0], []).append(Write(Place("tile", first + i), node))
    return list(loops.values())
