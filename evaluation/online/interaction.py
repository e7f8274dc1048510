"""The matrix A of Algorithm 3, Eqs. 24-26.

The tree holds active base nodes only: null nodes, and blocks that are left with one child, were
removed as the paper asks. As printed, the indices of Eqs. 24 and 26 give all base nodes the same
weight and the same jumps; Eqs. 2 and 20 are followed instead.
"""

import numpy as np
from numpy.typing import NDArray

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
