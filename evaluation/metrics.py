"""Measures of a predicted curve against the reference."""

import numpy as np

from rve.curve import Curve
from rve.errors import InputError


def curve_error(predicted: Curve, reference: Curve) -> float:
    """Relative error of one load case: the term of Eq. 32, with all six stress components.

    Its mean over the six load cases is e_sigma.

    Raises:
        InputError: the curves have different numbers of increments.
    """
    if predicted.stress.shape != reference.stress.shape:
        raise InputError(
            f"the prediction has {len(predicted.stress) - 1} increments, "
            f"the reference {len(reference.stress) - 1}"
        )
    difference = np.linalg.norm(predicted.stress - reference.stress)
    return float(difference / np.linalg.norm(reference.stress))
