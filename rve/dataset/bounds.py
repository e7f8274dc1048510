"""Whether the stiffnesses of a dataset can be those of one cell: the bounds of Voigt and Reuss.

The volume fraction f of p2 is not in the file. With L L^T the Cholesky factors of the cell's
stiffness and A_i = L^-1 C_i L^-T the phases in its metric, the bounds are (Hill 1963)

    f A_2    + (1 - f) A_1    >= 1    Voigt
    f A_2^-1 + (1 - f) A_1^-1 >= 1    Reuss

in the sense of quadratic forms. Both are linear in f, so that the smallest eigenvalue is concave in
f and Newton's method from f = 0 comes to the least admissible f without passing it.
"""

import numpy as np

from rve.arrays import Array
from rve.mandel import IDENTITY

_TOLERANCE = 1e-6
_TO_MANDEL = np.sqrt(np.outer([1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2]))
"""Stiffness in Mandel over engineering notation."""


def find_conflict(p1: Array, p2: Array, rve: Array) -> str | None:
    """Which of the samples (n, 6, 6) leave the bounds at every common volume fraction, in words.

    A sample leaves them at the least fraction of p2 that another one demands, or at any.
    """
    L = np.linalg.cholesky(rve)
    A1, A2 = (np.linalg.solve(L, np.linalg.solve(L, C).mT) for C in (p1, p2))
    first, second = (np.stack([A, np.linalg.inv(A)], axis=1) for A in (A1, A2))
    change = second - first
    every = np.arange(len(rve))
    f, other, samples = 0.0, 0, every
    while True:
        eigenvalues, vectors = np.linalg.eigh(first[samples] + f * change[samples])
        defect, v = 1 - eigenvalues[..., 0], vectors[..., 0]
        slope = np.einsum("nbi,nbij,nbj->nb", v, change[samples], v)
        outside = defect > _TOLERANCE
        if not outside.any():
            if samples is every:
                return None
            samples = every  # Those that were inside at a smaller f may have left the bounds.
            continue
        needed = np.where(outside, f + defect / np.where(slope > 0, slope, np.inf), 0.0)
        hopeless = outside & (defect > slope * (1 - f))  # Within at an f above 1 or below this one.
        if hopeless.any():
            sample = int(samples[np.where(hopeless, defect, 0).max(axis=1).argmax()])
            leaves = f"rve[{sample}] leaves the bounds of Voigt and Reuss"
            if f == 0 or other == sample:
                return f"{leaves} of p1[{sample}] and p2[{sample}] at any volume fraction"
            return (
                f"{leaves} at a volume fraction of p2 of {f:.4g} or more, and rve[{other}] at less"
            )
        f, other = float(needed.max()), int(samples[needed.max(axis=1).argmax()])
        samples = samples[outside.any(axis=1)]


def likely_cause(p1: Array, p2: Array, rve: Array) -> str:
    """What stiffnesses look like that leave the bounds, as words to go on with; none if unknown."""
    for what, factor in {"engineering notation": _TO_MANDEL, "MPa": 1e-3}.items():
        if find_conflict(p1, p2, rve * factor) is None:
            return f"; rve looks like {what}"
        if find_conflict(p1 * factor, p2 * factor, rve) is None:
            return f"; p1 and p2 look like {what}"
    return ""


def isotropic_in_engineering_notation(stiffness: Array) -> bool:
    """Whether stiffnesses (n, 6, 6) are isotropic, all of them, if their shears are doubled.

    In engineering notation C44 = (C11 - C12) / 2, in Mandel's C44 = C11 - C12.
    """
    lame = stiffness[:, 0, 1, None, None]
    twice_shear = stiffness[:, 0, 0, None, None] - lame
    halved = np.diag([1, 1, 1, 0.5, 0.5, 0.5])
    expected = lame * np.outer(IDENTITY, IDENTITY) + twice_shear * halved
    return bool(np.allclose(stiffness, expected, rtol=1e-9, atol=0))
