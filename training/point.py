"""Linear algebra of a block, of one point: matrices of numbers, or of expressions to be recorded.

What is symmetric is computed once. `training.arrays` has the first five functions for many points.
A stiffness may have the stress at zero strain as a seventh column.

A void has no stiffness, and a laminate with a void none across its layers. Where M has none the
jump is free, and zero is taken; the tractions vanish there, so that every jump gives the same
stiffness.
"""

import numpy as np

SMALLEST = 2.0**-34
"""Stiffness over the trace of a block's, from which on it is more than the rounding of zero."""


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
    (_, reciprocals), Y, P = _solve(M, G, C)
    left = C
    # One after the other, so that each product is subtracted in one operation.
    for row, scaled in zip(Y, (f1 * (1 - f1) * np.array(reciprocals))[:, None] * Y, strict=True):
        left = left - np.outer(row[:6], scaled)
    return left * np.where(bears(trace(left), trace(C)), 1, 0), P


def solve(M, G, C):
    """M^-1 G (3, k); zero where M has no stiffness, by that of the block's layers side by side."""
    return _solve(M, G, C)[2]


def _solve(M, G, C):
    """Multipliers and reciprocals of M = L D L^T, L^-1 G (3, k) and M^-1 G (3, k)."""
    (l21, l31, l32), (r1, r2, r3) = elimination = eliminate(M, trace(C))
    y1 = G[0]
    y2 = G[1] - l21 * y1
    y3 = G[2] - l31 * y1 - l32 * y2
    p3 = r3 * y3
    p2 = r2 * y2 - l32 * p3
    p1 = r1 * y1 - l21 * p2 - l31 * p3
    return elimination, np.stack([y1, y2, y3]), np.stack([p1, p2, p3])


def eliminate(M, scale, where=np.where):
    """The multipliers l21, l31, l32 of M = L D L^T, and the reciprocals of the pivots D.

    Those of pivots without stiffness are zero; `where` is that of the array library.
    """

    def reciprocal(pivot):
        borne = bears(pivot, scale)
        return where(borne, 1 / where(borne, pivot, 1), 0)

    r1 = reciprocal(M[0, 0])
    l21, l31 = M[1, 0] * r1, M[2, 0] * r1
    r2 = reciprocal(M[1, 1] - l21 * M[1, 0])
    m32 = M[2, 1] - l21 * M[2, 0]
    l32 = m32 * r2
    r3 = reciprocal(M[2, 2] - l31 * M[2, 0] - l32 * m32)
    return (l21, l31, l32), (r1, r2, r3)


def bears(stiffness, scale):
    """Whether a stiffness is one, by a scale of those beside it."""
    return stiffness > SMALLEST * scale


def trace(C):
    """Sum of the diagonal of a stiffness."""
    return sum(C[i, i] for i in range(6))


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
