"""The table of all trained networks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from rve.errors import InputError
from rve.table import read_table
from training.specification import CONFIGURATION
from training.store import load_record

COLUMNS = [
    "network",
    *CONFIGURATION,
    "seed",
    "error_training",
    "error_validation",
    "error_flowing",
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


def read(path: Path) -> pd.DataFrame:
    """training.csv, also that of an older version; errors that it lacks are not a number.

    Raises:
        InputError: the file is not a table, or lacks another column.
    """
    found = read_table(path)
    missing = [name for name in COLUMNS if name not in found]
    # Without one of `CONFIGURATION` no group would have a network.
    if lost := [name for name in missing if not name.startswith("error_")]:
        raise InputError(f"{path}: no table of networks, it has no column {lost[0]}")
    return found.assign(**dict.fromkeys(missing, np.nan))[COLUMNS]
