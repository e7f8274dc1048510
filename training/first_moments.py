"""First moments of the strain in a network, and their distance from those of the cell."""

from array_api_compat import array_namespace

from rve.dataset.moments import STEPS, Moments, mean_deviator, uniaxial_strains
from rve.linear_matching import deviator_norm, shear_factor, softened
from training.homogenise import base_weights, localise
from training.network import MaterialNetwork


def first_moments(network: MaterialNetwork, p1, p2, strains, phase: int):
    """Mean norms (s, l, STEPS) of the deviators in the base nodes of a phase, by linear matching.

    Args:
        network: its parameters.
        p1: stiffness (s, 6, 6) of the matrix, GPa; that of the phase is isotropic.
        p2: stiffness (s, 6, 6) of the fibre, likewise.
        strains: macroscopic strains (s, l, 6), Mandel.
        phase: the phase that yields, 0 or 1.
    """
    xp = array_namespace(p1)
    weights = base_weights(network)[phase::2]
    shape = (*strains.shape[:2], 6, 6)

    def each(stiffness):
        """Of every load (1, s l, 6, 6)."""
        return xp.reshape(xp.broadcast_to(stiffness[:, None], shape), (1, -1, 6, 6))

    pair, E = [each(p1), each(p2)], xp.reshape(strains, (-1, 1, 6))
    even = pair[phase]
    found = []
    for _ in range(STEPS):
        local = localise(network, pair[0], pair[1], E)[phase::2, :, 0]
        found.append(mean_deviator(local, weights))
        pair[phase] = softened(even, shear_factor(deviator_norm(local), found[-1], xp.where))
    return xp.reshape(xp.stack(found, axis=-1), (*strains.shape[:2], STEPS))


def relative_errors(network: MaterialNetwork, moments: Moments):
    """Relative errors (n, 6, STEPS) of the first moments of n samples; those too large positive."""
    samples = moments.samples
    E = uniaxial_strains(samples.rve)
    return first_moments(network, samples.p1, samples.p2, E, moments.flowing) / moments.values - 1


def mean_square(errors, shares):
    """Mean square of relative errors (n, 6, STEPS), weighted by the phase's share of the energy."""
    return (shares[..., None] * errors**2).sum() / (shares.sum() * STEPS)


def moments_error(network: MaterialNetwork, moments: Moments) -> float:
    """Root of the weighted mean square of the relative errors of the first moments."""
    errors = relative_errors(network, moments)
    return float(array_namespace(errors).sqrt(mean_square(errors, moments.shares)))
