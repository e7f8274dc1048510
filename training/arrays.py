"""Linear algebra of a block, of n blocks and s samples (or material points) at once.

On numpy arrays and torch tensors: matrices (n, s, 6, 6), all symmetric, fractions (n, 1, 1, 1) and
orientation matrices H (n, 6, 3). `training.hollow_arrays` has the same functions
for networks with a void, `training.point` for one point.
"""

from array_api_compat import array_namespace


def interpolate(C1, C2, f1):
    """C1 and C2 on the straight line between them: (1 - f1) C1 + f1 C2."""
    return (1 - f1) * C1 + f1 * C2


def restrict(C, H):
    """H^T C (n, s, 3, k) of C (n, s, k, 6) from the right: C is symmetric, or its transpose."""
    return array_namespace(C).einsum("nsij,njk->nsik", C, H).mT


def project(C, H):
    """H^T C H (n, s, 3, 3)."""
    return restrict(restrict(C, H), H).mT


def condense(C, f1, M, G):
    """C - f1 (1 - f1) G^T M^-1 G; and M^-1 G (n, s, 3, 6)."""
    P = solve(M, G, C)
    return C - f1 * (1 - f1) * (G.mT @ P), P


def solve(M, G, _):
    """M^-1 G (n, s, 3, k)."""
    return array_namespace(M).linalg.solve(M, G)
