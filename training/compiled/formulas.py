"""The two formulas of a network's tree for one sample, on matrices of numbers or of expressions."""

import numpy as np

from rve.kernels.formula import SYMMETRIC, formula
from rve.mandel import BASIS

_ABOUT = np.cross(np.eye(3)[:, None], np.eye(3), axis=-1).swapaxes(1, 2)  # a x b = _ABOUT[a] b
GENERATORS = 2 * np.einsum("aij,kjl,bli->kab", BASIS, _ABOUT, BASIS)
"""Of rotations about the axes, in Mandel form (3, 6, 6)."""


def interface_matrix(n):
    """Orientation matrix H (6, 3) of a unit normal n (3,), Eq. 18 in Mandel form."""
    return np.tensordot(BASIS, n, (2, 0))


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC},
    shared={"f1": (), "n": 3},
    results={"C": SYMMETRIC, "P": (3, 6)},
)
def laminate(C1, C2, f1, n):
    """A block, Eqs. 21 and 22; see `training.laminate`.

    The inverse of M comes as L D L^T, so that the correction is a sum of squares.

    Returns:
        Homogenised stiffness (6, 6); and P = M^-1 G (3, 6), from which the derivatives follow.
    """
    f2, H, D = 1 - f1, interface_matrix(n), C2 - C1
    G = H.T @ D
    swapped = C1 + f1 * D
    M = np.array([[contracted(swapped, symmetric_part(a, b)) for a in H.T] for b in H.T])
    Y, reciprocals, P = solved(M, G)
    stiffness = f1 * C1 + f2 * C2
    # One after the other, so that each product is subtracted in one operation.
    for row, scaled in zip(Y, (f1 * f2 * reciprocals)[:, None] * Y, strict=True):
        stiffness = stiffness - np.outer(row, scaled)
    return stiffness, P


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC, "P": (3, 6), "W": SYMMETRIC},
    shared={"f1": (), "n": 3},
    results={"by_C1": SYMMETRIC, "by_C2": SYMMETRIC},
    sums={"by_f1": (), "by_n": 3},
)
def laminate_adjoint(C1, C2, f1, n, P, W):
    """Derivatives of the sum of W times a block's stiffness, for symmetric W (6, 6).

    With V = P W and Z = V P^T, those by G and M are -2 f1 f2 V and f1 f2 Z. Written by hand, as
    reverse mode would neither use P again nor see what is symmetric.

    Returns:
        The derivatives by C1 and C2 (6, 6), by f1, and by n (3,).
    """
    f2, H, D = 1 - f1, interface_matrix(n), C2 - C1
    product = f1 * f2
    scaled = product * H
    V = P @ W
    Z = mirrored(V @ P.T)
    HZ, DV = scaled @ Z, D @ V.T
    Q = mirrored(HZ @ H.T)
    S = np.hstack([scaled, V.T]) @ np.vstack([V, scaled.T])
    by_C1 = S + f1 * W + f2 * Q
    by_C2 = f2 * W - S + f1 * Q
    by_f1 = contracted(Q - W, D) - (f2 - f1) * (H * DV).sum()
    by_H = 2 * ((C1 + f1 * D) @ HZ - product * DV)
    return by_C1, by_C2, by_f1, np.tensordot(BASIS, by_H, ((0, 1), (0, 1)))


def childrens_strains(f1, n, b, E):
    """Strains (2, 6) of a block's children from its own and the jump b (3,), Eqs. 16 and 20."""
    Hb = interface_matrix(n) @ b
    return np.stack([E + (1 - f1) * Hb, E - f1 * Hb])


@formula(
    reads={"C1": SYMMETRIC, "C2": SYMMETRIC, "P": (3, 6), "E": 6, "by_E1": 6, "by_E2": 6},
    shared={"f1": (), "n": 3},
    results={"by_E": 6, "y": 3},
    sums={"by_f1": (), "by_n": 3},
)
def strains_adjoint(C1, C2, f1, n, P, E, by_E1, by_E2):
    """Derivatives of what depends on the children's strains, whose derivatives are by_E1 and by_E2.

    The jump is b = P E = M^-1 G E; y is the derivative by G E.

    Returns:
        The derivatives by E (6,), y (3,), and the derivatives by f1 and n (3,).
    """
    f2, H, D = 1 - f1, interface_matrix(n), C2 - C1
    swapped = C1 + f1 * D
    M = np.array([[contracted(swapped, symmetric_part(a, b)) for a in H.T] for b in H.T])
    b, both, by_jump = P @ E, by_E1 + by_E2, f2 * by_E1 - f1 * by_E2
    by_b = H.T @ by_jump
    y = solved(M, by_b[:, None])[2][:, 0]
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
def strained_adjoint(C1, C2, f1, n, P, W, y, E1, E2):
    """As `laminate_adjoint`, of the children's strains, too; for y see `strains_adjoint`."""
    by_C1, by_C2, by_f1, by_n = laminate_adjoint(C1, C2, f1, n, P, W)
    Hy = interface_matrix(n) @ y
    return by_C1 - symmetric_part(Hy, E1), by_C2 + symmetric_part(Hy, E2), by_f1, by_n


