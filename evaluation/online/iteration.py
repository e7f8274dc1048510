"""The steps of an online iteration; `evaluation.online.compiled` imports a copy of this module.

A tile of L points (`rve.kernels.tile`) goes through the same iterations; L is the length of the
tuple `lanes`, one or LANES. Node tiles are laid out as in `rve.materials.layout`; those of blocks
hold the tangent and the stress alone.
"""

from collections import namedtuple

import material_network_online_kernels as kernels
import numpy as np
from material_network_online_judgement import relative_change, stiffness
from numba import njit

from evaluation.online.limits import SLACK, TRIALS
from rve.kernels.call import call
from rve.kernels.tile import UPPER
from rve.materials.layout import DURATION, SKEW, STRAIN, STRESS

RESIDUAL_STRESS, FIXED_POINT, NEWTON, TREE_NEWTON = range(4)

PLACE = np.zeros((6, 6), dtype=np.int64)
for _q, (_i, _j) in enumerate(UPPER):
    PLACE[_i, _j] = PLACE[_j, _i] = _q
SKEW_ROWS = np.array([i for i, _ in SKEW])
SKEW_COLUMNS = np.array([j for _, j in SKEW])

Work = namedtuple(
    "Work",
    [
        "tiles",  # (nodes, 1, entries L), base nodes first
        "jumps",  # (blocks, 1, 21 L) of `kernels.condense`
        "solved",  # (3 blocks, 7): of Algorithm 3, jumps by the residual and by macroscopic strain
        "changes",  # (nodes, 1, 6 L) of strain
        "last",  # (base nodes, 6 L): strains at the last equilibrium
        "macro",  # (6 L) macroscopic strain
        "last_macro",  # the same at the last equilibrium
        "sizes",  # (base nodes, 6 L) of stresses, by which the balance is judged
        "stress",  # (6 L) macroscopic stress
        "gap",  # (6 L) to the target
        "step",  # (6 L) of the macroscopic strain
        "duration",  # (L,) of the step, s
        "iterations",  # (L,) of the last increment
        "steps",  # (L,) in which it was made, more than one if it was halved
        "converged",  # (L,) whether it ended in equilibrium
        "moved",  # (L,) relative change of strain in its last iteration
        "defect",  # (L,) of the tractions at its end
    ],
)


@njit(cache=True)
def prepare(lanes, structure):
    """Arrays to work with, for virgin materials."""
    L, n = len(lanes), len(structure.weights)
    nodes = 2 * n - 1
    return Work(
        np.zeros((nodes, 1, structure.width * L)),
        np.zeros((n - 1, 1, 21 * L)),
        np.zeros((structure.interaction.shape[1], 7)),
        np.zeros((nodes, 1, 6 * L)),
        np.zeros((n, 6 * L)),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros((n, 6 * L)),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.ones(L),
        np.zeros(L, dtype=np.int64),
        np.zeros(L, dtype=np.int64),
        np.zeros(L, dtype=np.bool_),
        np.zeros(L),
        np.zeros(L),
    )


@njit(cache=True)
def answer(lanes, structure, work):
    """Stresses and tangents of the base nodes."""
    L = len(lanes)
    addresses = structure.single if L == 1 else structure.tiled
    for node in range(len(structure.weights)):
        tile = work.tiles[node, 0]
        for s in range(L):
            tile[DURATION * L + s] = work.duration[s]
        call(addresses[node], structure.constants[node], tile)  # type: ignore[call-arg]


@njit(cache=True)
def average(lanes, structure, work):
    """Macroscopic stress, Eqs. 14 and 28: the weighted mean of those of the base nodes."""
    L = len(lanes)
    work.stress[:] = 0.0
    for node in range(len(structure.weights)):
        weight, tile = structure.weights[node], work.tiles[node, 0]
        for i in range(6 * L):
            work.stress[i] += weight * tile[STRESS * L + i]


@njit(cache=True)
def condense(lanes, structure, work):
    """Up the tree: tangents and stresses of the blocks, and their jumps."""
    n, tiles = len(structure.weights), work.tiles
    for block in range(n - 1):
        first, second = structure.children[block]
        kernels.condense(
            lanes,
            1,
            1.0,
            structure.blocks,
            block,
            tiles,
            first,
            tiles,
            second,
            tiles,
            n + block,
            work.jumps,
            block,
        )


