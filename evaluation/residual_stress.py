"""DMN online prediction with residual stress: Algorithm 1, Eqs. 10-12, on the unified tree."""

import numpy as np
from numpy.typing import NDArray

from evaluation.scheme import Linearised
from training.laminate import interface
from training.tree import Tree

Array = NDArray[np.float64]


class ResidualStress:
    """Stiffness and residual stress are homogenised up the tree, strains are localised down it.

    A block of materials sigma_i = C_i eps_i + ds_i has the jump vector
    b = f1 f2 M^-1 (G eps + H^T (ds_2 - ds_1)), and with it Eq. 11 reads
    ds = f1 ds_1 + f2 ds_2 - f1 f2 G^T M^-1 H^T (ds_2 - ds_1).
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def linearise(
        self, macro_strain: Array, strain: Array, stress: Array, tangent: Array
    ) -> Linearised:
        """One pass up the tree; see `evaluation.scheme.Scheme`."""
        base = len(strain)
        stiffness = np.empty((self.tree.nodes, 6, 6))
        residual = np.empty((self.tree.nodes, 6))
        stiffness[:base] = tangent
        residual[:base] = stress - (tangent @ strain[..., None])[..., 0]
        jumps = []
        for level in self.tree.levels:
            first, second = level.children.T
            f1 = level.f1[:, None]
            G, M = interface(stiffness[first, None], stiffness[second, None], level.f1, level.H)
            G, M = G[:, 0], M[:, 0]
            traction = level.H.mT @ (residual[second] - residual[first])[..., None]
            jump = (f1 * (1 - f1))[..., None] * np.linalg.solve(
                M, np.concatenate([G, traction], axis=2)
            )
            correction = G.mT @ jump
            mean = f1[..., None] * stiffness[first] + (1 - f1)[..., None] * stiffness[second]
            stiffness[level.nodes] = mean - correction[..., :6]
            residual[level.nodes] = (
                f1 * residual[first] + (1 - f1) * residual[second] - correction[..., 6]
            )
            jumps.append(level.H @ jump)

        def localise(macro_strain: Array) -> Array:
            strains = np.empty((self.tree.nodes, 6))
            strains[-1] = macro_strain
            for level, jump in zip(reversed(self.tree.levels), reversed(jumps), strict=True):
                first, second = level.children.T
                parent, f1 = strains[level.nodes], level.f1[:, None]
                Hb = (jump[..., :6] @ parent[..., None])[..., 0] + jump[..., 6]
                strains[first] = parent + Hb / f1
                strains[second] = parent - Hb / (1 - f1)
            return strains[:base]

        return Linearised(stiffness[-1], stiffness[-1] @ macro_strain + residual[-1], localise)
