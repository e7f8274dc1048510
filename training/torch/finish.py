"""The end of a training: networks whose phase flows as unevenly as the cell's.

Adam goes on with the loss of Eq. 9 and one term more: the mean square of the relative errors of the
first moments, see `training.moments`. The stiffness hardly changes meanwhile.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments
from training.backend import Backend
from training.moments import mean_square, relative_errors

_STEPS = 250
_LEARNING_RATE = 0.002  # at the first step; it falls to zero by a cosine
_WEIGHT = 0.1  # of the moments' term
_SAMPLES_A_STEP = 16  # of the moments, in six directions each


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
    some = min(_SAMPLES_A_STEP, len(moments.samples))
    optimiser = torch.optim.Adam([z, angles])
    for step in range(_STEPS):
        rate = _LEARNING_RATE * (1 + math.cos(math.pi * step / _STEPS)) / 2
        optimiser.param_groups[0]["lr"] = rate
        of_stiffness = backend.gradient(rng.choice(training, batch_size, replace=False))
        batch = _tensors(moments, rng.choice(len(moments.samples), some, replace=False))
        distance = _WEIGHT * mean_square(relative_errors(network, batch), batch.shares)
        of_distance = torch.autograd.grad(distance, [z, angles])
        for values, one, other in zip((z, angles), of_stiffness, of_distance, strict=True):
            values.grad = torch.from_numpy(one) + other
        optimiser.step()
        backend.place(z.detach().numpy(), angles.detach().numpy())


def _tensors(moments: Moments, batch: NDArray[np.int64]) -> Moments:
    """Some of the moments, in tensors."""
    samples = moments.samples
    arrays = samples.p1, samples.p2, samples.rve, moments.values, moments.shares
    tensors: list[Any] = [torch.tensor(array[batch]) for array in arrays]
    return Moments(Dataset(*tensors[:3]), moments.flowing, *tensors[3:])
