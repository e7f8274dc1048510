"""Whether the stiffnesses of a dataset can be those of one cell: the bounds of Voigt and Reuss.

The volume fractions f_i are not in the file. With L L^T the Cholesky factors of the cell's
stiffness and A_i = L^-1 C_i L^-T the phases in its metric, the bounds are (Hill 1963)

    sum_i f_i A_i    >= 1    Voigt
    sum_i f_i A_i^-1 >= 1    Reuss, if no phase is a void

in the sense of quadratic forms. Both are linear in f, so that their smallest eigenvalues are
concave. Of two phases Newton's method from f_2 = 0 comes to the least admissible f_2 without
passing it. Of more phases, or with a void, each eigenvector v of an eigenvalue below one is a
condition on the fractions, sum_i f_i v.A_i v >= 1, and a linear programme finds those that satisfy
all conditions so far, or that there are none (Kelley's cutting planes).
"""

import numpy as np

from rve.arrays import Array
from rve.mandel import IDENTITY

_TOLERANCE = 1e-6
_MOST_ROUNDS = 100
"""Of cutting planes; some ten suffice."""
_CUTS = 10
"""Conditions a round, those that are missed most."""
_TO_MANDEL = np.sqrt(np.outer([1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2]))
"""Stiffness in Mandel over engineering notation."""


def find_conflict(phases: Array, rve: Array) -> str | None:
    """Which of n samples leave the bounds at every common volume fraction, in words.

    The phases are (n, p, 6, 6), zero of a void, the cells (n, 6, 6).
    """
    L = np.linalg.cholesky(rve)[:, None]
    A = np.linalg.solve(L, np.linalg.solve(L, phases).mT)
    if not phases[:, -1].any():
        return _conflict_of_many(A[:, None])
    forms = np.stack([A, np.linalg.inv(A)], axis=1)
    of = _conflict_of_two if phases.shape[1] == 2 else _conflict_of_many
    return of(forms)


def _conflict_of_two(forms: Array) -> str | None:
    """The conflict of forms (n, bounds, 2, 6, 6).

    A sample leaves them at the least fraction of p2 that another one demands, or at any.
    """
    first, second = forms[:, :, 0], forms[:, :, 1]
    change = second - first
    every = np.arange(len(forms))
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


def _conflict_of_many(forms: Array) -> str | None:
    """The conflict of forms (n, bounds, p, 6, 6), by cutting planes."""
    conflict = _conflicting(forms)
    if not conflict:
        return None
    alone = [sample for sample in conflict if _conflicting(forms[[sample]])]
    if alone:
        *phases, last = [f"p{phase}[{alone[0]}]" for phase in range(1, forms.shape[2] + 1)]
        return (
            f"rve[{alone[0]}] leaves the bounds of Voigt and Reuss of {', '.join(phases)} and "
            f"{last} at any volume fractions"
        )
    *names, last = [f"rve[{sample}]" for sample in conflict]
    return (
        f"{', '.join(names)} and {last} leave the bounds of Voigt and Reuss at any volume "
        "fractions that they could have in common"
    )


def _conflicting(forms: Array) -> list[int]:
    """Some samples of forms (n, bounds, p, 6, 6) without common volume fractions; or none."""
    every = np.arange(len(forms))
    samples, cuts, owners = every, np.empty((0, forms.shape[2])), np.empty(0, dtype=np.int64)
    for _ in range(_MOST_ROUNDS):
        fractions, excess, active = _fractions(cuts)
        if excess < -_TOLERANCE:
            return sorted({int(owner) for owner in owners[active]})
        mixed = np.einsum("p,nbpij->nbij", fractions, forms[samples])
        eigenvalues, vectors = np.linalg.eigh(mixed)
        defect, v = 1 - eigenvalues[..., 0], vectors[..., 0]
        outside = defect > _TOLERANCE
        if not outside.any():
            if samples is every:
                return []
            samples = every
            continue
        worst = np.argsort(np.where(outside, -defect, 0), axis=None)[: min(_CUTS, outside.sum())]
        row, bound = np.unravel_index(worst, defect.shape)
        cut = np.einsum("ki,kpij,kj->kp", v[row, bound], forms[samples[row], bound], v[row, bound])
        cuts, owners = np.concatenate([cuts, cut]), np.append(owners, samples[row])
        samples = samples[outside.any(axis=1)]
    return []


def _fractions(cuts: Array) -> tuple[Array, float, Array]:
    """Fractions f (p,) with the largest min(cuts @ f) - 1, this value, and the cuts it is of."""
    from scipy.optimize import linprog  # A fifth of a second, and two phases do without.

    k, p = cuts.shape
    found = linprog(
        np.append(np.zeros(p), -1),
        A_ub=np.column_stack([-cuts, np.ones(k)]),
        b_ub=np.full(k, -1.0),
        A_eq=np.append(np.ones(p), 0)[None],
        b_eq=[1],
        bounds=[(0, 1)] * p + [(None, 1)],
    )
    return found.x[:p], float(found.x[p]), found.ineqlin.marginals < -1e-9


def likely_cause(phases: Array, rve: Array) -> str:
    """What stiffnesses look like that leave the bounds, as words to go on with; none if unknown."""
    *names, last = [f"p{number}" for number in range(1, phases.shape[1] + 1)]
    for what, factor in {"engineering notation": _TO_MANDEL, "MPa": 1e-3}.items():
        if find_conflict(phases, rve * factor) is None:
            return f"; rve looks like {what}"
        if find_conflict(phases * factor, rve) is None:
            return f"; {', '.join(names)} and {last} look like {what}"
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
