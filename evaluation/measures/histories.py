"""Training histories of networks."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from training.store import load_arrays

Array = NDArray[np.float64]


class History(NamedTuple):
    """The errors e_C, Eq. 33, of one network after the epochs at which both were measured (m,)."""

    epochs: Array
    training: Array
    validation: Array


def read_histories(networks: Sequence[Path], training: pd.DataFrame) -> dict[str, History]:
    """Network -> history, of those whose training did not fail."""
    trained = set(training.loc[training["status"] == "ok", "network"])
    found = {}
    for path in (path for path in networks if path.stem in trained):
        arrays = load_arrays(path)
        errors = arrays["error_training"], arrays["error_validation"]
        measured = np.flatnonzero(np.isfinite(errors[0]))
        epochs = np.asarray(measured + 1, float)
        found[path.stem] = History(epochs, *(error[measured] for error in errors))
    return found
