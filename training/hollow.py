"""Linear algebra of a block, of one point, where a phase may be a void.

A void has no stiffness, and layers of a solid and a void have none across them. Where M has none
the jump is free, and zero is taken: the tractions vanish there, so that every jump gives the same
stiffness. What is left of a stiffness by rounding is taken for none. Otherwise `training.point`
gives the same numbers in half the time.
"""

import numpy as np

from training import point

SMALLEST = 2.0**-34
"""Stiffness over the trace of that of the layers side by side; below it is the rounding of none.

Phases contrast far less than this, and the stiffest one rounds to far less.
"""

interpolate, restrict, project = point.interpolate, point.restrict, point.project


def condense(C, f1, M, G):
    """C - f1 (1 - f1) G^T M^-1 G, a sum of squares by M = L D L^T; and M^-1 G (3, k)."""
    Y, reciprocals, P = solve(M, G, C)
    left = C
    for row, scaled in zip(Y, (f1 * (1 - f1) * np.array(reciprocals))[:, None] * Y, strict=True):
        left = left - np.outer(row[:6], scaled)
    return left * np.where(bears(trace(left), trace(C)), 1, 0), P


def solve(M, G, C):
    """As `training.point.solve`; C is the stiffness of the layers side by side."""
    (l21, l31, l32), (r1, r2, r3) = eliminate(M, trace(C))
    y1 = G[0]
    y2 = G[1] - l21 * y1
    y3 = G[2] - l31 * y1 - l32 * y2
    p3 = r3 * y3
    p2 = r2 * y2 - l32 * p3
    p1 = r1 * y1 - l21 * p2 - l31 * p3
    return np.stack([y1, y2, y3]), (r1, r2, r3), np.stack([p1, p2, p3])


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
