"""Training histories of networks."""

from collections.abc import Mapping, Sequence
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
    return {path.stem: _history(load_arrays(path)) for path in networks if path.stem in trained}


def _history(arrays: Mapping[str, Array]) -> History:
    training, validation = arrays["error_training"], arrays["error_validation"]
    measured = np.flatnonzero(np.isfinite(training))
    epochs = np.arange(1.0, len(training) + 1)
    return History(epochs[measured], training[measured], validation[measured])
