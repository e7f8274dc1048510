"""IMN online prediction with Newton iterations: Algorithm 3, Eqs. 24-31.

The tree holds active base nodes only, so that the null nodes and the blocks that are left with one
child are removed from A, W and K as the paper asks. Printed as they are, the indices of Eqs. 24
and 26 give every base node the weight and jumps of one and the same; Eqs. 2 and 20 are followed.
"""

import numpy as np
from numpy.typing import NDArray

from evaluation.scheme import Linearised
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


class Newton:
    """The jumps of all blocks are found together from the traction residual R of Eq. 28.

    The weights are scaled to a sum of one, so that the top node's stress is their mean.
    """

    def __init__(self, tree: Tree) -> None:
        self.weights = tree.weights / tree.weights.sum()
        self.A = interaction_matrix(tree)

    def linearise(
        self, macro_strain: Array, strain: Array, stress: Array, tangent: Array
    ) -> Linearised:
        """Solve with the Jacobian J of Eq. 31; see `evaluation.scheme.Scheme`."""
        nodes = len(strain)
        A = self.A
        WK = self.weights[:, None, None] * tangent
        Wstress = self.weights[:, None] * stress
        R = A.T @ Wstress.ravel()
        WKA = (WK @ A.reshape(nodes, 6, -1)).reshape(A.shape)
        J = A.T @ WKA
        coupling = WKA.reshape(nodes, 6, -1).sum(axis=0).T
        solved = np.linalg.solve(J, np.column_stack([R, coupling]))

        def localise(new_macro_strain: Array) -> Array:
            change = new_macro_strain - macro_strain
            jump = solved[:, 0] + solved[:, 1:] @ change
            return strain + change - (A @ jump).reshape(nodes, 6)

        return Linearised(
            WK.sum(axis=0) - coupling.T @ solved[:, 1:],
            Wstress.sum(axis=0) - coupling.T @ solved[:, 0],
            localise,
        )
