"""The end of a training: networks whose phase flows as unevenly as the cell's.

Adam goes on with the loss of Eq. 9 and one term more: the mean square of the relative errors of the
first moments, see `rve.dataset.moments`, each weighted by the phase's share of the strain energy:
where the other phase bears, how this one strains hardly counts, and no stiffness tells it. The
stiffness hardly changes meanwhile.
"""

import math
from dataclasses import replace

import numpy as np
import torch

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, mean_deviator, uniaxial_strains
from training.homogenise import base_weights, homogenise, localise
from training.loss import LossName, loss
from training.network import MaterialNetwork

_STEPS = 500
_LEARNING_RATE = 0.002  # at the first step; it falls to zero by a cosine
_WEIGHT = 0.1  # of the moments' term
_SAMPLES_A_STEP = 4  # of the moments, in six directions each


def finish(
    network: MaterialNetwork,
    training: Dataset,
    moments: Moments,
    batch_size: int,
    eta: float,
    xi: float,
    name: LossName,
    rng: np.random.Generator,
) -> MaterialNetwork:
    """The network after some steps with the moments.

    Args:
        network: trained, with numpy parameters.
        training: samples of the stiffness.
        moments: of a phase that flows.
        batch_size: samples of the stiffness in a step.
        eta: as in the loss of Eq. 9.
        xi: likewise.
        name: likewise.
        rng: chooses the samples of each step.
    """

    def tensors(*arrays):
        return [torch.tensor(array) for array in arrays]

    z, angles = (t.requires_grad_() for t in tensors(network.z, network.angles))
    trained = replace(network, z=z, angles=angles)
    of_stiffness = tensors(training.p1, training.p2, training.rve)
    samples = moments.samples
    strains = uniaxial_strains(samples.rve)
    of_moments = tensors(samples.p1, samples.p2, strains, moments.values, moments.shares)
    some = min(_SAMPLES_A_STEP, len(samples))
    optimiser = torch.optim.Adam([z, angles])
    for step in range(_STEPS):
        rate = _LEARNING_RATE * (1 + math.cos(math.pi * step / _STEPS)) / 2
        optimiser.param_groups[0]["lr"] = rate
        batch = rng.choice(len(training), batch_size, replace=False)
        p1, p2, rve = (array[batch] for array in of_stiffness)
        fit = loss(trained, homogenise(trained, p1, p2), rve, eta, xi, name)
        batch = rng.choice(len(samples), some, replace=False)
        p1, p2, E, values, shares = (array[batch] for array in of_moments)
        error = first_moments(trained, p1, p2, E, moments.flowing) / values - 1
        optimiser.zero_grad()
        (fit + _WEIGHT * (shares * error**2).sum() / shares.sum()).backward()
        optimiser.step()
    return replace(network, z=z.detach().numpy(), angles=angles.detach().numpy())


def first_moments(network: MaterialNetwork, p1, p2, strains, phase: int):
    """Mean norms (s, l) of the deviators in the base nodes of a phase; the rest as `localise`."""
    local = localise(network, p1, p2, strains)
    return mean_deviator(local[phase::2], base_weights(network)[phase::2])
