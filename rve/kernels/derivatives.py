"""Derivatives of recorded formulas: reverse mode, forward mode, and those of implicit functions.

At a kink the derivative is that of the side which is chosen. The derivative of a square root or a
power at zero counts as zero: many laws choose between formulas with the norm of a vector, and an
infinite number would spoil the side that is not chosen, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from rve.kernels.graph import Expression, ordered
from rve.kernels.operations import TRUTHS

_STEPS = (*TRUTHS, "table", "row", "entry")  # constant but for jumps


def _choose(condition: Expression, first: Expression, second: Expression) -> Expression:
    return condition.graph.apply("where", condition, first, second)


def _partials(node: Expression) -> list[tuple[Expression, Expression]]:
    """Arguments of a node, each with the derivative by it; sums and products are not here."""
    graph = node.graph
    zero, one = graph.constant(0), graph.constant(1)
    match node.operation, *node.arguments:
        case "minimum", a, b:
            return [(a, _choose(a <= b, one, zero)), (b, _choose(a <= b, zero, one))]
        case "maximum", a, b:
            return [(a, _choose(a >= b, one, zero)), (b, _choose(a >= b, zero, one))]
        case "absolute", a:
            return [(a, _choose(a < 0, -one, one))]
        case "sqrt", a:
            return [(a, _choose(node > 0, 0.5 / node, zero))]
        case "exp", a:
            return [(a, node)]
        case "log", a:
            return [(a, 1 / a)]
        case "sin", a:
            return [(a, a.cos())]
        case "cos", a:
            return [(a, -a.sin())]
        case "power", a, b:
            by_base = _choose(a > 0, b * (node / a), zero)
            if b.operation == "constant":
                return [(a, by_base)]
            return [(a, by_base), (b, _choose(a > 0, node * a.log(), zero))]
    raise TypeError(f"{node.operation} has no derivative")


def adjoint(
    outputs: Sequence[Expression], seeds: Sequence[Expression], inputs: Sequence[Expression]
) -> list[Expression]:
    """Derivatives of the sum of outputs times seeds by each input, in reverse mode.

    Example:
        >>> import numpy as np
        >>> from rve.kernels import Graph, adjoint, evaluate
        >>> graph = Graph()
        >>> x = graph.inputs("x", 2)
        >>> gradient = adjoint([np.sqrt(x @ x)], [graph.constant(1)], x)
        >>> [round(float(g), 12) for g in evaluate(gradient, {"x0": 3.0, "x1": 4.0})]
        [0.6, 0.8]
    """
    graph = outputs[0].graph
    zero = graph.constant(0)
    gathered: dict[Expression, Expression] = defaultdict(lambda: zero)
    for output, seed in zip(outputs, seeds, strict=True):
        gathered[output] += seed
    for node in reversed(graph.nodes[: max(output.number for output in outputs) + 1]):
        if node not in gathered or node.is_leaf or node.operation in _STEPS:
            continue
        value = gathered[node]
        match node.operation, *node.arguments:
            case "add", a, b:
                gathered[a] += value
                gathered[b] += value
            case "subtract", a, b:
                gathered[a] += value
                gathered[b] -= value
            case "multiply", a, b:
                gathered[a] += value * b
                gathered[b] += value * a
            case "divide", a, b:
                ratio = value * node if a.is_constant(1) else value / b
                gathered[a] += ratio
                gathered[b] -= ratio * node
            case "where", condition, a, b:
                gathered[a] += _choose(condition, value, zero)
                gathered[b] += _choose(condition, zero, value)
            case _:
                for argument, partial in _partials(node):
                    gathered[argument] += value * partial
    return [gathered[node] for node in inputs]


def directional(
    outputs: Sequence[Expression], inputs: Sequence[Expression], direction: Sequence[Expression]
) -> list[Expression]:
    """Derivatives of each output when the inputs move in a direction, in forward mode.

    Example:
        >>> from rve.kernels import Graph, directional, evaluate
        >>> graph = Graph()
        >>> x, y = graph.inputs("x", 2)
        >>> rate = directional([x * y], [x, y], [graph.constant(1), graph.constant(2)])
        >>> float(*evaluate(rate, {"x0": 3.0, "x1": 4.0}))  # y dx + x dy
        10.0
    """
    graph = outputs[0].graph
    zero = graph.constant(0)
    rates = dict(zip(inputs, direction, strict=True))
    for node in ordered(outputs):
        if node.is_leaf or node.operation in _STEPS or node in rates:
            continue
        moving = [rates.get(argument, zero) for argument in node.arguments]
        match node.operation, *node.arguments:
            case ("add" | "subtract") as operation, *_:
                rates[node] = graph.apply(operation, *moving)
            case "where", condition, *_:
                rates[node] = _choose(condition, *moving[1:])
            case "multiply", a, b:
                rates[node] = moving[0] * b + moving[1] * a
            case "divide", _, b:
                rates[node] = (moving[0] - moving[1] * node) / b
            case _:
                terms = [rates.get(a, zero) * partial for a, partial in _partials(node)]
                rates[node] = sum(terms, start=zero)
    return [rates.get(node, zero) for node in outputs]


def jacobian(outputs: Iterable[Expression], inputs: Iterable[Expression]) -> np.ndarray:
    """Derivatives (outputs, inputs) of each output by each input.

    Example:
        >>> from rve.kernels import Graph, evaluate, jacobian
        >>> x, y = Graph().inputs("x", 2)
        >>> (a, b), (c, d) = jacobian([x * y, x - y * y], [x, y])
        >>> [float(slope) for slope in evaluate([a, b, c, d], {"x0": 3.0, "x1": 4.0})]
        [4.0, 3.0, 1.0, -8.0]
    """
    inputs = list(inputs)
    return np.array([adjoint([o], [o.graph.constant(1)], inputs) for o in outputs])


def implicit_jacobian(
    outputs: Iterable[Expression],
    inputs: Iterable[Expression],
    unknown: Expression,
    residual: Expression,
) -> np.ndarray:
    """Derivatives (outputs, inputs) where an unknown keeps a residual at zero.

    With x the unknown and r the residual, dx = -(dr/dx)^-1 dr, the implicit function theorem.

    Example:
        >>> from rve.kernels import Graph, evaluate, implicit_jacobian
        >>> a, x = Graph().inputs("x", 2)
        >>> ((slope,),) = implicit_jacobian([x], [a], x, x * x - a)  # x is the square root of a
        >>> float(*evaluate([slope], {"x0": 4.0, "x1": 2.0}))  # 1 / (2 sqrt(a))
        0.25
    """
    outputs, inputs = list(outputs), list(inputs)
    one = residual.graph.constant(1)
    *by_inputs, by_unknown = adjoint([residual], [one], [*inputs, unknown])
    change = np.array([-(by_input / by_unknown) for by_input in by_inputs])
    by_x = np.array(directional(outputs, [unknown], [one]))
    return jacobian(outputs, inputs) + np.outer(by_x, change)
