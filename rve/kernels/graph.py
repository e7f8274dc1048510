"""Formulas recorded as a graph of scalar operations.

A formula is a plain function of numpy arrays for one point. Called with object arrays of
`Expression`s it records what it computes instead of computing it: arithmetic, powers, `np.sqrt`,
`np.exp`, `np.log`, `abs`, `np.minimum`, `np.maximum`, comparisons, `np.where` and `np.interp`. A
formula cannot branch on a value; `np.where` chooses. Equal expressions are one node, and products
with zero or one leave no trace, so that the zeros of a sparse matrix cost nothing.

A table of `np.interp` is a node of its own, `table`. Three operations look it up: `row` finds the
row in which a number lies, `entry` reads a column there, the rest is arithmetic.

The graph does not depend on the code that is written from it, see `rve.kernels.numba_source`.
"""

import operator
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import numpy as np

COMPARISONS = ("lt", "le", "gt", "ge")
COLUMNS = 3  # of a table: where a row begins, the value there, and the slope from there on
_WHOLE = range(-64, 65)  # powers that are written as products


def _rows(*numbers: float) -> np.ndarray:
    return np.reshape(numbers, (-1, COLUMNS))


_NUMERIC: dict[str, Callable] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": np.divide,
    "pow": np.power,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "where": np.where,
    "table": _rows,
    "row": lambda x, table: np.searchsorted(table[1:, 0], x, side="right"),
    "entry": lambda row, table, column: table[row, int(column)],
}
_OF_UFUNC = {
    np.add: "add",
    np.subtract: "sub",
    np.multiply: "mul",
    np.true_divide: "div",
    np.power: "pow",
    np.less: "lt",
    np.less_equal: "le",
    np.greater: "gt",
    np.greater_equal: "ge",
    np.logical_and: "and",
    np.bitwise_and: "and",
    np.logical_or: "or",
    np.bitwise_or: "or",
    np.logical_not: "not",
    np.invert: "not",
    np.minimum: "minimum",
    np.maximum: "maximum",
    np.absolute: "abs",
    np.sqrt: "sqrt",
    np.exp: "exp",
    np.log: "log",
    np.sin: "sin",
    np.cos: "cos",
}
_NAMES = [ufunc.__name__ for ufunc, name in _OF_UFUNC.items() if ufunc.__name__ == name != "add"]
_ALLOWED = "it may use operators, abs" + "".join(
    f", np.{name}" for name in [*_NAMES, "where", "interp(x, xp, fp)"]
)


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
    __sub__ = _operator("sub")
    __rsub__ = _operator("sub", reflected=True)
    __mul__ = _operator("mul")
    __rmul__ = _operator("mul", reflected=True)
    __truediv__ = _operator("div")
    __rtruediv__ = _operator("div", reflected=True)
    __pow__ = _operator("pow")
    __rpow__ = _operator("pow", reflected=True)
    __lt__ = _operator("lt")
    __le__ = _operator("le")
    __gt__ = _operator("gt")
    __ge__ = _operator("ge")
    __and__ = _operator("and")
    __or__ = _operator("or")
    __invert__ = _operator("not")
    __abs__ = _operator("abs")
    sqrt, exp, log = _operator("sqrt"), _operator("exp"), _operator("log")
    sin, cos = _operator("sin"), _operator("cos")

    def __neg__(self) -> "Expression":
        return self.graph.apply("sub", 0.0, self)

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
        if method != "__call__" or keywords or ufunc not in _OF_UFUNC:
            raise TypeError(f"a formula cannot use np.{ufunc.__name__}; {_ALLOWED}")
        if any(isinstance(value, np.ndarray) and value.ndim for value in inputs):
            return _elementwise(_OF_UFUNC[ufunc], *inputs)
        numbers = (v.item() if isinstance(v, np.ndarray) else v for v in inputs)
        return self.graph.apply(_OF_UFUNC[ufunc], *numbers)

    def __array_function__(self, function, _types, arguments, keywords):
        if function is np.interp and not keywords and len(arguments) == 3:
            return self.graph.interpolate(*arguments)
        if function is not np.where or keywords or len(arguments) != 3:
            called = ", ".join(["...", *keywords])
            raise TypeError(
                f"a formula cannot use np.{function.__name__}({called}) here; {_ALLOWED}"
            )
        if any(isinstance(value, np.ndarray) and value.ndim for value in arguments):
            return _elementwise("where", *arguments)
        return self.graph.apply("where", *arguments)

    def is_constant(self, value: float) -> bool:
        """Whether this is the constant of that value."""
        return self.operation == "constant" and self.arguments[0] == value

    @property
    def is_leaf(self) -> bool:
        """Whether this is an input or a constant."""
        return self.operation in ("input", "constant")


