"""The table of all trained networks."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from training.store import load_record

CONFIGURATION = [
    "kind",
    "layers",
    "samples",
    "batch_size",
    "eta",
    "xi",
    "initialisation",
    "loss",
    "flowing_samples",
    "moments",
    "epochs",
    "learning_rate",
]
"""What the networks of a group share; they differ in their seed alone."""

COLUMNS = [
    "network",
    *CONFIGURATION,
    "seed",
    "error_training",
    "error_validation",
    "error_moments",
    "active_nodes",
    "parameters",
    "seconds",
    "status",
    "reason",
]


def table(networks: Sequence[Path]) -> pd.DataFrame:
    """The records of networks, one a row with the columns of training.csv.

    Raises:
        InputError: a record cannot be read.
    """
    records = [{"network": path.stem, **load_record(path)} for path in networks]
    return pd.DataFrame(records, columns=COLUMNS)
