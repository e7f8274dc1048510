"""Adjoints of a block, of a turned material and of the error, for one sample.

Each is the derivative of a formula that stands elsewhere, as `rve.kernels.derivatives.adjoint`
derives it too, in a third fewer operations: 1,006 instead of 1,594 for a block, 936 instead of
1,446 for its children's strains, 675 instead of 1,245 for the error. Reverse mode would neither use
what the forward pass leaves again, P = M^-1 G, nor see what is symmetric. With P it would still
take 1,433 for a block. Tests hold both together.
"""

import numpy as np

from rve.kernels.formula import SYMMETRIC, formula
from rve.mandel import BASIS, interface_matrix
from training import hollow, point
from training import laminate as block
from training.point import contract, mirror, symmetric_part

_ABOUT = np.cross(np.eye(3)[:, None], np.eye(3), axis=-1).swapaxes(1, 2)  # a x b = _ABOUT[a] b
GENERATORS = 2 * np.einsum("aij,kjl,bli->kab", BASIS, _ABOUT, BASIS)
"""Of rotations about the axes, in Mandel form (3, 6, 6)."""


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC, "P": (3, 6), "W": SYMMETRIC},
    shared={"f1": (), "n": 3},
    results={"by_C1": SYMMETRIC, "by_C2": SYMMETRIC},
    sums={"by_f1": (), "by_n": 3},
)
def laminate_adjoint(C1, C2, f1, n, P, W):
    """Derivatives of the sum of W times a block's stiffness, for symmetric W (6, 6).

    With V = P W and Z = V P^T, those by G and M are -2 f1 f2 V and f1 f2 Z.

    Returns:
        The derivatives by C1 and C2 (6, 6), by f1, and by n (3,).
    """
    f2, H, D = 1 - f1, interface_matrix(n), C2 - C1
    product = f1 * f2
    scaled = product * H
    V = P @ W
    Z = mirror(V @ P.T)
    HZ, DV = scaled @ Z, D @ V.T
    Q = mirror(HZ @ H.T)
    S = np.hstack([scaled, V.T]) @ np.vstack([V, scaled.T])
    by_C1 = S + f1 * W + f2 * Q
    by_C2 = f2 * W - S + f1 * Q
    by_f1 = contract(Q - W, D) - (f2 - f1) * (H * DV).sum()
    by_H = 2 * (point.interpolate(C1, C2, f1) @ HZ - product * DV)
    return by_C1, by_C2, by_f1, np.tensordot(BASIS, by_H, ((0, 1), (0, 1)))


_strains_adjoint = formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC, "P": (3, 6), "E": 6, "by_E1": 6, "by_E2": 6},
    shared={"f1": (), "n": 3},
    results={"by_E": 6, "y": 3},
    sums={"by_f1": (), "by_n": 3},
)


@_strains_adjoint
def strains_adjoint(C1, C2, f1, n, P, E, by_E1, by_E2):
    """Derivatives of what depends on the children's strains, whose derivatives are by_E1 and by_E2.

    The jump is b = P E = M^-1 G E; y is the derivative by G E.

    Returns:
        The derivatives by E (6,), y (3,), and the derivatives by f1 and n (3,).
    """

    def solve(M, by_b):
        return point.solve(M, by_b)[2]

    return _by_strains(C1, C2, f1, n, P, E, by_E1, by_E2, solve)


@_strains_adjoint
def hollow_strains_adjoint(C1, C2, f1, n, P, E, by_E1, by_E2):
    """As `strains_adjoint`, where a phase may be a void."""

    def solve(M, by_b):
        return hollow.solve(M, by_b, f1 * C1 + (1 - f1) * C2)[2]

    return _by_strains(C1, C2, f1, n, P, E, by_E1, by_E2, solve)


def _by_strains(C1, C2, f1, n, P, E, by_E1, by_E2, solve):
    f2, H, D = 1 - f1, interface_matrix(n), C2 - C1
    swapped, (_, M) = point.interpolate(C1, C2, f1), block.interface(C1, C2, f1, H, point)
    b, both, by_jump = P @ E, by_E1 + by_E2, f2 * by_E1 - f1 * by_E2
    by_b = H.T @ by_jump
    y = solve(M, by_b[:, None])[:, 0]
    Hy, Hb = H @ y, H @ b
    by_f1 = 0 - both @ Hb - Hy @ (D @ Hb)
    by_H = np.outer(by_jump - swapped @ Hy, b) + np.outer(D @ E - swapped @ Hb, y)
    return both + P.T @ by_b, y, by_f1, np.tensordot(BASIS, by_H, ((0, 1), (0, 1)))


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC, "P": (3, 6), "W": SYMMETRIC, "y": 3, "E1": 6, "E2": 6},
    shared={"f1": (), "n": 3},
    results={"by_C1": SYMMETRIC, "by_C2": SYMMETRIC},
    sums={"by_f1": (), "by_n": 3},
)
def laminate_strains_adjoint(C1, C2, f1, n, P, W, y, E1, E2):
    """As `laminate_adjoint`, of the children's strains, too; for y see `strains_adjoint`."""
    by_C1, by_C2, by_f1, by_n = laminate_adjoint(C1, C2, f1, n, P, W)
    Hy = interface_matrix(n) @ y
    return by_C1 - symmetric_part(Hy, E1), by_C2 + symmetric_part(Hy, E2), by_f1, by_n


@formula(
    reads={"C": SYMMETRIC, "target": SYMMETRIC, "S": SYMMETRIC},
    results={"error": (), "by_C": SYMMETRIC},
)
def compare(C, target, S):
    """Squared error of a stiffness in a metric S (6, 6); see `training.loss`.

    Returns:
        The error, and half its derivative by the stiffness (6, 6).
    """
    difference = C - target
    half = mirror(S @ difference @ S)
    return contract(half, difference), half


@formula(reads={"C": SYMMETRIC, "W": SYMMETRIC}, sums={"by_turn": 3})
def torque(C, W):
    """Derivatives (3,) of the sum of W times a stiffness C by its rotations about the three axes.

    With the generator A of a rotation in Mandel form that sum changes by that of W times
    A C + C A^T, for symmetric C and W by twice that of A times W C.
    """
    return 2 * np.tensordot(GENERATORS, W @ C, ((1, 2), (0, 1)))
