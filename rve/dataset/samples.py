"""Computation of linear-elastic training data by homogenising the cell."""

from collections.abc import Callable, Collection
from typing import Literal

import numpy as np

from rve.arrays import Array
from rve.dataset.dataset import Dataset
from rve.dataset.moments import SMALLEST_SHARE, STEPS, Moments, mean_deviator, uniaxial_strains
from rve.errors import InputError
from rve.homogenisation.cell import Cell
from rve.homogenisation.components import Components, homogenise
from rve.homogenisation.matching import Matching
from rve.materials.stiffness import bounds_defect, is_positive_definite
from rve.microstructure.phases import PHASES

_BOUNDS_TOLERANCE = 1e-8


def compute(
    components: Components,
    phases: Array,
    first: int = 0,
    flowing: Collection[str] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Dataset:
    """Homogenise the cell for the phases (n, p, 6, 6), GPa, of samples numbered from `first` on.

    The phases that are flowing are those of `homogenise`; `progress` gets the number done.

    Raises:
        InputError: a result is not positive definite or lies outside the bounds of Reuss and
            Voigt; the message has the number of the sample.
    """
    homogenised = np.empty((len(phases), 6, 6))
    for number, stiffnesses in enumerate(phases):
        stiffness = homogenise(components, *stiffnesses, flowing=flowing)
        definite = np.isfinite(stiffness).all() and is_positive_definite(stiffness)
        bounds = components.fractions, stiffnesses
        defect = bounds_defect(stiffness, *bounds) if definite else np.inf
        if defect > _BOUNDS_TOLERANCE:
            raise InputError(
                f"dataset: sample {first + number} is not positive definite or leaves the bounds "
                f"of Reuss and Voigt, by {defect:.1e}; its phases contrast too much for the mesh: "
                "narrow dataset.contrast_decades or lower rve.element_size"
            )
        homogenised[number] = stiffness
        progress(number + 1)
    return Dataset(phases, homogenised)


def compute_moments(
    cell: Cell,
    samples: Dataset,
    flowing: Literal["matrix", "fibre"],
    progress: Callable[[int], None] = lambda _: None,
) -> Moments:
    """First moments of samples that were homogenised with this phase as one that yields."""
    phase = PHASES.index(flowing)
    matching = Matching(cell, phase)
    values, shares = np.ones((len(samples), 6, STEPS)), np.zeros((len(samples), 6))
    for number, E in enumerate(uniaxial_strains(samples.rve)):
        pair = samples.phases[number]
        strains = matching.strains(pair, E, 1)[0]
        energy = np.einsum(
            "n,lni,ij,lnj->l", matching.weights, strains, pair[phase], strains, optimize=True
        )
        share = energy / np.einsum("li,ij,lj->l", E, samples.rve[number], E)
        counts = share >= SMALLEST_SHARE
        if counts.any():
            followed = matching.strains(pair, E[counts], STEPS)
            values[number, counts] = mean_deviator(np.moveaxis(followed, 2, 0), matching.weights).T
            shares[number, counts] = share[counts]
        progress(number + 1)
    return Moments(samples, (phase,), values[:, None], shares[:, None])
