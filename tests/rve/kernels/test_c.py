"""C functions against the values of the formulas they are written from."""

import numpy as np
import pytest
from c_laws import COMPILER
from compiled_c import run
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from properties import examples

from rve.kernels.c_source import function
from rve.kernels.formula import Place, Recording, Write, entries, formula, results
from rve.kernels.graph import Expression, Graph, evaluate

Array = NDArray[np.float64]
pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")

_INPUTS = 4


def random_expressions(graph: Graph, x: Array, rng: np.random.Generator) -> list[Expression]:
    """Nested at random from all operations, of numbers near one."""
    found = [*x, graph.constant(0.5), graph.constant(-1.25)]

    def some() -> Expression:
        return found[rng.integers(len(found))]

    for _ in range(60):
        a, b, c, d = some(), some(), some(), some()
        truth = [a < b, a <= b, a > b, a >= b][rng.integers(4)]
        other = [c < d, ~(c < d), (c > d) & (a < c), (c > d) | (a < c)][rng.integers(4)]
        joined = [truth & other, truth | other, ~(truth & other), truth][rng.integers(4)]
        new = [
            a + b,
            a - b,
            a - (b - c),
            a * (b + c),
            a / (2 + abs(b)),
            (a - b) * (c - d),
            -a,
            -(a + b),
            0 - a * b,
            np.sqrt(abs(a)),
            np.exp(-abs(a)),
            np.log(1 + abs(a)),
            np.sin(a),
            np.cos(a),
            np.power(abs(a), 0.5 + abs(np.sin(b))),  # 0^0 is 0 in compiled code, 1 in numpy
            np.minimum(a, b),
            np.maximum(a, b),
            np.where(joined, a, b),
            a / (1 / (3 + abs(b)) / (2 + abs(c))),
        ]
        found.append(new[rng.integers(len(new))] * 0.9)
    return found[_INPUTS + 2 :]


@examples(25)
@given(seed=st.integers(0, 2**32 - 1))
def test_c_computes_what_the_graph_says(seed: int) -> None:
    rng, graph = np.random.default_rng(seed), Graph()
    x = graph.inputs("x", _INPUTS)
    outputs = random_expressions(graph, x, rng)
    recording = Recording(["x", "y"], entries("x", x), results(y=outputs))
    source = function("A test.", "measure", recording)
    given_numbers, found = rng.normal(size=_INPUTS), np.empty(len(outputs))
    run(source, "measure", given_numbers, found)
    expected = evaluate(outputs, {f"x{i}": value for i, value in enumerate(given_numbers)})
    assert found == pytest.approx(np.array(expected, dtype=float), rel=1e-12, abs=1e-14)


def test_what_is_read_is_what_stood_there_before_anything_was_written() -> None:
    graph = Graph()
    a, b = graph.inputs("x", 2)
    swapped = [Write(Place("x", 0), b), Write(Place("x", 1), a)]
    numbers = np.array([1.0, 2.0])
    recording = Recording(["x"], entries("x", [a, b]), swapped)
    run(function("Swap.", "swap", recording), "swap", numbers)
    assert (numbers == [2.0, 1.0]).all()


def test_sums_are_added_up() -> None:
    @formula(reads={"x": ()}, sums={"y": ()})
    def square(x):
        return x * x

    total = np.array([10.0])
    run(function("Add.", "add", square.record()), "add", np.array([3.0]), total)
    assert total[0] == 19.0


def test_zero_to_any_power_is_zero_as_in_the_compiled_kernels() -> None:
    @formula(reads={"x": 2}, results={"y": ()})
    def raised(x):
        return np.power(*x)

    source = function("Raise.", "raised", raised.record())
    for base, exponent, expected in ((0.0, 0.0, 0.0), (0.0, 2.0, 0.0), (4.0, 0.5, 2.0)):
        result = np.empty(1)
        run(source, "raised", np.array([base, exponent]), result)
        assert result[0] == expected


def test_lines_are_short_and_the_comment_stands_above() -> None:
    @formula(reads={"x": 30}, results={"y": ()})
    def sums(x):
        return x @ x

    source = function("Sums.", "sums", sums.record())
    assert source.startswith("/* Sums. */\nstatic void sums(")
    assert max(map(len, source.splitlines())) <= 100
