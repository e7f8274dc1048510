"""The compiled loop of a law over material points."""

import numpy as np

from rve.kernels.build import Library
from rve.kernels.call import call
from rve.kernels.tile import LANES, UPPER
from rve.materials.layout import DURATION, SKEW, STATE, STRAIN, STRESS, PointFunctions
from rve.materials.material import Response

_ROWS, _COLUMNS = np.array(UPPER).T.copy()
_SKEW_ROWS, _SKEW_COLUMNS = np.array(SKEW).T.copy()
LIBRARY = Library(
    name="points",
    message="compiling the loop over material points, once on this machine: seconds",
    rehearsal="rve.materials.points",
)


@LIBRARY.compiled()
def respond(law, strain, state, duration, response, outcome):
    """Write the `Response` of a law to its arguments, tile by tile, see `Material.respond`.

    What is written to outcome (n,) is how the search for the unknown of each point ended.
    """
    points, size = state.shape
    tile = np.zeros(law.width * LANES)
    for start in range(0, points, LANES):
        for s in range(LANES):
            # The last tile is filled up with its first point.
            n = start + s if start + s < points else start
            for i in range(6):
                tile[(STRAIN + i) * LANES + s] = strain[n, i]
            tile[DURATION * LANES + s] = duration
            for i in range(size):
                tile[(STATE + i) * LANES + s] = state[n, i]
        call(law.tiled, law.constants, tile)
        for s in range(min(LANES, points - start)):
            n = start + s
            if law.going >= 0:
                outcome[n] = tile[law.going * LANES + s]
            for i in range(6):
                response.stress[n, i] = tile[(STRESS + i) * LANES + s]
            for i in range(size):
                response.state[n, i] = tile[(STATE + size + i) * LANES + s]
            for q in range(len(_ROWS)):
                value = tile[q * LANES + s]
                response.tangent[n, _ROWS[q], _COLUMNS[q]] = value
                response.tangent[n, _COLUMNS[q], _ROWS[q]] = value
            if law.skew >= 0:
                for q in range(len(_SKEW_ROWS)):
                    value = tile[(law.skew + q) * LANES + s]
                    response.tangent[n, _SKEW_ROWS[q], _SKEW_COLUMNS[q]] += value
                    response.tangent[n, _SKEW_COLUMNS[q], _SKEW_ROWS[q]] -= value


def rehearse(_: str) -> None:
    """Have the loop compiled."""
    law = PointFunctions(np.zeros(1), single=0, tiled=0, width=1, skew=-1, going=-1)
    none, tangent = np.zeros((0, 6)), np.zeros((0, 6, 6))
    respond(law, none, none, 1.0, Response(none, none, tangent), np.zeros(0))
