"""The two formulas of a network's tree for one sample, on matrices of numbers or of expressions."""

import numpy as np

from rve.mandel import BASIS


def interface_matrix(n):
    """Orientation matrix H (6, 3) of a unit normal n (3,), Eq. 18 in Mandel form."""
    return np.tensordot(BASIS, n, (2, 0))


def laminate(C1, C2, f1, n):
    """Homogenised stiffness (6, 6) of a block, Eqs. 21 and 22; see `training.laminate`.

    The inverse of M comes as L D L^T, so that the correction is a sum of squares.
    """
    f2, H = 1 - f1, interface_matrix(n)
    traction1, traction2 = H.T @ C1, H.T @ C2
    G = traction2 - traction1
    M = (f2 * traction1 + f1 * traction2) @ H
    Y, reciprocals, _ = forward_substituted(M, G)
    scaled = (f1 * f2 * reciprocals)[:, None] * Y
    return f1 * C1 + f2 * C2 - Y.T @ scaled


def forward_substituted(M, G):
    """L^-1 G (3, k), the reciprocals of D (3,), and L's 21, 31, 32 of M = L D L^T (3, 3)."""
    r1 = 1 / M[0, 0]
    l21, l31 = M[1, 0] * r1, M[2, 0] * r1
    r2 = 1 / (M[1, 1] - l21 * M[1, 0])
    m32 = M[2, 1] - l21 * M[2, 0]
    l32 = m32 * r2
    r3 = 1 / (M[2, 2] - l31 * M[2, 0] - l32 * m32)
    y1 = G[0]
    y2 = G[1] - l21 * y1
    y3 = G[2] - l31 * y1 - l32 * y2
    return np.stack([y1, y2, y3]), np.array([r1, r2, r3]), (l21, l31, l32)


def turned(C, R):
    """Stiffness R C R^T (6, 6) of a base material under a rotation R (6, 6) in Mandel form."""
    return R @ C @ R.T


def turned_by_rotation(C, R, W):
    """Derivative (6, 6) of the sum of W times R C R^T by R, for symmetric C and W.

    Written out, since reverse mode would not see that C is symmetric, and take twice as long.
    """
    return 2 * W @ (R @ C)


def mandel_rotation(Q):
    """Mandel form R (6, 6) of a rotation Q (3, 3): a -> Q a Q^T; see `rve.mandel`."""
    return np.array([[(B * (Q @ A @ Q.T)).sum() for A in BASIS] for B in BASIS])


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


def normal(cosine, sine):
    """Unit normal (3,) from cosines and sines (2,) of 2 pi theta and pi phi, Section 2.2."""
    return np.array([cosine[0] * sine[1], sine[0] * sine[1], cosine[1]])
