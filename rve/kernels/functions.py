"""Constants, tables, and exponential, logarithm and power without branches, which become vectors.

Those of a mathematical library hold branches, so that a loop over points which calls them runs
point by point. Here each is a few products, and the bits of a float64: n + 1023 above 52 bits of
mantissa stand for the factor 2^n.
"""

from collections.abc import Callable
from math import factorial
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload

# Without the flags that would let the compiler assume that nothing is infinite or not a number.
inlined: Callable[[Any], Any] = njit(error_model="numpy", fastmath={"contract"})

_ROUNDING = 6755399441055744.0  # 1.5 * 2^52: added to a number it rounds it to a whole one
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
_ZERO_BITS = np.float64(_ROUNDING).view(np.int64) - 1023
_MANTISSA, _HALF = np.int64(2**52 - 1), np.int64(1022 << 52)
_SQRT_HALF = np.sqrt(0.5)
# Coefficients of Taylor series, the last ones first.
_EXPONENTIAL = tuple(1 / factorial(power) for power in range(13, -1, -1))
_ARTANH = tuple(2 / power for power in range(21, 1, -2))  # of 2 artanh(s) / s^3, by s^2


def constant(one, value):
    """A constant in the precision of `one`; numba takes all others for float64."""
    return type(one)(value)


@overload(constant)
def _constant(one, value):
    if one == types.float32:
        return lambda one, value: np.float32(value)
    return lambda one, value: np.float64(value)


@inlined
def table_row(constants, row, first, x):
    """Where in a row of constants that row of a table begins in which x lies.

    Args:
        constants: array (.., n); from `first` on the number of the table's rows, then these rows as
            in `rve.kernels.graph`. The first row is for all x below the second one.
        row: of this array.
        first: where the table begins.
        x: what is looked up; for what is not a number the first row.
    """
    top = int(first) + 1
    low, high = 0, int(constants[row, top - 1]) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if constants[row, top + 3 * middle] <= x:
            low = middle
        else:
            high = middle - 1
    return top + 3 * low


@inlined
def exponential(x):
    """exp(x) to one or two units in the last place; infinite above 709.4, zero below -708.7.

    For x above 1e15 the result is infinite of any sign, or not a number.

    x = n ln 2 + r with a whole n, and the Taylor series of exp(r), whose first term left out is
    below 1e-17.
    """
    x = max(x, -709.1)  # n = -1023, whose bits are those of zero
    shifted = x * 1.4426950408889634 + _ROUNDING
    n = shifted - _ROUNDING
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    series = _EXPONENTIAL[0]
    for coefficient in _EXPONENTIAL[1:]:
        series = series * r + coefficient
    bits = np.float64(shifted).view(np.int64) - _ZERO_BITS
    bits = min(bits, np.int64(2047))
    return series * np.int64(bits << 52).view(np.float64)


@inlined
def _logarithm(x):
    """log(x) to a few units in the last place, of a normal number above zero.

    x = 2^n m with m between sqrt(1/2) and sqrt(2), and log(m) = 2 artanh(s), s = (m - 1) / (m + 1),
    by its Taylor series, whose first term left out is below 1e-17.
    """
    bits = np.float64(x).view(np.int64)
    exponent = (bits >> 52) - 1022
    m = np.int64((bits & _MANTISSA) | _HALF).view(np.float64)
    low = m < _SQRT_HALF
    n = np.float64(exponent - 1) if low else np.float64(exponent)
    m = 2.0 * m if low else m
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = _ARTANH[0]
    for coefficient in _ARTANH[1:]:
        series = series * z + coefficient
    return n * _LN2_HIGH + (n * _LN2_LOW + (2.0 * s + s * (z * series)))


@inlined
def logarithm(x):
    """log(x) of a number that is not subnormal."""
    value = _logarithm(x)
    value = value if x > 0.0 else -np.inf
    return value if x >= 0.0 else np.nan


@inlined
def power(x, y):
    """x^y for x > 0; zero for x = 0, whatever y; not a number for x < 0 and for infinity."""
    raised = exponential(y * _logarithm(x))
    # With another choice instead of the root, the compiler would make branches.
    return (raised if x > 0.0 else 0.0) + 0.0 * np.sqrt(x)
