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

from rve.dataset.moments import Moments, mean_deviator, uniaxial_strains
from training.backend import Backend
from training.homogenise import base_weights, localise
from training.network import MaterialNetwork

_STEPS = 500
_LEARNING_RATE = 0.002  # at the first step; it falls to zero by a cosine
_WEIGHT = 0.1  # of the moments' term
_SAMPLES_A_STEP = 4  # of the moments, in six directions each


def finish(
    backend: Backend, training: int, moments: Moments, batch_size: int, rng: np.random.Generator
) -> None:
    """Take some steps with the moments.

    Args:
        backend: of a trained network, which knows the loss of Eq. 9.
        training: number of its training samples.
        moments: of a phase that flows.
        batch_size: training samples in a step.
        rng: chooses the samples of each step.
    """
    start = backend.network
    z, angles = (torch.tensor(values, requires_grad=True) for values in (start.z, start.angles))
    network = replace(start, z=z, angles=angles)
    samples = moments.samples
    arrays = samples.p1, samples.p2, uniaxial_strains(samples.rve), moments.values, moments.shares
    of_moments = [torch.tensor(array) for array in arrays]
    some = min(_SAMPLES_A_STEP, len(samples))
    optimiser = torch.optim.Adam([z, angles])
    for step in range(_STEPS):
        rate = _LEARNING_RATE * (1 + math.cos(math.pi * step / _STEPS)) / 2
        optimiser.param_groups[0]["lr"] = rate
        of_stiffness = backend.gradient(rng.choice(training, batch_size, replace=False))
        batch = rng.choice(len(samples), some, replace=False)
        p1, p2, E, values, shares = (array[batch] for array in of_moments)
        error = first_moments(network, p1, p2, E, moments.flowing) / values - 1
        distance = _WEIGHT * (shares * error**2).sum() / shares.sum()
        of_distance = torch.autograd.grad(distance, [z, angles])
        for values, *slopes in zip((z, angles), of_stiffness, of_distance, strict=True):
            values.grad = torch.from_numpy(slopes[0]) + slopes[1]
        optimiser.step()
        backend.place(z.detach().numpy(), angles.detach().numpy())


def first_moments(network: MaterialNetwork, p1, p2, strains, phase: int):
    """Mean norms (s, l) of the deviators in the base nodes of a phase; the rest as `localise`."""
    local = localise(network, p1, p2, strains)
    return mean_deviator(local[phase::2], base_weights(network)[phase::2])
