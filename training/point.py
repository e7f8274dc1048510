"""Linear algebra of a block, of one point: matrices of numbers, or of expressions to be recorded.

What is symmetric is computed once. `training.arrays` has the first four functions for many points.
A stiffness may have the stress at zero strain as a seventh column.
"""

import numpy as np


def interpolate(C1, C2, f1):
    """C1 and C2 on the straight line between them: (1 - f1) C1 + f1 C2."""
    return C1 + f1 * (C2 - C1)


def restrict(C, H):
    """H^T C (3, k)."""
    return H.T @ C


def project(C, H):
    """H^T C H (3, 3) of a symmetric C."""
    C = C[:, :6]
    return np.array([[contract(C, symmetric_part(a, b)) for a in H.T] for b in H.T])


def condense(C, f1, M, G):
    """C - f1 (1 - f1) G^T M^-1 G, a sum of squares by M = L D L^T; and M^-1 G (3, k)."""
    Y, reciprocals, P = solve(M, G)
    # One after the other, so that each product is subtracted in one operation.
    for row, scaled in zip(Y, (f1 * (1 - f1) * reciprocals)[:, None] * Y, strict=True):
        C = C - np.outer(row[:6], scaled)
    return C, P


def solve(M, G):
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


def mirror(A):
    """A symmetric matrix from its upper triangle, so that nothing is computed twice."""
    upper = np.triu_indices(len(A))
    result = np.empty_like(A)
    result[upper] = A[upper]
    result.T[upper] = A[upper]
    return result


def contract(A, B):
    """Sum of the products of the entries of two symmetric matrices."""
    upper = np.triu_indices(len(A), 1)
    return (np.diag(A) * np.diag(B)).sum() + 2 * (A[upper] * B[upper]).sum()