@njit(cache=True)
def tangents(lanes, structure, work):
    """Homogenised tangents (L, 6, 6) at the current strains, the skew parts of laws included."""
    L, n, tiles = len(lanes), len(structure.weights), work.tiles
    found = np.empty((L, 6, 6))
    if structure.skews.max() < 0:
        condense(lanes, structure, work)
        for s in range(L):
            for i in range(6):
                for j in range(6):
                    found[s, i, j] = tiles[-1, 0, PLACE[i, j] * L + s]
        return found
    whole = np.empty((2 * n - 1, 1, 36 * L))
    for node in range(n):
        tile, own, skew = tiles[node, 0], whole[node, 0], structure.skews[node]
        for s in range(L):
            for i in range(6):
                for j in range(6):
                    own[(6 * i + j) * L + s] = tile[PLACE[i, j] * L + s]
            for q in range(len(SKEW_ROWS) if skew >= 0 else 0):
                i, j = SKEW_ROWS[q], SKEW_COLUMNS[q]
                own[(6 * i + j) * L + s] += tile[(skew + q) * L + s]
                own[(6 * j + i) * L + s] -= tile[(skew + q) * L + s]
    for block in range(n - 1):
        first, second = structure.children[block]
        kernels.condense_tangent(
            lanes, 1, 1.0, structure.blocks, block, whole, first, whole, second, whole, n + block
        )
    for s in range(L):
        for i in range(6):
            for j in range(6):
                found[s, i, j] = whole[-1, 0, (6 * i + j) * L + s]
    return found


@njit(cache=True)
def localise(lanes, structure, work):
    """Down the tree: changes of strain of all nodes from that of the top."""
    n, changes = len(structure.weights), work.changes
    for block in range(n - 2, -1, -1):
        first, second = structure.children[block]
        kernels.localise(
            lanes,
            1,
            1.0,
            structure.blocks,
            block,
            work.jumps,
            block,
            changes,
            n + block,
            changes,
            first,
            changes,
            second,
        )


@njit(cache=True)
def leave_residual_stress(lanes, structure, work):
    """Replace the stresses of the base nodes by those of Eq. 10: linearised, at the last strain."""
    L = len(lanes)
    for node in range(len(structure.weights)):
        tile, last = work.tiles[node, 0], work.last[node]
        for i in range(6):
            for j in range(6):
                for s in range(L):
                    grown = tile[(STRAIN + j) * L + s] - last[j * L + s]
                    tile[(STRESS + i) * L + s] -= tile[PLACE[i, j] * L + s] * grown


@njit(cache=True)
def restart(lanes, structure, work):
    """Take points that have not converged to the last equilibrium."""
    L = len(lanes)
    for q in range(6 * L):
        if not work.converged[q % L]:
            work.macro[q] = work.last_macro[q]
    for node in range(len(structure.weights)):
        tile, last = work.tiles[node, 0], work.last[node]
        for q in range(6 * L):
            if not work.converged[q % L]:
                tile[STRAIN * L + q] = last[q]
    answer(lanes, structure, work)


@njit(cache=True)
def stiffen(lanes, structure, work, share):
    """Raise all stiffnesses of the base nodes a little, so that none is zero in any direction.

    Where a phase flows without hardening, Newton's step may lead to infinity. It leads down the
    potential with any stiffness.
    """
    L = len(lanes)
    for node in range(len(structure.weights)):
        tile = work.tiles[node, 0]
        for s in range(L):
            largest = stiffness(tile, L, s)
            for i in range(6):
                tile[PLACE[i, i] * L + s] += share * largest


@njit(cache=True)
def leave_no_stress(lanes, structure, work):
    """Take the stresses of the base nodes as zero in the jumps, as in Algorithm 2."""
    L = len(lanes)
    for node in range(len(structure.weights)):
        work.tiles[node, 0, STRESS * L : STRAIN * L] = 0.0


@njit(cache=True)
def assemble(structure, work):
    """Algorithm 3: homogenised tangent and stress, and jumps, by R and J of Eqs. 28 and 31."""
    n, A = len(structure.weights), structure.interaction
    WKA, Wstress = np.empty(A.shape), np.empty(len(A))
    K, mean, stress = np.empty((6, 6)), np.zeros((6, 6)), np.zeros(6)
    coupling = np.zeros((6, A.shape[1]))
    for node in range(n):
        tile, weight = work.tiles[node, 0], structure.weights[node]
        for i in range(6):
            Wstress[6 * node + i] = weight * tile[STRESS + i]
            for j in range(6):
                K[i, j] = weight * tile[PLACE[i, j]]
        rows = slice(6 * node, 6 * node + 6)
        WKA[rows] = np.dot(K, A[rows])
        mean += K
        stress += Wstress[rows]
        coupling += WKA[rows]
    right = np.empty((A.shape[1], 7))
    right[:, 0] = np.dot(A.T, Wstress)
    right[:, 1:] = coupling.T
    try:
        work.solved[:] = np.linalg.solve(np.dot(A.T, WKA), right)
    except Exception:  # a singular Jacobian, or one that is not finite
        work.solved[:] = np.nan
    correction = np.dot(coupling, work.solved)
    top = work.tiles[-1, 0]
    for i in range(6):
        top[STRESS + i] = stress[i] - correction[i, 0]
        for j in range(i, 6):
            top[PLACE[i, j]] = mean[i, j] - correction[i, 1 + j]


