"""First moments of the strain in a network, and their distance from those of the cell."""

from array_api_compat import array_namespace

from rve.dataset.moments import Moments, mean_deviator, uniaxial_strains
from training.homogenise import base_weights, localise
from training.network import MaterialNetwork


def first_moments(network: MaterialNetwork, p1, p2, strains, phase: int):
    """Mean norms (s, l) of the deviators in the base nodes of a phase; the rest as `localise`."""
    local = localise(network, p1, p2, strains)
    return mean_deviator(local[phase::2], base_weights(network)[phase::2])


def relative_errors(network: MaterialNetwork, moments: Moments):
    """Relative errors (n, 6) of the first moments of n samples; those too large are positive."""
    samples = moments.samples
    E = uniaxial_strains(samples.rve)
    return first_moments(network, samples.p1, samples.p2, E, moments.flowing) / moments.values - 1


def mean_square(errors, shares):
    """Mean square of relative errors (n, 6), each weighted by the phase's share of the energy.

    Where the other phase bears, how this one strains hardly counts, and no stiffness tells it.
    """
    return (shares * errors**2).sum() / shares.sum()


def moments_error(network: MaterialNetwork, moments: Moments) -> float:
    """Root of the weighted mean square of the relative errors of the first moments."""
    errors = relative_errors(network, moments)
    return float(array_namespace(errors).sqrt(mean_square(errors, moments.shares)))
