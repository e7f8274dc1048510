"""Predicted against reference stresses, increment by increment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rve.loads.load_path import DIRECTIONS

if TYPE_CHECKING:  # The plan of a study, which asks for the networks, does without.
    import pandas as pd

Array = NDArray[np.float64]

MOST = 1000
"""Networks whose curves are paired; those of 10,000 would take minutes and look the same."""


def paired_networks(ids: Sequence[str]) -> Sequence[str]:
    """All networks or, of many, at most `MOST` in even steps."""
    return ids[:: max(1, -(-len(ids) // MOST))]


def paired_stresses(
    references: Mapping[str, Mapping[str, "pd.DataFrame"]], predictions: Iterable["pd.DataFrame"]
) -> dict[str, tuple[Array, Array]]:
    """The loaded stress of every curve beside that of its reference.

    Returns:
        Load -> stresses (n,) of the references and of the predictions, both over the largest of
        the reference.
    """
    found: dict[str, list[tuple[Array, Array]]] = {}
    for curves in predictions:
        for (composite, load), curve in curves.groupby(["composite", "load"], sort=False):
            stress = f"sig_{DIRECTIONS[str(load)].component}"
            reference = references[str(composite)][str(load)][stress].to_numpy(float)
            predicted = curve[stress].to_numpy(float)
            scale = np.abs(reference).max()
            found.setdefault(str(load), []).append((reference / scale, predicted / scale))
    return {
        load: (np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs]))
        for load, pairs in found.items()
    }
