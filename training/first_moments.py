"""First moments of the strain in a network, and their distance from those of the cell."""

from collections.abc import Sequence

import numpy as np
from array_api_compat import array_namespace

from rve.dataset.moments import STEPS, Moments, mean_deviator, uniaxial_strains
from rve.linear_matching import deviator_norm, shear_factor, softened
from training.homogenise import base_stiffnesses, base_weights, localise
from training.network import MaterialNetwork


def first_moments(network: MaterialNetwork, phases, strains, flowing: Sequence[int]):
    """Mean norms (s, f, l, STEPS) of the deviators in phases that yield, by linear matching.

    Args:
        network: its parameters.
        phases: stiffnesses (s, 6, 6) of its phases, GPa; those that yield are isotropic.
        strains: macroscopic strains (s, l, 6), Mandel.
        flowing: numbers of the f phases that yield.
    """
    xp = array_namespace(strains)
    weights = base_weights(network)
    shape = (*strains.shape[:2], 6, 6)
    each = [xp.reshape(xp.broadcast_to(C[:, None], shape), (-1, 6, 6)) for C in phases]
    stiffnesses, E = base_stiffnesses(network, each), xp.reshape(strains, (-1, 1, 6))
    of_phase = [network.phases == phase for phase in flowing]
    found = []
    for _ in range(STEPS):
        local = localise(network, stiffnesses, E)[:, :, 0]
        stiffnesses, means = 1 * stiffnesses, []  # a copy, also where autograd has the first
        for phase, nodes in zip(flowing, of_phase, strict=True):
            means.append(mean_deviator(local[nodes], weights[nodes]))
            factors = shear_factor(deviator_norm(local[nodes]), means[-1], xp.where)
            stiffnesses[nodes] = softened(each[phase][None], factors)
        found.append(xp.stack(means))
    moments = xp.reshape(xp.stack(found, axis=-1), (len(flowing), *strains.shape[:2], STEPS))
    return xp.moveaxis(moments, 0, 1)


def relative_errors(network: MaterialNetwork, moments: Moments):
    """Relative errors (n, f, 6, STEPS) of the first moments of n samples; too large is positive."""
    samples = moments.samples
    phases, E = np.moveaxis(samples.phases, 1, 0), uniaxial_strains(samples.rve)
    return first_moments(network, phases, E, moments.flowing) / moments.values - 1


def mean_square(errors, shares):
    """Mean square of relative errors (.., STEPS), weighted by the phase's share of the energy."""
    return (shares[..., None] * errors**2).sum() / (shares.sum() * STEPS)


def moments_error(network: MaterialNetwork, moments: Moments) -> float:
    """Root of the weighted mean square of the relative errors of the first moments."""
    errors = relative_errors(network, moments)
    return float(array_namespace(errors).sqrt(mean_square(errors, moments.shares)))
