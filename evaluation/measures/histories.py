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
    """The errors e_C, Eq. 33, of one network after each epoch (epochs,)."""

    training: Array
    validation: Array


def read_histories(networks: Sequence[Path], training: pd.DataFrame) -> dict[str, History]:
    """Network -> history, of those whose training did not fail.

    Args:
        networks: their files.
        training: training.csv.
    """
    trained = set(training.loc[training["status"] == "ok", "network"])
    arrays = {path.stem: load_arrays(path) for path in networks if path.stem in trained}
    return {
        name: History(found["error_training"], found["error_validation"])
        for name, found in arrays.items()
    }
