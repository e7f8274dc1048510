"""Linear algebra of a block as in `training.arrays`, where a phase may be a void."""

from array_api_compat import array_namespace

from training import arrays
from training.hollow import bears, eliminate

interpolate, restrict, project = arrays.interpolate, arrays.restrict, arrays.project


def condense(C, f1, M, G):
    """C - f1 (1 - f1) G^T M^-1 G; and M^-1 G (n, s, 3, 6)."""
    P = solve(M, G, C)
    left = C - f1 * (1 - f1) * (G.mT @ P)
    return left * bears(_trace(left), _trace(C))[..., None, None], P


def solve(M, G, C):
    """M^-1 G (n, s, 3, k); zero where M has no stiffness, by that of the layers side by side.

    A void beside a dead layer has none: then M itself, which is of the dead layer, is the scale.
    """
    xp = array_namespace(M)
    scale = _trace(C) + _trace(M)
    _, reciprocals = eliminate(xp.moveaxis(M, (-2, -1), (0, 1)), scale, xp.where)
    borne = xp.stack(reciprocals, axis=-1) != 0
    rows = borne[..., :, None]
    M = xp.where(rows & borne[..., None, :], M, xp.eye(3, dtype=M.dtype))
    return xp.linalg.solve(M, xp.where(rows, G, 0))


def _trace(C):
    return array_namespace(C).linalg.diagonal(C).sum(axis=-1)
