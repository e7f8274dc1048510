"""A formula of one point as an object, which every writer of code takes.

`formula` declares what a function of arrays reads and what it returns. Called with numbers it
computes; `Formula.record` calls it with symbols instead, and says where each number stands in
memory. `rve.kernels.numba_source` and `rve.kernels.c_source` write such a recording.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import WRAPPER_ASSIGNMENTS
from inspect import signature
from itertools import groupby
from math import prod
from typing import Any, Literal, NamedTuple

import numpy as np

from rve.kernels.graph import Expression, Graph
from rve.kernels.tile import ENTRIES, UPPER, symmetric, upper

SYMMETRIC: Literal["symmetric"] = "symmetric"
"""Shape of a symmetric matrix (6, 6), of which the upper triangle is stored."""

Shape = int | tuple[int, ...] | Literal["symmetric"]

_BY_COLUMNS = sorted(range(ENTRIES), key=lambda q: UPPER[q][::-1])


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


class Write(NamedTuple):
    """An expression to be written to a place, or added to what is there."""

    place: Place
    value: Expression
    added: bool = False


def look_up(node: Expression, places: Mapping[Expression, Place]) -> dict[str, Any]:
    """What the form of a look-up names beside its operands: the table's array, and the column."""
    if node.operation not in ("row", "entry"):
        return {}
    _, table, *column = node.arguments
    return {"array": places[table].array, "column": column[0].arguments[0] if column else 0}


class Recording(NamedTuple):
    """A recorded formula.

    Attributes:
        arrays: their names, in the order of the arguments of the function that is written.
        reads: where the inputs stand.
        writes: what is computed, in the order in which it is written.
    """

    arrays: Sequence[str]
    reads: Mapping[Expression, Place]
    writes: Sequence[Write]


@dataclass(frozen=True)
class Formula:
    """A function of arrays for one point, and the arrays that it reads and returns.

    Attributes:
        function: its arguments are named as the arrays that it reads. It returns its results, the
            sums last: one, or a tuple of several.
        reads: shapes of the arrays that each point has its own of, by their names.
        shared: likewise of those that all points share.
        results: likewise of those that are written.
        sums: likewise of those that are added up over the points.
    """

    function: Callable[..., Any]
    reads: Mapping[str, Shape]
    shared: Mapping[str, Shape]
    results: Mapping[str, Shape]
    sums: Mapping[str, Shape]

    def __call__(self, *arguments: Any) -> Any:
        """The function itself, of numbers or of expressions."""
        return self.function(*arguments)

    def record(self) -> Recording:
        """Call the function with symbols.

        Raises:
            TypeError: it uses what cannot be recorded, or a result has another size than declared.
        """
        graph, rows = Graph(), "tile" if self.reads else "row"
        given: dict[str, Any] = {}
        places: dict[Expression, Place] = {}
        for name in signature(self.function).parameters:
            shape = self.shared[name] if name in self.shared else self.reads[name]
            nodes = graph.inputs(f"{name}_", _size(shape))
            places |= entries(name, nodes, "row" if name in self.shared else "tile")
            given[name] = symmetric(nodes) if shape == SYMMETRIC else nodes.reshape(shape)[()]
        returned = self.function(**given)
        declared = {**self.results, **self.sums}
        named = zip(declared, returned if len(declared) > 1 else (returned,), strict=True)
        found = {name: _flat(graph, value, declared[name]) for name, value in named}
        for name, values in found.items():
            if len(values) != _size(declared[name]):
                raise TypeError(f"{name} has {len(values)} entries, not {_size(declared[name])}")
        writes = results(rows, **{name: found[name] for name in self.results})
        writes += [
            Write(Place(name, i, "lane"), node, added=True)
            for name in self.sums
            for i, node in enumerate(found[name])
        ]
        return Recording([*self.shared, *self.reads, *declared], places, writes)


def formula(
    reads: Mapping[str, Shape] | None = None,
    shared: Mapping[str, Shape] | None = None,
    results: Mapping[str, Shape] | None = None,
    sums: Mapping[str, Shape] | None = None,
) -> Callable[[Callable[..., Any]], Formula]:
    """Declare a function of one point as a formula; for the arguments see `Formula`.

    Example:
        Called with numbers it computes; recorded, it can be written out:

        >>> import numpy as np
        >>> from rve.kernels import evaluate
        >>> from rve.kernels.formula import formula
        >>> @formula(reads={"x": 2}, results={"length": ()})
        ... def length(x):
        ...     return np.sqrt(x @ x)
        >>> float(length(np.array([3.0, 4.0])))
        5.0
        >>> (write,) = length.record().writes
        >>> float(*evaluate([write.value], {"x_0": 3.0, "x_1": 4.0}))
        5.0
    """

    def declare(function: Callable[..., Any]) -> Formula:
        declared = Formula(function, reads or {}, shared or {}, results or {}, sums or {})
        vars(declared).update({name: getattr(function, name) for name in WRAPPER_ASSIGNMENTS})
        return declared

    return declare


def _size(shape: Shape) -> int:
    """Number of stored entries."""
    if shape == SYMMETRIC:
        return ENTRIES
    return shape if isinstance(shape, int) else prod(shape)


def _flat(graph: Graph, value: Any, shape: Shape) -> list[Expression]:
    """What is stored of an array, its numbers as expressions, too."""
    stored = upper(value) if shape == SYMMETRIC else np.ravel(np.array(value, dtype=object))
    return [node if isinstance(node, Expression) else graph.constant(node) for node in stored]


def entries(array: str, nodes: Iterable[Expression], of: str = "tile") -> dict[Expression, Place]:
    """Inputs (n,) that are the entries of an array's rows."""
    return {node: Place(array, i, of) for i, node in enumerate(nodes)}


def results(of: str = "tile", /, **values: Sequence[Expression]) -> list[Write]:
    """Expressions (n,) as the entries of an array's rows, by the names of the arrays.

    Results of one size are written in turn, matrices by columns, so that what follows from the same
    values stands together.
    """
    writes = []
    for size, group in groupby(values.items(), key=lambda result: len(result[1])):
        alike, order = list(group), _BY_COLUMNS if size == ENTRIES else range(size)
        writes += [Write(Place(array, i, of), nodes[i]) for i in order for array, nodes in alike]
    return writes
