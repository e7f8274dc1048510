"""Measures of a predicted curve against the reference."""

import numpy as np
from numpy.typing import NDArray

from rve.errors import InputError
from rve.loads.curve import Curve

Array = NDArray[np.float64]

PRESCRIBED = 1e-6
"""Errors below are what is left where a path prescribes all stresses: there they say nothing."""


def distance(array: Array, reference: Array) -> float:
    """Frobenius norm of the difference over that of the reference, as in Eqs. 32 and 33."""
    return float(np.linalg.norm(array - reference) / np.linalg.norm(reference))


def curve_error(predicted: Curve, reference: Curve) -> float:
    """Relative error of one load case: the term of Eq. 32, with all six stress components.

    Its mean over the six load cases is e_sigma.

    Raises:
        InputError: the curves have different numbers of increments.
    """
    _check_increments(predicted, reference)
    return distance(predicted.stress, reference.stress)


def curve_bias(predicted: Curve, reference: Curve) -> float:
    """How much higher than the reference a predicted curve lies: a relative error with a sign.

    The difference in the direction of the reference, `sum (predicted - reference) . reference`,
    over `sum reference . reference`. Over networks that differ in their seed it scatters as their
    band of stresses is wide.

    Raises:
        InputError: the curves have different numbers of increments.
    """
    _check_increments(predicted, reference)
    along = reference.stress.ravel()
    return float(along @ (predicted.stress.ravel() - along) / (along @ along))


def _check_increments(predicted: Curve, reference: Curve) -> None:
    if predicted.stress.shape != reference.stress.shape:
        raise InputError(
            f"the prediction has {len(predicted.stress) - 1} increments, "
            f"the reference {len(reference.stress) - 1}"
        )
