"""What point functions of material laws are written with, see `rve.materials.law`.

A point function works on the tile of L = len(lanes) points in which entry q of point s stands at
`tile[q * L + s]` (see `rve.kernels.tile`):

    entries                  what
    TANGENT, 21 entries      consistent tangent, upper triangle row by row, GPa; to be written
    STRESS, 6                stress at the end of the step, GPa; to be written
    STRAIN, 6                total strain at the end of the step
    STATE, state_size        internal variables at its start; zeros for the virgin material
    STATE + state_size, ..   internal variables at its end; to be written

The compiler turns loops over the points into vector instructions if they hold no branch but
choices of values, and read before they write. A point without an answer gets a stress that is not
a number.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from rve.kernels.tile import ENTRIES

TANGENT, STRESS, STRAIN, STATE = 0, ENTRIES, ENTRIES + 6, ENTRIES + 12

# Without the flags that would let the compiler assume that nothing is infinite or not a number.
lanewise: Callable[[Any], Any] = njit(error_model="numpy", fastmath={"contract"})

_ROUNDING = 6755399441055744.0  # 1.5 * 2^52: added to a number it rounds it to a whole one
_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10


@lanewise
def read6(tile, q, L, s):
    """Six entries of point s, from entry q on."""
    return (
        tile[q * L + s],
        tile[(q + 1) * L + s],
        tile[(q + 2) * L + s],
        tile[(q + 3) * L + s],
        tile[(q + 4) * L + s],
        tile[(q + 5) * L + s],
    )


@lanewise
def write6(tile, q, L, s, values):
    """Write six entries of point s, from entry q on."""
    tile[q * L + s] = values[0]
    tile[(q + 1) * L + s] = values[1]
    tile[(q + 2) * L + s] = values[2]
    tile[(q + 3) * L + s] = values[3]
    tile[(q + 4) * L + s] = values[4]
    tile[(q + 5) * L + s] = values[5]


@lanewise
def write_isotropic_tangent(tile, L, s, bulk, twice_shear):
    """Write a tangent of bulk modulus K and shear modulus G, given K and 2 G."""
    on, off, twice = bulk + twice_shear * (2 / 3), bulk - twice_shear / 3, twice_shear
    tile[(TANGENT + 0) * L + s] = on
    tile[(TANGENT + 1) * L + s] = off
    tile[(TANGENT + 2) * L + s] = off
    tile[(TANGENT + 3) * L + s] = 0.0
    tile[(TANGENT + 4) * L + s] = 0.0
    tile[(TANGENT + 5) * L + s] = 0.0
    tile[(TANGENT + 6) * L + s] = on
    tile[(TANGENT + 7) * L + s] = off
    tile[(TANGENT + 8) * L + s] = 0.0
    tile[(TANGENT + 9) * L + s] = 0.0
    tile[(TANGENT + 10) * L + s] = 0.0
    tile[(TANGENT + 11) * L + s] = on
    tile[(TANGENT + 12) * L + s] = 0.0
    tile[(TANGENT + 13) * L + s] = 0.0
    tile[(TANGENT + 14) * L + s] = 0.0
    tile[(TANGENT + 15) * L + s] = twice
    tile[(TANGENT + 16) * L + s] = 0.0
    tile[(TANGENT + 17) * L + s] = 0.0
    tile[(TANGENT + 18) * L + s] = twice
    tile[(TANGENT + 19) * L + s] = 0.0
    tile[(TANGENT + 20) * L + s] = twice


@lanewise
def subtract_dyad(tile, L, s, c, d):
    """Subtract c times the dyad of d (6) with itself from the tangent of point s."""
    d0, d1, d2, d3, d4, d5 = d
    tile[(TANGENT + 0) * L + s] -= c * d0 * d0
    tile[(TANGENT + 1) * L + s] -= c * d0 * d1
    tile[(TANGENT + 2) * L + s] -= c * d0 * d2
    tile[(TANGENT + 3) * L + s] -= c * d0 * d3
    tile[(TANGENT + 4) * L + s] -= c * d0 * d4
    tile[(TANGENT + 5) * L + s] -= c * d0 * d5
    tile[(TANGENT + 6) * L + s] -= c * d1 * d1
    tile[(TANGENT + 7) * L + s] -= c * d1 * d2
    tile[(TANGENT + 8) * L + s] -= c * d1 * d3
    tile[(TANGENT + 9) * L + s] -= c * d1 * d4
    tile[(TANGENT + 10) * L + s] -= c * d1 * d5
    tile[(TANGENT + 11) * L + s] -= c * d2 * d2
    tile[(TANGENT + 12) * L + s] -= c * d2 * d3
    tile[(TANGENT + 13) * L + s] -= c * d2 * d4
    tile[(TANGENT + 14) * L + s] -= c * d2 * d5
    tile[(TANGENT + 15) * L + s] -= c * d3 * d3
    tile[(TANGENT + 16) * L + s] -= c * d3 * d4
    tile[(TANGENT + 17) * L + s] -= c * d3 * d5
    tile[(TANGENT + 18) * L + s] -= c * d4 * d4
    tile[(TANGENT + 19) * L + s] -= c * d4 * d5
    tile[(TANGENT + 20) * L + s] -= c * d5 * d5


@lanewise
def exponential(x):
    """exp(x) of one number x <= 700, to one or two units in the last place; exp(-708) below that.

    It holds no branch, unlike that of a mathematical library. x = n ln 2 + r with a whole n, and
    the Taylor series of exp(r), whose first term left out is below 1e-17; the bits of a float64
    hold n + 1023 above its 52 bits of mantissa.
    """
    x = max(x, -708.0)
    shifted = x * 1.4426950408889634 + _ROUNDING
    n = shifted - _ROUNDING
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    series = 1 / 6227020800.0
    series = series * r + 1 / 479001600.0
    series = series * r + 1 / 39916800.0
    series = series * r + 1 / 3628800.0
    series = series * r + 1 / 362880.0
    series = series * r + 1 / 40320.0
    series = series * r + 1 / 5040.0
    series = series * r + 1 / 720.0
    series = series * r + 1 / 120.0
    series = series * r + 1 / 24.0
    series = series * r + 1 / 6.0
    series = series * r + 0.5
    series = series * r + 1.0
    series = series * r + 1.0
    bits = np.float64(shifted).view(np.int64) + 1023
    return series * np.int64(bits << 52).view(np.float64)
