"""Predicted against reference stresses, increment by increment."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rve.loads.load_path import DIRECTIONS

Array = NDArray[np.float64]

MOST = 1000
"""Networks whose curves are paired; those of 10,000 would take minutes and look the same."""


def paired_networks(ids: Sequence[str]) -> Sequence[str]:
    """All networks or, of many, at most `MOST` in even steps."""
    return ids[:: max(1, -(-len(ids) // MOST))]


def paired_stresses(
    references: Mapping[str, Mapping[str, pd.DataFrame]], predictions: Iterable[pd.DataFrame]
) -> dict[str, Array]:
    """The loaded stress of every curve beside that of its reference.

    Returns:
        Load -> stresses (2, n) of the references and of the predictions, both over the largest of
        the reference.
    """
    found: dict[str, list[Array]] = {}
    for curves in predictions:
        for (composite, load), curve in curves.groupby(["composite", "load"], sort=False):
            stress = f"sig_{DIRECTIONS[str(load)].component}"
            reference = references[str(composite)][str(load)][stress].to_numpy(float)
            pair = np.array([reference, curve[stress].to_numpy(float)])
            found.setdefault(str(load), []).append(pair / np.abs(reference).max())
    return {load: np.concatenate(pairs, axis=1) for load, pairs in found.items()}
