"""Linear algebra of a block, of n blocks and s samples (or material points) at once.

On numpy arrays and torch tensors: matrices (n, s, 6, 6), all symmetric, fractions (n, 1, 1, 1) and
orientation matrices H (n, 6, 3). `training.point` has the same functions for one point.
"""

from array_api_compat import array_namespace

from training.hollow import bears, eliminate


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
    left = C - f1 * (1 - f1) * (G.mT @ P)
    return left * bears(_trace(left), _trace(C))[..., None, None], P


def solve(M, G, C):
    """M^-1 G (n, s, 3, k); zero where M has no stiffness, by that of the layers side by side."""
    xp = array_namespace(M)
    _, reciprocals = eliminate(xp.moveaxis(M, (-2, -1), (0, 1)), _trace(C), xp.where)
    borne = xp.stack(reciprocals, axis=-1) != 0
    rows = borne[..., :, None]
    M = xp.where(rows & borne[..., None, :], M, xp.eye(3, dtype=M.dtype))
    return xp.linalg.solve(M, xp.where(rows, G, 0))


def _trace(C):
    return array_namespace(C).linalg.diagonal(C).sum(axis=-1)