def _elementwise(operation: str, *operands) -> np.ndarray:
    (graph,) = {value.graph for value in operands if isinstance(value, Expression)}
    apply = np.frompyfunc(lambda *elements: graph.apply(operation, *elements), len(operands), 1)
    return apply(*(_scalar(o) if isinstance(o, Expression) else o for o in operands))


def _scalar(expression: Expression) -> np.ndarray:
    array = np.empty((), dtype=object)
    array[()] = expression
    return array


class Graph:
    """All expressions of one kernel, in the order in which they were made.

    Example:
        Equal operations are one node, and one that changes nothing is none:

        >>> from rve.kernels import Graph, evaluate
        >>> x, y = Graph().inputs("x", 2)
        >>> x * y is x * y, x + 0 is x
        (True, True)
        >>> evaluate([x * x + y * y], {"x0": 3.0, "x1": 4.0})
        [25.0]
    """

    def __init__(self) -> None:
        self.nodes: list[Expression] = []
        self._known: dict[tuple, Expression] = {}

    def inputs(self, name: str, *shape: int) -> np.ndarray:
        """An array of named inputs: `name0`, `name1`, ..."""
        numbers = range(int(np.prod(shape)))
        nodes = np.empty(len(numbers), dtype=object)
        nodes[:] = [self._node("input", (f"{name}{number}",)) for number in numbers]
        return nodes.reshape(shape)

    def constant(self, value: float) -> Expression:
        """The constant of that value."""
        return self._node("constant", (float(value),))

    def apply(self, operation: str, *operands) -> Expression:
        """The node of an operation, simplified where a constant takes part."""
        nodes = [o if isinstance(o, Expression) else self.constant(o) for o in operands]
        if all(node.operation == "constant" for node in nodes):
            with np.errstate(all="ignore"):
                return self.constant(_NUMERIC[operation](*(node.arguments[0] for node in nodes)))
        if (simple := self._simplified(operation, *nodes)) is not None:
            return simple
        if operation in ("add", "mul") and nodes[1].number < nodes[0].number:
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
        slopes = [0, *(self.apply("div", *step) for step in steps), 0]
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
            case "add" | "sub" if b.is_constant(0):
                return a
            case "mul" | "div" if a.is_constant(0):
                return self.constant(0)
            case "mul" if b.is_constant(0):
                return self.constant(0)
            case "mul" if a.is_constant(1):
                return b
            case "mul" | "div" | "pow" if b.is_constant(1):
                return a
            case "pow" if b.is_constant(0.5):
                return a.sqrt()
            case "pow" if b.operation == "constant" and b.arguments[0] in _WHOLE:
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
        if operation in ("input", "constant"):
            key = (operation, *arguments)
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
    values: dict[int, object] = {}
    outputs = list(outputs)
    with np.errstate(all="ignore"):
        for node in ordered(outputs):
            match node.operation:
                case "input":
                    values[node.number] = inputs[node.arguments[0]]
                case "constant":
                    values[node.number] = node.arguments[0]
                case operation:
                    operands = (values[argument.number] for argument in node.arguments)
                    values[node.number] = _NUMERIC[operation](*operands)
    return [values[output.number] for output in outputs]


def ordered(
    outputs: Iterable[Expression], done: Container[int] = (), ends: Container[int] = ()
) -> list[Expression]:
    """What the outputs need, each node after its arguments.

    Args:
        outputs: expressions.
        done: numbers of nodes that are left out.
        ends: numbers of nodes that need nothing.
    """
    seen: set[int] = set()
    found = []
    for output in outputs:
        pending = [output] if output.number not in done else []
        while pending:
            node = pending[-1]
            ending = node.is_leaf or node.number in ends
            arguments = () if ending else node.arguments
            missing = [a for a in reversed(arguments) if not (a.number in seen or a.number in done)]
            pending.extend(missing)
            if missing:
                continue
            pending.pop()
            if node.number not in seen:
                seen.add(node.number)
                found.append(node)
    return found


def known_before(outputs: Sequence[Expression], late: Iterable[Expression]) -> list[Expression]:
    """What can be computed before the late inputs are known.

    Returns:
        Nodes that do not depend on the late inputs, and that are outputs or are arguments of nodes
        that do depend on them; no constants.
    """
    nodes = ordered(outputs)
    waiting = {node.number for node in late}
    for node in nodes:
        if not node.is_leaf and any(a.number in waiting for a in node.arguments):
            waiting.add(node.number)
    needed = {node.number for node in outputs}
    needed |= {
        a.number for n in nodes if n.number in waiting and not n.is_leaf for a in n.arguments
    }
    return [
        node for node in nodes if node.number in needed - waiting and node.operation != "constant"
    ]
