"""The compiled loop of a law over material points; `rve.materials.law` imports a copy of this."""

import numpy as np
from numba import njit

from rve.kernels.tile import LANES, UPPER
from rve.materials.lanes import STATE, STRAIN, STRESS
from rve.materials.law import call

_ROWS = np.array([i for i, _ in UPPER])
_COLUMNS = np.array([j for _, j in UPPER])


@njit(
    "void(int64, float64[::1], float64[:, ::1], float64[:, ::1], float64[:, ::1], "
    "float64[:, ::1], float64[:, :, ::1])",
    cache=True,
)
def respond(address, constants, strain, state, stress, new_state, tangent):
    """Call a law tile by tile; arguments as in `Law.respond`, the last three written."""
    points, size = state.shape
    tile = np.zeros((STATE + 2 * size) * LANES)
    for start in range(0, points, LANES):
        for s in range(LANES):
            # The last tile is filled up with its first point.
            n = start + s if start + s < points else start
            for i in range(6):
                tile[(STRAIN + i) * LANES + s] = strain[n, i]
            for i in range(size):
                tile[(STATE + i) * LANES + s] = state[n, i]
        call(address, constants, tile)  # type: ignore[call-arg]
        for s in range(min(LANES, points - start)):
            n = start + s
            for i in range(6):
                stress[n, i] = tile[(STRESS + i) * LANES + s]
            for i in range(size):
                new_state[n, i] = tile[(STATE + size + i) * LANES + s]
            for q in range(len(_ROWS)):
                value = tile[q * LANES + s]
                tangent[n, _ROWS[q], _COLUMNS[q]] = value
                tangent[n, _COLUMNS[q], _ROWS[q]] = value
