"""The tile that a compiled law works on, see `rve.kernels.tile`.

entries                  what
TANGENT, 21              consistent tangent, its symmetric part, upper triangle by rows, GPa
STRESS, 6                stress at the end of the step, GPa
STRAIN, 6                total strain at the end of the step
DURATION, 1              duration of the step, s
STATE, state_size        internal variables at its start
STATE + state_size, ..   internal variables at its end
after these              skew part of a tangent that is not symmetric; what the law's own
                         iteration keeps
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rve.kernels.tile import ENTRIES

TANGENT, STRESS, STRAIN = 0, ENTRIES, ENTRIES + 6
DURATION, STATE = STRAIN + 6, STRAIN + 7
SKEW = tuple((i, j) for i in range(6) for j in range(i + 1, 6))


class PointFunctions(NamedTuple):
    """The functions of a law for the points of a tile, called by their addresses.

    Attributes:
        constants: what they get (k,).
        single: address of that for one point.
        tiled: of that for LANES points.
        width: number of entries of a tile.
        skew: entry where the skew part of the tangent begins; -1 for a symmetric one.
        going: entry that tells how the search for the unknown ended; -1 without one.
    """

    constants: NDArray[np.float64]
    single: int
    tiled: int
    width: int
    skew: int
    going: int
