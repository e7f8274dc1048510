"""Reading the tables that the study writes."""

from pathlib import Path

import pandas as pd

from rve.errors import InputError

_TEXT = dict.fromkeys(("network", "composite", "control", "scheme", "load", "status"), str)


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV table; names stay text, even `007` and `NA`, and only empty cells are missing.

    Raises:
        InputError: the file is not a table.
    """
    try:
        return pd.read_csv(path, dtype=_TEXT, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a table, delete it and run again: {error}") from error
