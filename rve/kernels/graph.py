"""Formulas recorded as a graph of scalar operations.

A formula is a plain function of numpy arrays for one point. Called with object arrays of
`Expression`s it records what it computes instead of computing it: arithmetic, powers, `np.sqrt`,
`np.exp`, `np.log`, `abs`, `np.minimum`, `np.maximum`, comparisons, `np.where` and `np.interp`. A
formula cannot branch on a value; `np.where` chooses. Equal expressions are one node, and products
with zero or one leave no trace, so that the zeros of a sparse matrix cost nothing.

A table of `np.interp` is a node of its own, `table`, which `row` and `entry` look up.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from rve.kernels.operations import FORMS

COLUMNS = 3  # of a table: where a row begins, the value there, and the slope from there on
_WHOLE = range(-64, 65)  # powers that are written as products
_OF_TABLES: dict[str, Callable] = {
    "table": lambda *numbers: np.reshape(numbers, (-1, COLUMNS)),
    "row": lambda x, table: np.searchsorted(table[1:, 0], x, side="right"),
    "entry": lambda row, table, column: table[row, int(column)],
}
_BITWISE = {"bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not"}
_ALLOWED = (
    "it may use operators, abs, np.minimum, np.maximum, np.sqrt, np.exp, np.log, np.sin, np.cos, "
    "np.where, np.interp(x, xp, fp)"
)


def _compute(operation: str, *numbers):
    """The result of an operation on numbers or arrays of them."""
    return (_OF_TABLES.get(operation) or getattr(np, operation))(*numbers)


def _operator(operation: str, reflected: bool = False) -> Callable:
    def apply(self, *other):
        if other and isinstance(other[0], np.ndarray):
            return NotImplemented  # the array applies it to each of its elements
        operands = (*other, self) if reflected else (self, *other)
        return self.graph.apply(operation, *operands)

    return apply


class Expression:
    """A node: an operation on other nodes, a named input or a constant."""

    __slots__ = ("arguments", "graph", "number", "operation")

    def __init__(self, graph: "Graph", number: int, operation: str, arguments: tuple) -> None:
        self.graph, self.number = graph, number
        self.operation, self.arguments = operation, arguments

    __add__ = _operator("add")
    __radd__ = _operator("add", reflected=True)
    __sub__ = _operator("subtract")
    __rsub__ = _operator("subtract", reflected=True)
    __mul__ = _operator("multiply")
    __rmul__ = _operator("multiply", reflected=True)
    __truediv__ = _operator("divide")
    __rtruediv__ = _operator("divide", reflected=True)
    __pow__ = _operator("power")
    __rpow__ = _operator("power", reflected=True)
    __lt__ = _operator("less")
    __le__ = _operator("less_equal")
    __gt__ = _operator("greater")
    __ge__ = _operator("greater_equal")
    __and__ = _operator("logical_and")
    __or__ = _operator("logical_or")
    __invert__ = _operator("logical_not")
    __abs__ = _operator("absolute")
    sqrt, exp, log = _operator("sqrt"), _operator("exp"), _operator("log")
    sin, cos = _operator("sin"), _operator("cos")

    def __neg__(self) -> "Expression":
        return self.graph.apply("subtract", 0.0, self)

    def __eq__(self, other: object) -> bool:
        """Whether this is the same node; a formula that asks for equal values is refused."""
        if self is other:
            return True
        raise TypeError("a formula cannot ask whether values are equal; join <= and >=")

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("a formula cannot branch on a value; choose with np.where")

    def __float__(self) -> float:
        raise TypeError(
            "a formula cannot use functions that want a Python number, such as math.exp or float; "
            f"{_ALLOWED}"
        )

    __int__ = __float__

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        operation = _BITWISE.get(ufunc.__name__, ufunc.__name__)
        if method != "__call__" or keywords or operation not in FORMS:
            raise TypeError(f"a formula cannot use np.{ufunc.__name__}; {_ALLOWED}")
        return self._elementwise(operation, inputs)

    def __array_function__(self, function, _types, arguments, keywords):
        if function is np.interp and not keywords and len(arguments) == 3:
            return self.graph.interpolate(*arguments)
        if function is np.where and not keywords and len(arguments) == 3:
            return self._elementwise("where", arguments)
        called = ", ".join(["...", *keywords])
        raise TypeError(f"a formula cannot use np.{function.__name__}({called}) here; {_ALLOWED}")

    def _elementwise(self, operation, operands):
        apply = np.frompyfunc(partial(self.graph.apply, operation), len(operands), 1)
        return apply(*(np.asarray(one, dtype=object) for one in operands))

    def is_constant(self, value: float) -> bool:
        """Whether this is the constant of that value."""
        return self.operation == "constant" and self.arguments[0] == value

    @property
    def is_leaf(self) -> bool:
        """Whether this is an input or a constant."""
        return self.operation in ("input", "constant")


class Graph:
    """All expressions of one kernel, in the order in which they were made.

    Example:
        Equal operations are one node, and one that changes nothing is none:

        >>> from rve.kernels import Graph, evaluate
        >>> x, y = Graph().inputs("x", 2)
        >>> x * y is x * y, x + 0 is x
        (True, True)
        >>> float(*evaluate([x * x + y * y], {"x0": 3.0, "x1": 4.0}))
        25.0
    """

    def __init__(self) -> None:
        self.nodes: list[Expression] = []
        self._known: dict[tuple, Expression] = {}

    def inputs(self, name: str, *shape: int) -> np.ndarray:
        """An array of named inputs: `name0`, `name1`, ..."""
        names = (f"{name}{number}" for number in range(prod(shape)))
        nodes = [self._node("input", (name,)) for name in names]
        return np.array(nodes, dtype=object).reshape(shape)

    def constant(self, value: float) -> Expression:
        """The constant of that value."""
        return self._node("constant", (float(value),))

    def apply(self, operation: str, *operands) -> Expression:
        """The node of an operation, simplified where a constant takes part."""
        nodes = [o if isinstance(o, Expression) else self.constant(o) for o in operands]
        if all(node.operation == "constant" for node in nodes):
            with np.errstate(all="ignore"):
                return self.constant(_compute(operation, *(node.arguments[0] for node in nodes)))
        if (simple := self._simplified(operation, *nodes)) is not None:
            return simple
        if operation in ("add", "multiply") and nodes[1].number < nodes[0].number:
            nodes.reverse()
        return self._node(operation, tuple(nodes))

    def interpolate(self, x, points, values) -> Expression:
        """`np.interp`: the value at x on straight lines between the points of a table.

        At a point the slope is that of the line which begins there; outside it is zero.
        """
        points, values = np.ravel(points), np.ravel(values)
        if not len(points) or len(points) != len(values):
            raise TypeError("np.interp expects as many points as values, at least one")
        steps = zip(np.diff(values), np.diff(points), strict=True)
        slopes = [0, *(self.apply("divide", *step) for step in steps), 0]
        rows = zip([points[0], *points], [values[0], *values], slopes, strict=True)
        numbers = [self.apply("add", number, 0) for row in rows for number in row]
        table = self._node("table", tuple(numbers))
        row = self._node("row", (self.apply("add", x, 0), table))
        start, value, slope = (
            self._node("entry", (row, table, self.constant(column))) for column in range(COLUMNS)
        )
        return value + slope * (x - start)

    def _simplified(self, operation: str, a: Expression, *others: Expression) -> Expression | None:
        b = others[0] if others else a
        match operation:
            case "add" if a.is_constant(0):
                return b
            case "add" | "subtract" if b.is_constant(0):
                return a
            case "multiply" | "divide" if a.is_constant(0):
                return a
            case "multiply" if a.is_constant(1) or b.is_constant(0):
                return b
            case "multiply" | "divide" | "power" if b.is_constant(1):
                return a
            case "power" if b.is_constant(0.5):
                return a.sqrt()
            case "power" if b.operation == "constant" and b.arguments[0] in _WHOLE:
                return self._product(a, int(b.arguments[0]))
            case "where" if a.operation == "constant":
                return others[0] if a.arguments[0] else others[1]
            case "where" if others[0] is others[1]:
                return others[0]
        return None

    def _product(self, a: Expression, times: int) -> Expression:
        """The whole power of a number, which may be negative, by repeated squares."""
        if times < 0:
            return 1 / self._product(a, -times)
        if times == 0:
            return self.constant(1)
        root = self._product(a, times // 2)
        return root * root * a if times % 2 else root * root

    def _node(self, operation: str, arguments: tuple) -> Expression:
        key = (operation, *(getattr(argument, "number", argument) for argument in arguments))
        if key not in self._known:
            node = Expression(self, len(self.nodes), operation, arguments)
            self.nodes.append(node)
            self._known[key] = node
        return self._known[key]


def evaluate(outputs: Iterable[Expression], inputs: Mapping[str, object]) -> list:
    """Values of expressions for numbers or arrays of the inputs, by their names.

    Example:
        >>> import numpy as np
        >>> from rve.kernels import Graph, evaluate
        >>> (x,) = Graph().inputs("x", 1)
        >>> sine, cosine = np.sin(x), np.cos(x)
        >>> evaluate([sine * sine + cosine * cosine], {"x0": np.array([0.5, 1.0, 2.0])})
        [array([1., 1., 1.])]
    """
    values: dict[Expression, Any] = {}
    outputs = list(outputs)
    with np.errstate(all="ignore"):
        for node in ordered(outputs):
            match node.operation, *node.arguments:
                case "input", name:
                    values[node] = inputs[name]
                case "constant", value:
                    values[node] = value
                case operation, *operands:
                    values[node] = _compute(operation, *(values[one] for one in operands))
    return [values[output] for output in outputs]


def ordered(
    outputs: Iterable[Expression],
    done: Container[Expression] = frozenset(),
    ends: Container[Expression] = frozenset(),
) -> list[Expression]:
    """What the outputs need, each node after its arguments.

    Args:
        outputs: expressions.
        done: set of those that are left out.
        ends: set of those that need nothing.
    """
    found: dict[Expression, None] = {}
    for output in outputs:
        pending = [output] if output not in done else []
        while pending:
            node = pending[-1]
            arguments = () if node.is_leaf or node in ends else node.arguments
            missing = [a for a in reversed(arguments) if not (a in found or a in done)]
            pending.extend(missing)
            if not missing:
                found[pending.pop()] = None
    return list(found)


def known_before(outputs: Sequence[Expression], late: Iterable[Expression]) -> list[Expression]:
    """What can be computed before the late inputs are known.

    Returns:
        Nodes that do not depend on the late inputs, and that are outputs or are arguments of nodes
        that do depend on them; no constants.
    """
    nodes, waiting, needed = ordered(outputs), set(late), set(outputs)
    for node in nodes:
        if not node.is_leaf and not waiting.isdisjoint(node.arguments):
            waiting.add(node)
            needed.update(node.arguments)
    needed -= waiting
    return [node for node in nodes if node in needed and node.operation != "constant"]
