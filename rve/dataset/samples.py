"""Computation of linear-elastic training data by homogenising the cell."""

from collections.abc import Callable, Collection

import numpy as np

from rve.arrays import Array
from rve.dataset.dataset import Dataset
from rve.dataset.moments import SMALLEST_SHARE, STEPS, Moments, mean_deviator, uniaxial_strains
from rve.errors import InputError
from rve.homogenisation.cell import Cell
from rve.homogenisation.components import Components, homogenise
from rve.homogenisation.matching import Matching
from rve.materials.stiffness import bounds_defect, is_positive_definite

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
    flowing: Collection[str],
    progress: Callable[[int], None] = lambda _: None,
) -> Moments:
    """First moments of samples that were homogenised with these phases as those that yield."""
    numbers = tuple(number for number, name in enumerate(cell.phases) if name in flowing)
    matching = Matching(cell, numbers)
    values = np.ones((len(samples), len(numbers), 6, STEPS))
    shares = np.zeros(values.shape[:3])
    for number, E in enumerate(uniaxial_strains(samples.rve)):
        phases = samples.phases[number]
        whole = np.einsum("li,ij,lj->l", E, samples.rve[number], E)
        strains = matching.strains(phases, E, 1)
        for own, phase, weights, (strain,) in zip(
            shares[number], numbers, matching.weights, strains, strict=True
        ):
            energy = np.einsum(
                "n,lni,ij,lnj->l", weights, strain, phases[phase], strain, optimize=True
            )
            own[:] = np.where(energy / whole >= SMALLEST_SHARE, energy / whole, 0)
        counts = shares[number].any(axis=0)
        if counts.any():
            followed = matching.strains(phases, E[counts], STEPS)
            for own, weights, strain in zip(
                values[number], matching.weights, followed, strict=True
            ):
                own[counts] = mean_deviator(np.moveaxis(strain, 2, 0), weights).T
        progress(number + 1)
    return Moments(samples, numbers, values, shares)
