"""Ensembles of networks that differ in their seed alone: the error of their mean, and the spread.

An ensemble's spread is honest if the reference lies within two deviations about as often as for a
normal distribution, in 95 of 100 increments.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.measures.error import curve_error
from evaluation.measures.tables import DEVIATIONS, ENSEMBLE_COLUMNS
from evaluation.online.ensemble import (
    EnsemblePrediction,
    combine,
    factor_of,
    moment_errors,
)
from rve.dataset.moments import Moments
from rve.loads.curve import Curve
from training.network import MaterialNetwork

Array = NDArray[np.float64]
Case = tuple[str, str, str]
"""Composite, control and load."""

SIZES = (2, 3, 5)
"""Numbers of networks, beside that of all."""

ENOUGH = 0.01
"""Standard error of a mean stress, relative to it, that more networks need not lower."""

_NOTHING = 0.01  # a stress below this part of the curve's largest is that of a free component


def ensembles(
    recipe: str,
    networks: Sequence[MaterialNetwork],
    curves: Sequence[Mapping[Case, Curve]],
    references: Mapping[Case, Curve],
    held_out: Moments | None,
) -> list[dict[str, Any]]:
    """Measures of the ensembles of networks that differ in their seed alone.

    Of every size as many ensembles as there are without sharing a network; each measure is the mean
    over these.

    Curves that did not converge are missing. Moments that are held out calibrate the spread, see
    `evaluation.online.ensemble`.

    Returns:
        Rows with `ENSEMBLE_COLUMNS`: networks is the size; error that of the mean, Eq. 32; spread
        the mean relative deviation; factor that on the spread; inside_k and calibrated_k say how
        often the reference lies within k deviations.
    """
    rows = []
    errors = []
    if held_out and len(held_out.pairs):
        errors = [moment_errors(network, held_out) for network in networks]
    for size in sorted({size for size in (*SIZES, len(networks)) if 2 <= size <= len(networks)}):
        groups = [range(i, i + size) for i in range(0, len(networks) - size + 1, size)]
        factors = [factor_of([errors[i] for i in group]) if errors else np.nan for group in groups]
        for case, reference in references.items():
            found = [
                _measures(combine([curves[i][case] for i in group]), reference, factor)
                for group, factor in zip(groups, factors, strict=True)
                if all(case in curves[i] for i in group)
            ]
            if not found:
                continue
            names: list[Any] = [recipe, networks[0].kind, networks[0].layers, size, *case]
            identity = dict(zip(ENSEMBLE_COLUMNS, names, strict=False))
            rows.append(identity | {str(k): v for k, v in pd.DataFrame(found).mean().items()})
    return rows


def enough(spread: float) -> int:
    """How many networks with this relative deviation have a mean with a standard error of ENOUGH.

    >>> enough(0.025)
    7
    """
    return max(2, ceil((spread / ENOUGH) ** 2))


def _measures(prediction: EnsemblePrediction, reference: Curve, factor: float) -> dict[str, float]:
    stress, largest = np.abs(reference.stress), np.abs(reference.stress).max()
    loaded = stress > _NOTHING * largest
    distance = np.abs(prediction.mean.stress - reference.stress)[loaded]
    deviation = prediction.deviation[loaded]
    found = {
        "error": curve_error(prediction.mean, reference),
        "spread": float((deviation / stress[loaded]).mean()),
        "factor": factor,
    }
    for k in DEVIATIONS:
        found[f"inside_{k:g}"] = float((distance <= k * deviation).mean())
        found[f"calibrated_{k:g}"] = float((distance <= k * factor * deviation).mean())
    return found
