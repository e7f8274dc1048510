"""What the online schemes share: the arrays of an iteration, and passes up and down the tree.

A tile of L points (`rve.kernels.tile`) goes through the same iterations; L is the length of the
tuple `lanes`, one or LANES. Node tiles are laid out as in `rve.materials.layout`; those of blocks
hold the tangent and the stress alone.
"""

import numpy as np

from evaluation.online import kernels
from evaluation.online.judgement import relative_change, stiffness
from evaluation.online.kernels import borrowing, compiled
from evaluation.online.loop_arguments import FlatNetwork, Load, Work
from rve.kernels.call import call
from rve.kernels.tile import UPPER
from rve.materials.layout import DURATION, SKEW, STRAIN, STRESS

PLACE = np.zeros((6, 6), dtype=np.int64)
for _q, (_i, _j) in enumerate(UPPER):
    PLACE[_i, _j] = PLACE[_j, _i] = _q
SKEW_ROWS = np.array([i for i, _ in SKEW])
SKEW_COLUMNS = np.array([j for _, j in SKEW])


@compiled
def prepare(lanes, network: FlatNetwork):
    """Arrays to work with, for virgin materials."""
    L, n = len(lanes), len(network.weights)
    nodes = 2 * n - 1
    return Work(
        np.zeros((nodes, 1, network.width * L)),
        np.zeros((n - 1, 1, 21 * L)),
        np.zeros((network.interaction.shape[1], 7)),
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


@borrowing
def answer(lanes, network: FlatNetwork, work: Work):
    """Stresses and tangents of the base nodes."""
    L = len(lanes)
    addresses = network.single if L == 1 else network.tiled
    for node in range(len(network.weights)):
        if addresses[node] == 0:
            continue
        tile = work.tiles[node, 0]
        for s in range(L):
            tile[DURATION * L + s] = work.duration[s]
        call(addresses[node], network.constants[node], tile)


@borrowing
def average(lanes, network: FlatNetwork, work: Work):
    """Macroscopic stress, Eqs. 14 and 28: the weighted mean of those of the base nodes."""
    L = len(lanes)
    work.stress[:] = 0.0
    for node in range(len(network.weights)):
        weight, tile = network.weights[node], work.tiles[node, 0]
        for i in range(6 * L):
            work.stress[i] += weight * tile[STRESS * L + i]


@borrowing
def condense(lanes, network: FlatNetwork, work: Work):
    """Up the tree: tangents and stresses of the blocks, and their jumps."""
    n, tiles = len(network.weights), work.tiles
    for block in range(n - 1):
        shared, jump = (network.blocks, block), (work.jumps, block)
        first, second = network.children[block]
        below, here = ((tiles, first), (tiles, second)), (tiles, n + block)
        if network.hollow:
            kernels.condense_hollow((lanes, 1, 1.0), shared, *below, here, jump)
        else:
            kernels.condense((lanes, 1, 1.0), shared, *below, here, jump)


@compiled
def tangents(lanes, network: FlatNetwork, work: Work):
    """Homogenised tangents (L, 6, 6) at the current strains, the skew parts of laws included."""
    L, n, tiles = len(lanes), len(network.weights), work.tiles
    found = np.empty((L, 6, 6))
    if network.skews.max() < 0:
        condense(lanes, network, work)
        for s in range(L):
            for i in range(6):
                for j in range(6):
                    found[s, i, j] = tiles[-1, 0, PLACE[i, j] * L + s]
        return found
    whole = np.empty((2 * n - 1, 1, 36 * L))
    for node in range(n):
        tile, own, skew = tiles[node, 0], whole[node, 0], network.skews[node]
        for s in range(L):
            for i in range(6):
                for j in range(6):
                    own[(6 * i + j) * L + s] = tile[PLACE[i, j] * L + s]
            for q in range(len(SKEW_ROWS) if skew >= 0 else 0):
                i, j = SKEW_ROWS[q], SKEW_COLUMNS[q]
                own[(6 * i + j) * L + s] += tile[(skew + q) * L + s]
                own[(6 * j + i) * L + s] -= tile[(skew + q) * L + s]
    for block in range(n - 1):
        shared, here = (network.blocks, block), (whole, n + block)
        first, second = network.children[block]
        below = (whole, first), (whole, second)
        if network.hollow:
            kernels.condense_hollow_tangent((lanes, 1, 1.0), shared, *below, here)
        else:
            kernels.condense_tangent((lanes, 1, 1.0), shared, *below, here)
    for s in range(L):
        for i in range(6):
            for j in range(6):
                found[s, i, j] = whole[-1, 0, (6 * i + j) * L + s]
    return found


@borrowing
def localise(lanes, network: FlatNetwork, work: Work):
    """Down the tree: changes of strain of all nodes from that of the top."""
    n, changes = len(network.weights), work.changes
    for block in range(n - 2, -1, -1):
        first, second = network.children[block]
        kernels.localise(
            (lanes, 1, 1.0),
            (network.blocks, block),
            (work.jumps, block),
            (changes, n + block),
            (changes, first),
            (changes, second),
        )


@borrowing
def restart(lanes, network: FlatNetwork, work: Work):
    """Take points that have not converged to the last equilibrium."""
    L = len(lanes)
    for q in range(6 * L):
        if not work.converged[q % L]:
            work.macro[q] = work.last_macro[q]
    for node in range(len(network.weights)):
        tile, last = work.tiles[node, 0], work.last[node]
        for q in range(6 * L):
            if not work.converged[q % L]:
                tile[STRAIN * L + q] = last[q]
    answer(lanes, network, work)


@compiled
def move(lanes, network: FlatNetwork, work: Work, from_last):
    """New strains of the base nodes, and what they answer.

    Args:
        lanes: of the tile.
        network: the network.
        work: with the changes of strain.
        from_last: whether these are counted from the last equilibrium, not from the last iteration.

    Returns:
        Relative changes (L,) of the strains, by which their rest is judged.
    """
    L = len(lanes)
    changes, increments, strains = np.zeros(L), np.zeros(L), np.zeros(L)
    stresses, stiffest, own = np.zeros(L), np.zeros(L), np.zeros(L)
    for node in range(len(network.weights)):
        tile, last, step = work.tiles[node, 0], work.last[node], work.changes[node, 0]
        solid = network.single[node] != 0
        own[:] = 0.0
        for i in range(6):
            for s in range(L):
                old, start = tile[(STRAIN + i) * L + s], last[i * L + s]
                new = (start if from_last else old) + step[i * L + s]
                tile[(STRAIN + i) * L + s] = new
                if solid:
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
    answer(lanes, network, work)
    return changes


@compiled
def step_from_last(lanes, network: FlatNetwork, work: Work, load: Load, iteration):
    """Step of a scheme whose jumps are counted from the last equilibrium; see `Scheme`."""
    work.changes[-1, 0] = work.macro - work.last_macro
    localise(lanes, network, work)
    return move(lanes, network, work, True)
