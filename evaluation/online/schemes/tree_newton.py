"""Newton's method as in Algorithm 3, by a sweep up and down the tree: each block is condensed.

After `PLAIN_ITERATIONS` it begins again, with stiffnesses that are raised and steps that are
shortened; see docs/online.md.
"""

import numpy as np

from evaluation.online.iteration import PLACE, answer, condense, localise, move, restart
from evaluation.online.judgement import stiffness
from evaluation.online.kernels import borrowing, compiled, inlined
from evaluation.online.limits import FADING, PLAIN_ITERATIONS, SLACK, STIFFENING, TRIALS
from evaluation.online.loop_arguments import FlatNetwork, Load, Work
from evaluation.online.schemes.scheme import Scheme
from rve.materials.layout import STRAIN, STRESS


@inlined
def linearise(lanes, network: FlatNetwork, work: Work, iteration):
    """See `Scheme`."""
    if iteration == PLAIN_ITERATIONS + 1:
        restart(lanes, network, work)
    if iteration > PLAIN_ITERATIONS:
        stiffen(lanes, network, work, STIFFENING * FADING ** (iteration - PLAIN_ITERATIONS))
    condense(lanes, network, work)


@inlined
def step(lanes, network: FlatNetwork, work: Work, load: Load, iteration):
    """See `Scheme`."""
    work.changes[-1, 0] = work.step
    localise(lanes, network, work)
    if iteration <= PLAIN_ITERATIONS:
        return move(lanes, network, work, False)
    before = find_slope(lanes, network, work, load)
    changes = move(lanes, network, work, False)
    shorten(lanes, network, work, load, before)
    return changes


@borrowing
def stiffen(lanes, network: FlatNetwork, work: Work, share):
    """Raise all stiffnesses of the base nodes a little, so that none is zero in any direction.

    Where a phase flows without hardening, Newton's step may lead to infinity. It leads down the
    potential with any stiffness.
    """
    L = len(lanes)
    for node in range(len(network.weights)):
        tile = work.tiles[node, 0]
        for s in range(L):
            largest = stiffness(tile, L, s)
            for i in range(6):
                tile[PLACE[i, i] * L + s] += share * largest


@compiled
def find_slope(lanes, network: FlatNetwork, work: Work, load: Load):
    """Derivative (L,) of the potential by the length of the Newton step.

    In a step of associated plasticity the stresses derive from a convex potential. Equilibrium is
    the minimum of this potential less the work of the prescribed stresses.
    """
    L = len(lanes)
    slope = np.zeros(L)
    for node in range(len(network.weights)):
        tile, change, weight = work.tiles[node, 0], work.changes[node, 0], network.weights[node]
        for i in range(6):
            for s in range(L):
                slope[s] += weight * tile[(STRESS + i) * L + s] * change[i * L + s]
    for q in range(6 * L):
        slope[q % L] -= load.free[q] * load.target[q] * work.step[q]
    return slope


@compiled
def shorten(lanes, network: FlatNetwork, work: Work, load: Load, before):
    """Shorten Newton steps that went beyond the minimum, until the slope is at most half as large.

    Without this, steps may lead from one side of the minimum to the other and back for ever.
    """
    L = len(lanes)
    length, low, high = np.ones(L), np.zeros(L), np.ones(L)
    at_low, slope = before.copy(), find_slope(lanes, network, work, load)
    at_high, shift = slope.copy(), np.zeros(L)
    for _ in range(TRIALS):
        shift[:] = 0.0
        for s in range(L):
            if work.converged[s] or not before[s] < 0:
                continue
            beyond = not slope[s] <= -SLACK * before[s]
            if beyond or (length[s] < 1 and slope[s] < SLACK * before[s]):
                share = at_low[s] / (at_low[s] - at_high[s])
                share = min(0.9, max(0.1, share)) if np.isfinite(share) else 0.5
                shift[s] = low[s] + share * (high[s] - low[s]) - length[s]
                length[s] += shift[s]
        if not shift.any():
            return
        for node in range(len(network.weights)):
            tile, change = work.tiles[node, 0], work.changes[node, 0]
            for q in range(6 * L):
                tile[STRAIN * L + q] += shift[q % L] * change[q]
        for q in range(6 * L):
            work.macro[q] += shift[q % L] * work.step[q]
        answer(lanes, network, work)
        slope = find_slope(lanes, network, work, load)
        for s in range(L):
            if shift[s] != 0.0 and slope[s] < 0:
                low[s], at_low[s] = length[s], slope[s]
            elif shift[s] != 0.0:
                high[s], at_high[s] = length[s], slope[s]


SCHEME = Scheme(
    name="tree_newton",
    words="tree Newton",
    colour="#009e73",
    kinds=("DMN", "IMN"),
    linearise=linearise,
    step=step,
    place=4,
)
