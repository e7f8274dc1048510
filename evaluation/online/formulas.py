"""The formulas of the online schemes for one point: blocks up and down the tree, and the load.

A node has its tangent, the upper triangle, and its stress (27,); a block has the fraction of its
first child and its normal (4,).
"""

from typing import Any

import numpy as np

from evaluation.online.limits import UNLOADED
from rve.kernels.formula import SYMMETRIC, formula
from rve.kernels.tile import ENTRIES, symmetric, upper
from rve.mandel import interface_matrix
from training import hollow, point
from training.laminate import childrens_strains, laminate

NODE, BLOCK, JUMP = ENTRIES + 6, 4, 21


_CHILDREN: Any = {"reads": {"first": NODE, "second": NODE}, "shared": {"block": BLOCK}}
_TANGENTS: Any = {"reads": {"first": (6, 6), "second": (6, 6)}, "shared": {"block": BLOCK}}


@formula(**_CHILDREN, results={"result": NODE, "jump": JUMP})
def condense(first, second, block):
    """Tangent and stress (27,) of a block from those of its children, and its jump (21,).

    The children answer changes eps of their strains by sigma + C eps, so that the stress is a
    column beside the tangent, by which the laminate of Eqs. 21 and 22 gives Eq. 11, too: with
    r = H^T (sigma2 - sigma1) the jump vector is b = f1 f2 M^-1 (G eps + r), and the stress
    f1 sigma1 + f2 sigma2 - f1 f2 G^T M^-1 r. `jump` holds M^-1 G by rows, and M^-1 r.
    """
    return _condensed(first, second, block, point)


@formula(**_CHILDREN, results={"result": NODE, "jump": JUMP})
def condense_hollow(first, second, block):
    """`condense` where a phase is a void; where nothing resists a jump it is zero."""
    return _condensed(first, second, block, hollow)


def _condensed(first, second, block, algebra):
    C1, C2 = (
        np.column_stack([symmetric(node[:ENTRIES]), node[ENTRIES:]]) for node in (first, second)
    )
    C, P = laminate(C1, C2, block[0], interface_matrix(block[1:]), algebra)
    return (
        np.concatenate([upper(C[:, :6]), C[:, 6]]),
        np.concatenate([P[:, :6].ravel(), P[:, 6]]),
    )


@formula(**_TANGENTS, results={"result": (6, 6)})
def condense_tangent(first, second, block):
    """Tangent (6, 6) of a block from those of its children, which need not be symmetric."""
    return laminate(first, second, block[0], interface_matrix(block[1:]), Unsymmetric)[0]


@formula(**_TANGENTS, results={"result": (6, 6)})
def condense_hollow_tangent(first, second, block):
    """`condense_tangent` where a phase is a void."""
    return laminate(first, second, block[0], interface_matrix(block[1:]), UnsymmetricHollow)[0]


class Unsymmetric:
    """`training.point` for matrices that need not be symmetric; G comes with D H, D = C2 - C1."""

    interpolate = staticmethod(point.interpolate)

    @staticmethod
    def restrict(D, H):
        """H^T D (3, 6) and D H (6, 3)."""
        return H.T @ D, D @ H

    @staticmethod
    def project(C, H):
        """H^T C H (3, 3)."""
        return H.T @ C @ H

    @classmethod
    def condense(cls, C, f1, M, G):
        """C - f1 (1 - f1) D H M^-1 G; and M^-1 G.

        The symmetric part of M is positive definite, so that its elimination exchanges no rows.
        """
        G, DH = G
        rows = list(np.column_stack([M, G]))
        for i in range(3):
            rows[i] = cls.divide(rows[i], rows[i][i], C)
            for j in {0, 1, 2} - {i}:
                rows[j] = rows[j] - rows[j][i] * rows[i]
        P = np.array(rows)[:, 3:]
        return C - f1 * (1 - f1) * (DH @ P), P

    @staticmethod
    def divide(row, pivot, C):
        """A row of the elimination over its pivot."""
        return row / pivot


class UnsymmetricHollow(Unsymmetric):
    """`training.hollow` likewise."""

    @classmethod
    def condense(cls, C, f1, M, G):
        """As that of `Unsymmetric`; none where only rounding is left."""
        left, P = super().condense(C, f1, M, G)
        return left * np.where(hollow.bears(hollow.trace(left), hollow.trace(C)), 1, 0), P

    @staticmethod
    def divide(row, pivot, C):
        """Zero where the pivot is none."""
        borne = hollow.bears(pivot, hollow.trace(C))
        return np.where(borne, row / np.where(borne, pivot, 1), 0)


@formula(
    reads={"jump": JUMP, "parent": 6},
    shared={"block": BLOCK},
    results={"first": 6, "second": 6},
)
def localise(jump, parent, block):
    """Changes of strain (2, 6) of the children from their parent's, Eq. 20."""
    b = jump_change(jump, parent)
    return childrens_strains(parent, block[0], interface_matrix(block[1:]) @ b)


def jump_change(jump, parent):
    """Change of a block's jump vector b (3,), Eq. 21, over f1 f2, from that of its strain."""
    return jump[:18].reshape(3, 6) @ parent + jump[18:]


@formula(
    reads={"first": 12, "second": 12},
    shared={"block": BLOCK},
    results={"result": 12},
    sums={"jump": (), "traction": ()},
)
def tractions(first, second, block):
    """What a block adds to the traction defect, from its children's mean stresses.

    Args:
        first: mean stress of the first child and mean of its magnitudes (12,).
        second: likewise of the second.
        block: fraction of the first child and normal (4,).

    Returns:
        The same of the block (12,); the square of its traction jump, R of Eq. 27 without its
        weight; and the square of the traction that all stresses of one sign would have.
    """
    f1, n = block[0], block[1:]
    parent = f1 * first + (1 - f1) * second
    jump = interface_matrix(n).T @ (first[:6] - second[:6])
    sizes = first[6:] + second[6:]
    largest = interface_matrix(abs(n)).T @ sizes
    return parent, jump @ jump, largest @ largest + UNLOADED**2 * (sizes @ sizes)


@formula(reads={"free": 6, "top": SYMMETRIC, "gap": 6}, results={"step": 6})
def control(free, top, gap):
    """Step of the macroscopic strain (6,) that closes the gaps to the target.

    Args:
        free: 1 for components of which the stress is prescribed, 0 for those of the strain.
        top: homogenised tangent (6, 6), positive definite; where all strains are prescribed,
            voids may leave directions without stiffness.
        gap: what lacks (6,) of the stress where it is prescribed, else of the strain.
    """
    fixed = (1 - free) * gap
    pivots = np.array([np.where(abs(own) > 0, own, 1) for own in top.diagonal()])
    right = free * (gap - top @ fixed) + pivots * fixed
    matrix = np.outer(free, free) * top
    for i in range(6):
        matrix[i, i] = pivots[i]
    reciprocals = []
    for i in range(6):
        reciprocals.append(1 / matrix[i, i])
        for j in range(i + 1, 6):
            factor = matrix[i, j] * reciprocals[i]
            for k in range(j, 6):
                matrix[j, k] = matrix[j, k] - factor * matrix[i, k]
            right[j] = right[j] - factor * right[i]
    for i in reversed(range(6)):
        for k in range(i + 1, 6):
            right[i] = right[i] - matrix[i, k] * right[k]
        right[i] = right[i] * reciprocals[i]
    return right
