"""The end of a training: networks whose phase flows as unevenly as the cell's.

Adam goes on with the loss of Eq. 9 and one term more: the mean square error of the first moments,
see `training.moments`. The stiffness hardly changes meanwhile.
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
        moments: of a phase that flows.
        batch_size: training samples in a step.
        rng: chooses the samples of each step.
    """
    pairs = len(moments.pairs)
    some = min(_PAIRS_A_STEP, pairs)
    # Slopes have grown small by now; to Adam those of the moments would look enormous.
    backend.restart()
    for step in range(STEPS):
        rate = _LEARNING_RATE * (1 + math.cos(math.pi * step / STEPS)) / 2
        of_stiffness = backend.gradient(rng.choice(training, batch_size, replace=False))
        of_moments = backend.gradient_of_moments(rng.choice(pairs, some, replace=False))
        by_z, by_angles = (a + _WEIGHT * b for a, b in zip(of_stiffness, of_moments, strict=True))
        backend.move(by_z, by_angles, rate)
