"""Straight-line code from matrix formulas: scalar expressions, their adjoints and their source.

A formula written for numpy matrices runs on object arrays of `Expression`s, which record what is
computed instead of computing it. Equal expressions are one node, and products with zero or one
leave no trace, so that the zeros of a sparse matrix cost nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def _operator(operation: str, reflected: bool = False) -> Callable:
    def apply(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented  # the array applies it to each of its elements
        first, second = (other, self) if reflected else (self, other)
        return self.graph.apply(operation, first, second)

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

    def is_constant(self, value: float) -> bool:
        """Whether this is the constant of that value."""
        return self.operation == "constant" and self.arguments[0] == value


class Graph:
    """All expressions of one kernel, in the order in which they were made."""

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

    def apply(self, operation: str, first, second) -> Expression:
        """The node of an operation, simplified where a zero or one takes part."""
        a = first if isinstance(first, Expression) else self.constant(first)
        b = second if isinstance(second, Expression) else self.constant(second)
        if a.operation == b.operation == "constant":
            return self.constant(_evaluate(operation, a.arguments[0], b.arguments[0]))
        zero_a, zero_b = a.is_constant(0), b.is_constant(0)
        match operation:
            case "add" if zero_a:
                return b
            case "add" | "sub" if zero_b:
                return a
            case "mul" | "div" if zero_a:
                return self.constant(0)
            case "mul" if zero_b:
                return self.constant(0)
            case "mul" if a.is_constant(1):
                return b
            case "mul" | "div" if b.is_constant(1):
                return a
        if operation in ("add", "mul") and b.number < a.number:
            a, b = b, a
        return self._node(operation, (a, b))

    def _node(self, operation: str, arguments: tuple) -> Expression:
        key = (operation, *(getattr(argument, "number", argument) for argument in arguments))
        if operation in ("input", "constant"):
            key = (operation, *arguments)
        if key not in self._known:
            node = Expression(self, len(self.nodes), operation, arguments)
            self.nodes.append(node)
            self._known[key] = node
        return self._known[key]


def _evaluate(operation: str, a: float, b: float) -> float:
    return {"add": a + b, "sub": a - b, "mul": a * b, "div": a / b if b else np.nan}[operation]


def adjoint(
    outputs: Sequence[Expression], seeds: Sequence[Expression], inputs: Sequence[Expression]
) -> list[Expression]:
    """Derivatives of the sum of outputs times seeds by each input, in reverse mode."""
    graph = outputs[0].graph
    gathered: dict[int, Expression] = {}
    zero = graph.constant(0)

    def gather(node: Expression, value: Expression) -> None:
        gathered[node.number] = gathered.get(node.number, zero) + value

    def lessen(node: Expression, value: Expression) -> None:
        gathered[node.number] = gathered.get(node.number, zero) - value

    for output, seed in zip(outputs, seeds, strict=True):
        gather(output, seed)
    for node in reversed(graph.nodes[: max(output.number for output in outputs) + 1]):
        if node.number not in gathered or node.operation in ("input", "constant"):
            continue
        value, (a, b) = gathered[node.number], node.arguments
        match node.operation:
            case "add":
                gather(a, value)
                gather(b, value)
            case "sub":
                gather(a, value)
                lessen(b, value)
            case "mul":
                gather(a, value * b)
                gather(b, value * a)
            case "div":
                ratio = value * node if a.is_constant(1) else value / b
                gather(a, ratio)
                lessen(b, ratio * node)
    return [gathered.get(node.number, zero) for node in inputs]


def statements(
    outputs: Mapping[str, Expression], reads: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Python statements that compute the outputs from the inputs.

    Each output follows what it alone needs, and an input is read where it is first needed, so that
    few values wait for their use at a time.

    Args:
        outputs: what stands left of each result, the sign of its assignment included.
        reads: how inputs are read, by their names; others are variables that exist.
    """
    reads = reads or {}
    done = set()
    for name, output in outputs.items():
        pending = [output]
        while pending:
            node = pending[-1]
            missing = [
                argument
                for argument in reversed(node.arguments)
                if node.operation in _SYMBOLS and argument.number not in done
            ]
            pending.extend(missing)
            if missing:
                continue
            pending.pop()
            if node.number in done:
                continue
            done.add(node.number)
            if node.operation in _SYMBOLS:
                a, b = map(_operand, node.arguments)
                yield f"{_operand(node)} = {a} {_SYMBOLS[node.operation]} {b}"
            elif _operand(node) in reads:
                yield f"{_operand(node)} = {reads[_operand(node)]}"
        yield f"{name} {_operand(output)}"


def _operand(node: Expression) -> str:
    match node.operation:
        case "input":
            return node.arguments[0]
        case "constant":
            value = node.arguments[0]
            # In parentheses: after a product it would otherwise not have the precision of `one`.
            return "one" if value == 1 else f"({value!r} * one)"
    return f"t{node.number}"
