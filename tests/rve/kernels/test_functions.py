"""Operations beyond arithmetic: their compiled forms, their derivatives, and what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numba import njit

from rve.kernels.derivatives import adjoint, directional, implicit_jacobian
from rve.kernels.formula import formula
from rve.kernels.functions import constant, exponential, logarithm, power
from rve.kernels.graph import Graph, evaluate, known_before
from rve.kernels.numba_source import HEADER, kernel

LANES = 4
TILE = (0,) * LANES


def everything(a, b):
    """A formula that uses every operation."""
    smooth = np.sqrt(a**2 + 1) * np.exp(-b / 4) + np.log(a**2 + 2) + (b**2 + 0.5) ** 0.3
    waves = np.sin(a) * np.cos(b) - a / (2 + np.sin(b)) - (1 + a**2) ** b
    kinks = abs(a - b) + np.minimum(a, 2 * b) * np.maximum(a, 0.5) - (-b)
    inside = (a > 0) & ~(b >= 1) | (b < -1) & (a <= 2)
    return smooth + np.where(inside, waves, kinks)


numbers = st.floats(-3, 3)


@given(numbers, numbers)
def test_recorded_formula_has_the_value_of_the_formula(a: float, b: float) -> None:
    nodes = Graph().inputs("x", 2)
    (value,) = evaluate([everything(*nodes)], {"x0": a, "x1": b})
    assert value == pytest.approx(everything(np.float64(a), np.float64(b)), rel=1e-14, abs=1e-14)


@given(numbers, numbers)
def test_derivatives_are_those_of_finite_differences(a: float, b: float) -> None:
    step = 1e-6
    nodes = Graph().inputs("x", 2)
    result = everything(*nodes)
    one = result.graph.constant(1)
    inputs = {"x0": a, "x1": b}
    reverse = evaluate(adjoint([result], [one], list(nodes)), inputs)
    for i, direction in enumerate(np.eye(2)):
        low, high = (everything(*(np.array([a, b]) + sign * step * direction)) for sign in (-1, 1))
        seeds = [result.graph.constant(value) for value in direction]
        (forward,) = evaluate(directional([result], list(nodes), seeds), inputs)
        assert forward == pytest.approx(reverse[i], rel=1e-12, abs=1e-12)
        kinks = (a - b, a - 2 * b, a - 0.5, a, b - 1, b + 1, a - 2)
        if min(map(abs, kinks)) > 10 * step:
            assert forward == pytest.approx((high - low) / (2 * step), rel=1e-5, abs=1e-6)


def test_implicit_derivatives_are_those_of_the_solution() -> None:
    """x^2 = a + b, so that x b has the derivatives b / (2 x) and b / (2 x) + x."""
    a, b, x = Graph().inputs("x", 3)
    found = implicit_jacobian([x * b], [a, b], x, x * x - a - b)
    values = evaluate(found.ravel(), {"x0": 3.0, "x1": 6.0, "x2": 3.0})
    assert values == pytest.approx([1.0, 4.0], rel=1e-15)


def test_root_and_power_at_zero_leave_no_infinite_slope() -> None:
    a, b = Graph().inputs("x", 2)
    one = a.graph.constant(1)
    for node in (np.sqrt(a * a + b * b), (a * a) ** 0.3):
        slopes = evaluate(adjoint([node], [one], [a, b]), {"x0": 0.0, "x1": 0.0})
        assert slopes == [0.0, 0.0]


def test_compiled_kernel_computes_the_formula() -> None:
    @formula(reads={"x": 2}, results={"y": 2})
    def both(x):
        return np.array([everything(*x), x[0] * x[1]])

    text = kernel("both", both.record())
    scope: dict = {}
    exec(HEADER + text, scope)
    values = np.random.default_rng(0).uniform(-3, 3, (2, 3, LANES))
    x, y = np.zeros((1, 3, 2 * LANES)), np.zeros((2, 3, 2 * LANES))
    x[0] = values.swapaxes(0, 1).reshape(3, -1)
    scope["both"]((TILE, 3, 1.0), (x, 0), (y, 1))
    found = y[1].reshape(3, 2, LANES).swapaxes(0, 1)
    assert found[0] == pytest.approx(everything(*values), rel=1e-13, abs=1e-13)
    assert np.array_equal(found[1], values[0] * values[1])
    assert not y[0].any()


def test_what_is_known_before_is_what_does_not_wait() -> None:
    early, late = Graph().inputs("x", 2)
    root = np.sqrt(early)
    assert known_before([root * late, early + 1], [late]) == [root, early + 1]
    assert known_before([late * 2], [late]) == []


def test_a_formula_cannot_branch() -> None:
    a, b = Graph().inputs("x", 2)
    with pytest.raises(TypeError, match=r"choose with np\.where"):
        max(a, b)
    with pytest.raises(TypeError):
        np.arctan(a)


def test_arrays_of_expressions_meet_single_ones() -> None:
    vector = Graph().inputs("x", 3)
    scale = vector[0]
    for found in (scale * vector, vector * scale, np.multiply(scale, vector)):
        assert list(found) == [scale * node for node in vector]
    chosen = np.where(scale > 0, vector, 0.0)
    assert chosen[1] is np.where(scale > 0, vector[1], 0.0)


def test_functions_are_those_of_the_library() -> None:
    x = np.concatenate([-np.logspace(-12, 2.84, 4000), np.linspace(-5, 5, 1001)])
    assert np.abs(np.array([exponential(v) for v in x]) / np.exp(x) - 1).max() < 5e-16
    x = np.concatenate([np.logspace(-300, 300, 4001), 1 + np.linspace(-0.3, 0.4, 1001)])
    ours = np.array([logarithm(v) for v in x])
    assert np.abs(ours - np.log(x)).max() <= 4e-16 * 691
    assert np.allclose(ours, np.log(x), rtol=6e-16, atol=0)
    for y in (-2.5, -1.0, 0.02, 0.3, 3.0):
        ours = np.array([power(v, y) for v in np.logspace(-8, 8, 1001)])
        assert np.allclose(ours, np.logspace(-8, 8, 1001) ** y, rtol=5e-14, atol=0)


def test_functions_at_the_ends_of_their_range_are_those_of_the_library() -> None:
    with np.errstate(all="ignore"):
        for x in (np.float64(-1), np.float64(0), np.nan):
            assert np.array_equal(logarithm(x), np.log(x), equal_nan=True)
            assert np.array_equal(power(x, 0.5), np.power(x, 0.5), equal_nan=True)
    assert power(-0.0, 0.5) == 0.0
    for x in (712.0, 1e6, 1e14):
        assert exponential(x) == np.inf
    for x in (1e20, 1e300, np.inf):
        assert not np.isfinite(exponential(x))
    assert exponential(709.0) == pytest.approx(np.exp(709.0), rel=1e-15)
    assert np.isnan(exponential(np.nan))
    assert exponential(-np.inf) == exponential(-709.0) == 0.0
    assert exponential(-708.0) == pytest.approx(np.exp(-708.0), rel=1e-15)


@given(st.floats(-3, 3), st.integers(-7, 7))
def test_whole_powers_of_any_sign(x: float, n: int) -> None:
    assume(abs(x) > 1e-3 or n >= 0)
    (node,) = Graph().inputs("x", 1)
    power_of = node**n
    (slope,) = adjoint([power_of], [node.graph.constant(1)], [node])
    value, derivative = evaluate([power_of, slope], {"x0": np.float64(x)})
    assert value == pytest.approx(np.float64(x) ** n, rel=1e-14)
    assert derivative == pytest.approx(n * np.float64(x) ** (n - 1) if n else 0, rel=1e-13)


def test_functions_become_vectors() -> None:
    @njit(fastmath={"contract"}, error_model="numpy")
    def both(x, y):
        for i in range(64):
            y[i] = power(x[i], 0.3) + exponential(x[i])

    both(np.ones(64), np.ones(64))
    (code,) = both.inspect_asm().values()
    assert "vmulpd" in code or "mulpd" in code or "fmul" in code


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_constants_have_the_precision_of_the_formula(precision: str) -> None:
    """Numba takes numbers in a source for float64, and with one of them all that follows."""

    @njit
    def scaled(one, x):
        return constant(one, 0.1) * x

    one = np.dtype(precision).type(1)
    assert scaled(one, one) == np.dtype(precision).type(0.1)
    (signature,) = scaled.nopython_signatures
    assert str(signature.return_type) == precision