def solved(M, G):
    """L^-1 G (3, k), the reciprocals of the pivots D (3,), and M^-1 G (3, k) of M = L D L^T."""
    r1 = 1 / M[0, 0]
    l21, l31 = M[1, 0] * r1, M[2, 0] * r1
    r2 = 1 / (M[1, 1] - l21 * M[1, 0])
    m32 = M[2, 1] - l21 * M[2, 0]
    l32 = m32 * r2
    r3 = 1 / (M[2, 2] - l31 * M[2, 0] - l32 * m32)
    y1 = G[0]
    y2 = G[1] - l21 * y1
    y3 = G[2] - l31 * y1 - l32 * y2
    p3 = r3 * y3
    p2 = r2 * y2 - l32 * p3
    p1 = r1 * y1 - l21 * p2 - l31 * p3
    return np.stack([y1, y2, y3]), np.array([r1, r2, r3]), np.stack([p1, p2, p3])


def symmetric_part(a, b):
    """Of the outer product of two vectors (n,)."""
    return 0.5 * (np.outer(a, b) + np.outer(b, a))


def mirrored(A):
    """A symmetric matrix from its upper triangle, so that nothing is computed twice."""
    upper = np.triu_indices(len(A))
    result = np.empty_like(A)
    result[upper] = A[upper]
    result.T[upper] = A[upper]
    return result


def contracted(A, B):
    """Sum of the products of the entries of two symmetric matrices."""
    upper = np.triu_indices(len(A), 1)
    return (np.diag(A) * np.diag(B)).sum() + 2 * (A[upper] * B[upper]).sum()


@formula(
    reads={"C": SYMMETRIC, "target": SYMMETRIC, "S": SYMMETRIC},
    results={"error": (), "by_C": SYMMETRIC},
)
def compared(C, target, S):
    """Squared error of a stiffness in a metric S (6, 6); see `training.loss`.

    Returns:
        The error, and half its derivative by the stiffness (6, 6).
    """
    difference = C - target
    half = mirrored(S @ difference @ S)
    return contracted(half, difference), half


@formula(reads={"C": SYMMETRIC}, shared={"R": (6, 6)}, results={"turned": SYMMETRIC})
def turned(C, R):
    """Stiffness R C R^T (6, 6) of a base material under a rotation R (6, 6) in Mandel form."""
    return R @ C @ R.T


@formula(reads={"C": SYMMETRIC, "W": SYMMETRIC}, sums={"by_turn": 3})
def torque(C, W):
    """Derivatives (3,) of the sum of W times a stiffness C by its rotations about the three axes.

    With the generator A of a rotation in Mandel form that sum changes by that of W times
    A C + C A^T, for symmetric C and W by twice that of A times W C.
    """
    return 2 * np.tensordot(GENERATORS, W @ C, ((1, 2), (0, 1)))


@formula(shared={"Q": (3, 3)}, results={"R": (6, 6)})
def mandel_rotation(Q):
    """Mandel form R (6, 6) of a rotation Q (3, 3): a -> Q a Q^T; see `rve.mandel`."""
    return np.array([[(B * (Q @ A @ Q.T)).sum() for A in BASIS] for B in BASIS])


@formula(shared={"cosine": 3, "sine": 3}, results={"R": (3, 3)})
def euler_rotation(cosine, sine):
    """Rotation X(alpha) Y(beta) Z(gamma) (3, 3) from cosines and sines (3,) of the angles."""
    (ca, cb, cg), (sa, sb, sg) = cosine, sine
    return np.array(
        [
            [cb * cg, 0 - cb * sg, sb],
            [ca * sg + sa * sb * cg, ca * cg - sa * sb * sg, 0 - sa * cb],
            [sa * sg - ca * sb * cg, sa * cg + ca * sb * sg, ca * cb],
        ]
    )


@formula(shared={"cosine": 2, "sine": 2}, results={"n": 3})
def normal(cosine, sine):
    """Unit normal (3,) from cosines and sines (2,) of 2 pi theta and pi phi, Section 2.2."""
    return np.array([cosine[0] * sine[1], sine[0] * sine[1], cosine[1]])
