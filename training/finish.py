"""The last steps of a training, which fit how strongly the strain localises in a phase that yields.

Adam continues with the loss of Eq. 9 and a further term: the mean square error of the first
moments, see `training.first_moments`. The stiffness hardly changes in these steps.
"""

import math

import numpy as np

from rve.dataset.moments import Moments
from training.backend import Backend

STEPS = 1000
_LEARNING_RATE = 0.002  # at the first step; it falls to zero by a cosine
_WEIGHT = 0.3  # of the moments' term
_PAIRS_A_STEP = 80  # of a sample and a load


def finish(
    backend: Backend, training: int, moments: Moments, batch_size: int, rng: np.random.Generator
) -> None:
    """Take some steps with the moments.

    Args:
        backend: of a trained network, which knows the loss of Eq. 9 and the moments.
        training: number of its training samples.
        moments: of a phase that yields.
        batch_size: training samples in a step.
        rng: chooses the samples of each step.
    """
    pairs = len(moments.pairs)
    some = min(_PAIRS_A_STEP, pairs)
    # The derivatives are small by now; Adam's steps would be too large for those of the moments.
    backend.restart()
    for step in range(STEPS):
        rate = _LEARNING_RATE * (1 + math.cos(math.pi * step / STEPS)) / 2
        of_stiffness = backend.gradient(rng.choice(training, batch_size, replace=False))
        of_moments = backend.gradient_of_moments(rng.choice(pairs, some, replace=False))
        by_z, by_angles = (a + _WEIGHT * b for a, b in zip(of_stiffness, of_moments, strict=True))
        backend.move(by_z, by_angles, rate)
