"""What an equilibrium is judged by, see `evaluation.online.limits`: its rest and its balance.

Its arrays are those of `evaluation.online.loop_arguments`.
"""

import numpy as np

from evaluation.online import kernels
from evaluation.online.kernels import borrowing, compiled
from evaluation.online.limits import BALANCED, RESOLUTION, ROUNDING
from evaluation.online.loop_arguments import FlatNetwork, Work
from rve.kernels.tile import UPPER
from rve.materials.layout import STRESS

DIAGONAL = np.array([UPPER.index((i, i)) for i in range(6)])


@borrowing
def stiffness(tile, L, s):
    """The largest stiffness of a base node, GPa: of the diagonal of its tangent."""
    largest = 0.0
    for place in DIAGONAL:
        largest = max(largest, tile[place * L + s])
    return largest


@compiled
def find_sizes(lanes, network: FlatNetwork, work: Work):
    """Sizes of the stresses at the last equilibrium, where the base nodes must be."""
    L = len(lanes)
    stiffest, largest = np.zeros(L), np.zeros(L)
    for node in range(len(network.weights)):
        tile, last = work.tiles[node, 0], work.last[node]
        for s in range(L):
            stiffest[s] = max(stiffest[s], stiffness(tile, L, s))
        for q in range(6 * L if network.single[node] else 0):
            largest[q % L] = max(largest[q % L], abs(last[q]))
    resolved = RESOLUTION / BALANCED * stiffest * largest
    for node in range(len(network.weights)):
        tile = work.tiles[node, 0]
        for q in range(6 * L):
            work.sizes[node, q] = abs(tile[STRESS * L + q]) + resolved[q % L]


@borrowing
def relative_change(change, increment, strain, stress, stiffest):
    """Norm of a change of strains over that of their increment, zero for rounding.

    Args:
        change: square of the norm of the change.
        increment: likewise of the increment since the last equilibrium.
        strain: likewise of the strains at its beginning and its end together.
        stress: likewise of what the change adds to the stresses, GPa.
        stiffest: the largest stiffness of the base nodes, GPa.

    Returns:
        nan if a number is so large that its square is infinite; infinity where the strains came
        back to where the step began.
    """
    if not np.isfinite(change + increment + strain + stress):
        return np.nan
    if change <= ROUNDING**2 * strain or stress <= (RESOLUTION * stiffest) ** 2 * strain:
        return 0.0
    return np.sqrt(change / increment) if increment > 0 else np.inf


@compiled
def traction_defect(lanes, network: FlatNetwork, work: Work):
    """Norm of the tractions' jumps R, Eq. 27, over that of the tractions, at their largest."""
    L, n = len(lanes), len(network.weights)
    means, sums = np.zeros((2 * n - 1, 1, 12 * L)), np.zeros((2, 1, L))
    for node in range(n):
        for q in range(6 * L):
            stress = work.tiles[node, 0, STRESS * L + q]
            means[node, 0, q] = stress
            means[node, 0, 6 * L + q] = max(abs(stress), work.sizes[node, q])
    for block in range(n - 1):
        first, second = network.children[block]
        kernels.compare_tractions(
            (lanes, 1, 1.0),
            (network.blocks, block),
            (means, first),
            (means, second),
            (means, n + block),
            (sums[0], 0),
            (sums[1], 0),
        )
    for s in range(L):
        jump, traction = sums[0, 0, s], sums[1, 0, s]
        work.defect[s] = np.sqrt(jump / traction) if traction > 0 else 0.0
