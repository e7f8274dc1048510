"""The compiled loop of a law over material points."""

import numpy as np

from rve.kernels.build import Library
from rve.kernels.pointers import call
from rve.kernels.tile import LANES, UPPER
from rve.materials.layout import DURATION, SKEW, STATE, STRAIN, STRESS

_LIBRARY = Library(
    name="points",
    message="compiling the loop over material points, once on this machine: seconds",
    sources=("rve.materials.points", "rve.materials.layout"),
    rehearsal="rve.materials.points",
)

_ROWS = np.array([i for i, _ in UPPER])
_COLUMNS = np.array([j for _, j in UPPER])
_SKEW_ROWS = np.array([i for i, _ in SKEW])
_SKEW_COLUMNS = np.array([j for _, j in SKEW])


@_LIBRARY.compiled(
    "void(int64, float64[::1], int64, int64, int64, float64[:, ::1], float64[:, ::1], float64, "
    "float64[:, ::1], float64[:, ::1], float64[:, :, ::1], float64[::1])"
)
def respond(
    address,
    constants,
    width,
    skew,
    going,
    strain,
    state,
    duration,
    stress,
    new_state,
    tangent,
    outcome,
):
    """Call a law tile by tile; the last four arguments are written.

    Arguments as in `rve.materials.law.Law.respond` and `rve.materials.compiled.CompiledLaw`.
    """
    points, size = state.shape
    tile = np.zeros(width * LANES)
    for start in range(0, points, LANES):
        for s in range(LANES):
            # The last tile is filled up with its first point.
            n = start + s if start + s < points else start
            for i in range(6):
                tile[(STRAIN + i) * LANES + s] = strain[n, i]
            tile[DURATION * LANES + s] = duration
            for i in range(size):
                tile[(STATE + i) * LANES + s] = state[n, i]
        call(address, constants, tile)
        for s in range(min(LANES, points - start)):
            n = start + s
            if going >= 0:
                outcome[n] = tile[going * LANES + s]
            for i in range(6):
                stress[n, i] = tile[(STRESS + i) * LANES + s]
            for i in range(size):
                new_state[n, i] = tile[(STATE + size + i) * LANES + s]
            for q in range(len(_ROWS)):
                value = tile[q * LANES + s]
                tangent[n, _ROWS[q], _COLUMNS[q]] = value
                tangent[n, _COLUMNS[q], _ROWS[q]] = value
            if skew >= 0:
                for q in range(len(_SKEW_ROWS)):
                    value = tile[(skew + q) * LANES + s]
                    tangent[n, _SKEW_ROWS[q], _SKEW_COLUMNS[q]] += value
                    tangent[n, _SKEW_COLUMNS[q], _SKEW_ROWS[q]] -= value


def rehearse(_: str) -> None:
    """Have the loop compiled, whose types of arguments are declared."""
    assert respond.made.signatures