@njit(cache=True)
def spread(structure, work):
    """Algorithm 3: changes of strain of the base nodes, Eq. 25."""
    n = len(structure.weights)
    jumps = work.solved[:, 0] + np.dot(work.solved[:, 1:].copy(), work.step)
    local = np.dot(structure.interaction, jumps)
    for node in range(n):
        work.changes[node, 0] = work.step - local[6 * node : 6 * node + 6]


@njit(cache=True)
def control(lanes, work, free):
    """Step of the macroscopic strain that closes the gap to the target."""
    shape, top = (1, 1, free.size), len(work.tiles) - 1
    gap, step = work.gap.reshape(shape), work.step.reshape(shape)
    kernels.control(lanes, 1, 1.0, free.reshape(shape), 0, work.tiles, top, gap, 0, step, 0)
    work.macro[:] += work.step


@njit(cache=True)
def find_gap(lanes, work, free, target, scheme):
    """Target less strain, or less stress of the linearised network at the current strain."""
    L, top = len(lanes), work.tiles[-1, 0]
    for i in range(6):
        for s in range(L):
            here = work.macro[i * L + s]
            if free[i * L + s] == 1.0:
                here = top[(STRESS + i) * L + s]
                if scheme == FIXED_POINT:
                    here = work.stress[i * L + s]
                if scheme == RESIDUAL_STRESS:
                    for j in range(6):
                        grown = work.macro[j * L + s] - work.last_macro[j * L + s]
                        here += top[PLACE[i, j] * L + s] * grown
            work.gap[i * L + s] = target[i * L + s] - here


@njit(cache=True)
def move(lanes, structure, work, scheme):
    """New strains of the base nodes; returns their changes by which rest is judged."""
    L = len(lanes)
    changes, increments, strains = np.zeros(L), np.zeros(L), np.zeros(L)
    stresses, stiffest, own = np.zeros(L), np.zeros(L), np.zeros(L)
    from_last = scheme in (RESIDUAL_STRESS, FIXED_POINT)
    for node in range(len(structure.weights)):
        tile, last, step = work.tiles[node, 0], work.last[node], work.changes[node, 0]
        own[:] = 0.0
        for i in range(6):
            for s in range(L):
                old, start = tile[(STRAIN + i) * L + s], last[i * L + s]
                new = (start if from_last else old) + step[i * L + s]
                tile[(STRAIN + i) * L + s] = new
                own[s] += (new - old) ** 2
                increments[s] += (new - start) ** 2
                strains[s] += new**2 + start**2
        for s in range(L):
            largest = stiffness(tile, L, s)
            stiffest[s] = max(stiffest[s], largest)
            changes[s] += own[s]
            stresses[s] += largest**2 * own[s]
    for s in range(L):
        changes[s] = relative_change(
            changes[s], increments[s], strains[s], stresses[s], stiffest[s]
        )
    return changes


@njit(cache=True)
def find_slope(lanes, structure, work, free, target):
    """Derivative (L,) of the potential by the length of the Newton step.

    In a step of associated plasticity the stresses derive from a convex potential. Equilibrium is
    the minimum of this potential less the work of the prescribed stresses.
    """
    L = len(lanes)
    slope = np.zeros(L)
    for node in range(len(structure.weights)):
        tile, change, weight = work.tiles[node, 0], work.changes[node, 0], structure.weights[node]
        for i in range(6):
            for s in range(L):
                slope[s] += weight * tile[(STRESS + i) * L + s] * change[i * L + s]
    for q in range(6 * L):
        slope[q % L] -= free[q] * target[q] * work.step[q]
    return slope


@njit(cache=True)
def shorten(lanes, structure, work, free, target, before):
    """Shorten Newton steps that went beyond the minimum, until the slope is at most half as large.

    Without this, steps may lead from one side of the minimum to the other and back for ever.
    """
    L = len(lanes)
    length, low, high = np.ones(L), np.zeros(L), np.ones(L)
    at_low, slope = before.copy(), find_slope(lanes, structure, work, free, target)
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
        for node in range(len(structure.weights)):
            tile, change = work.tiles[node, 0], work.changes[node, 0]
            for q in range(6 * L):
                tile[STRAIN * L + q] += shift[q % L] * change[q]
        for q in range(6 * L):
            work.macro[q] += shift[q % L] * work.step[q]
        answer(lanes, structure, work)
        slope = find_slope(lanes, structure, work, free, target)
        for s in range(L):
            if shift[s] != 0.0 and slope[s] < 0:
                low[s], at_low[s] = length[s], slope[s]
            elif shift[s] != 0.0:
                high[s], at_high[s] = length[s], slope[s]
