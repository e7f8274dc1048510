"""Traced expressions, in exact rational arithmetic: no tolerance stands between the two sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from properties import examples

from rve.kernels.derivatives import adjoint, directional
from rve.kernels.formula import Place, Write
from rve.kernels.functions import constant
from rve.kernels.graph import Expression, Graph
from rve.kernels.numba_source import statements

OPERATIONS = (add, sub, mul, truediv)
CONSTANTS = (0, 1, -1, 0.5)
INPUTS = 3
SLOTS = INPUTS + len(CONSTANTS)

Steps = list[tuple[int, int, int]]
"""Operation and places of its operands among the inputs, the constants and the results so far."""

programs = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2**16), st.integers(0, 2**16)),
    min_size=1,
    max_size=10,
)
# Small numbers, so that terms cancel and quotients meet zero now and then.
points = st.tuples(*[st.fractions(-4, 4, max_denominator=6)] * INPUTS)

many = examples(300)


@dataclass(frozen=True)
class Dual:
    """A number and its derivative along one direction, by the rules of calculus."""

    value: Fraction
    slope: Fraction

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: "Dual") -> "Dual":
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: "Dual") -> "Dual":
        value = self.value / other.value
        return Dual(value, (self.slope - value * other.slope) / other.value)


def run(steps: Steps, values: Sequence[Any]) -> list[Any]:
    """All values of a program that starts from inputs and constants."""
    values = list(values)
    for operation, first, second in steps:
        a, b = values[first % len(values)], values[second % len(values)]
        values.append(OPERATIONS[operation](a, b))
    return values


def exact(steps: Steps, point: Sequence[Fraction], direction: int = 0) -> list[Dual]:
    """The program's results and their derivatives by one input."""
    inputs = [Dual(x, Fraction(i == direction)) for i, x in enumerate(point)]
    try:
        return run(steps, [*inputs, *(Dual(Fraction(c), Fraction(0)) for c in CONSTANTS)])[SLOTS:]
    except ZeroDivisionError:
        assume(False)
        raise


def traced(steps: Steps) -> tuple[list[Expression], list[Expression]]:
    """Inputs and results of the program as expressions."""
    graph = Graph()
    inputs = list(graph.inputs("x", INPUTS))
    return inputs, run(steps, [*inputs, *(graph.constant(c) for c in CONSTANTS)])[SLOTS:]


def folded_exactly(results: Sequence[Expression], expected: Sequence[Fraction]) -> bool:
    """Whether no operation on constants alone, which is done in floats, was rounded."""
    folded = [
        (node.arguments[0], value)
        for node, value in zip(results, expected, strict=True)
        if node.operation == "constant"
    ]
    for found, value in folded:
        assert found == pytest.approx(float(value), rel=1e-12, abs=1e-12)
    return all(found == value for found, value in folded)


def computed(
    expressions: Sequence[Expression], point: Sequence[Fraction], weights: Sequence[Fraction] = ()
) -> list[Fraction]:
    """Values of expressions, by their statements."""
    found = np.empty((1, len(expressions)), dtype=object)
    scope: dict[str, Any] = {"one": Fraction(1), "constant": constant}
    scope |= {"found": found, "found_row": 0}
    scope |= {f"x{i}": x for i, x in enumerate(point)} | {f"w{i}": w for i, w in enumerate(weights)}
    exec("\n".join(statements(written(expressions))), scope)
    return list(found[0])


def written(expressions: Sequence[Expression]) -> list[Write]:
    """Expressions as the entries of a row."""
    return [Write(Place("found", i, "row"), node) for i, node in enumerate(expressions)]


@many
@given(programs, points)
def test_statements_of_a_traced_program_give_its_values(
    steps: Steps, point: tuple[Fraction, ...]
) -> None:
    """Whatever the tracer simplified: zeros and ones are among the operands."""
    expected = [dual.value for dual in exact(steps, point)]
    _, results = traced(steps)
    assume(folded_exactly(results, expected))
    assert computed(results, point) == expected


@many
@given(programs, points)
def test_adjoint_and_directional_are_the_derivative(
    steps: Steps, point: tuple[Fraction, ...]
) -> None:
    """Both modes against dual numbers, of the sum of the results with weights 1, 2, 3, .."""
    duals = [exact(steps, point, direction) for direction in range(INPUTS)]
    inputs, results = traced(steps)
    assume(folded_exactly(results, [dual.value for dual in duals[0]]))
    weights = [Fraction(number) for number in range(1, len(results) + 1)]
    seeds = list(inputs[0].graph.inputs("w", len(results)))
    slopes = computed(adjoint(results, seeds, inputs), point, weights)
    columns = [
        directional(results, inputs, [inputs[0].graph.constant(i == j) for j in range(INPUTS)])
        for i in range(INPUTS)
    ]
    forward = [
        sum(w * value for w, value in zip(weights, computed(column, point), strict=True))
        for column in columns
    ]
    # Constants that forward mode folds are floats.
    rounded = [pytest.approx(float(slope), rel=1e-9, abs=1e-9) for slope in slopes]
    assert [float(value) for value in forward] == rounded
    assert slopes == [
        sum(w * dual.slope for w, dual in zip(weights, column, strict=True)) for column in duals
    ]


@given(programs)
def test_nothing_is_computed_twice_or_for_nothing(steps: Steps) -> None:
    """Each intermediate value has its own right-hand side, and is used later on."""
    _, results = traced(steps)
    lines = [line.split(" = ") for line in statements(written(results[-1:]))]
    right = [expression for _, expression in lines]
    assert len(set(right[:-1])) == len(right) - 1
    for number, (name, _) in enumerate(lines[:-1]):
        assert any(name in later.split() for later in right[number + 1 :])


def test_only_what_the_outputs_need_is_computed() -> None:
    x, y, z = Graph().inputs("x", 3)
    wanted, unwanted = x * y + z, (x - y) / z
    assert unwanted.operation == "divide"
    writes = [Write(Place("a", 0), wanted), Write(Place("b", 2, "lane"), z, added=True)]
    assert list(statements(writes, {x: Place("c", 1)})) == [
        "x0 = c[c_row, t, 1 * L + s]",
        "t0 = x0 * x1",
        "t1 = x2 + t0",
        "a[a_row, t, 0 * L + s] = t1",
        "b[b_row, 2 * L + s] += x2",
    ]


def test_equal_expressions_are_one_and_order_counts_only_where_it_matters() -> None:
    x, y = Graph().inputs("x", 2)
    assert x + y is y + x
    assert x * y is y * x
    assert x - y is not y - x
    assert x / y is not y / x


def test_zeros_and_ones_leave_no_trace() -> None:
    x, y = Graph().inputs("x", 2)
    assert (0 + x) * 1 / 1 - 0 is x
    assert (x * 0 + y) is y
    assert (0 / x).is_constant(0)
    assert (2 * (x * 0) + 3).is_constant(3)
