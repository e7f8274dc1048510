"""Algorithm 3, Eqs. 24-31: Newton's method for the jumps of all blocks, with a dense Jacobian.

It takes one point at a time. The tree holds active base nodes only: null nodes, and blocks that are
left with one child, were removed as the paper asks. As printed, the indices of Eqs. 24 and 26 give
all base nodes the same weight and the same jumps; Eqs. 2 and 20 are followed instead.
"""

import numpy as np
from numpy.typing import NDArray

from evaluation.online.iteration import PLACE, move
from evaluation.online.kernels import compiled, inlined
from evaluation.online.loop_arguments import FlatNetwork, Load, Work
from evaluation.online.schemes.scheme import Scheme
from rve.materials.layout import STRESS
from training.hollow import SMALLEST
from training.tree import Tree

Array = NDArray[np.float64]


def interaction_matrix(tree: Tree) -> Array:
    """A (6 n, 3 (n - 1)) of Eq. 26: strains of n base nodes by the jumps a = w b of the blocks."""
    base = len(tree.weights)
    weights = np.append(tree.weights, np.empty(base - 1))
    rows = np.zeros((tree.nodes, 6, base - 1, 3))
    for level in tree.levels:
        weights[level.nodes] = weights[level.children].sum(axis=1)
    for level in reversed(tree.levels):
        for node, children, H in zip(level.nodes, level.children, level.H, strict=True):
            for child, sign in zip(children, (1, -1), strict=True):
                rows[child] = rows[node]
                rows[child, :, node - base] = sign * H / weights[child]
    return rows[:base].reshape(6 * base, 3 * (base - 1))


@compiled
def least_squares(jacobian, right):
    """Smallest jumps of those that are left free by voids, in units in which all weigh alike."""
    units = np.ones(len(jacobian))
    for i in range(len(units)):
        if jacobian[i, i] > 0:
            units[i] = np.sqrt(jacobian[i, i])
    scaled = jacobian / units / units.reshape(-1, 1)
    found = np.linalg.lstsq(scaled, right / units.reshape(-1, 1), SMALLEST)[0]
    return found / units.reshape(-1, 1)


@compiled
def assemble(network: FlatNetwork, work: Work):
    """Algorithm 3: homogenised tangent and stress, and jumps, by R and J of Eqs. 28 and 31."""
    n, A = len(network.weights), network.interaction
    WKA, Wstress = np.empty(A.shape), np.empty(len(A))
    K, mean, stress = np.empty((6, 6)), np.zeros((6, 6)), np.zeros(6)
    coupling = np.zeros((6, A.shape[1]))
    for node in range(n):
        tile, weight = work.tiles[node, 0], network.weights[node]
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
    jacobian = np.dot(A.T, WKA)
    try:
        if network.hollow:
            work.solved[:] = least_squares(jacobian, right)
        else:
            work.solved[:] = np.linalg.solve(jacobian, right)
    except Exception:  # a singular Jacobian, or one that is not finite
        work.solved[:] = np.nan
    correction = np.dot(coupling, work.solved)
    top = work.tiles[-1, 0]
    for i in range(6):
        top[STRESS + i] = stress[i] - correction[i, 0]
        for j in range(i, 6):
            top[PLACE[i, j]] = mean[i, j] - correction[i, 1 + j]


@compiled
def spread(network: FlatNetwork, work: Work):
    """Algorithm 3: changes of strain of the base nodes, Eq. 25."""
    n = len(network.weights)
    jumps = work.solved[:, 0] + np.dot(work.solved[:, 1:].copy(), work.step)
    local = np.dot(network.interaction, jumps)
    for node in range(n):
        work.changes[node, 0] = work.step - local[6 * node : 6 * node + 6]


@inlined
def linearise(lanes, network: FlatNetwork, work: Work, iteration):
    """See `Scheme`."""
    assemble(network, work)


@inlined
def step(lanes, network: FlatNetwork, work: Work, load: Load, iteration):
    """See `Scheme`."""
    spread(network, work)
    return move(lanes, network, work, False)


SCHEME = Scheme(
    name="newton",
    words="Newton",
    colour="#d55e00",
    kinds=("IMN",),
    linearise=linearise,
    step=step,
    place=2,
    dense=True,
)
