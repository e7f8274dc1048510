"""The tables that a study writes and reads."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO

from rve.errors import InputError
from rve.extras import extra
from rve.files import replacing

with extra("study"):
    import pandas as pd

_TEXT = dict.fromkeys(
    ("network", "source", "composite", "control", "scheme", "load", "status"), str
)


def write_table(table: pd.DataFrame, path: Path | str) -> None:
    """Write a table as CSV."""
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False)


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV table; names stay text, even `007` and `NA`, and only empty cells are missing.

    Raises:
        InputError: the file is not a table.
    """
    try:
        return _parsed(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a table, delete it and run again: {error}") from error


def read_tables(paths: Sequence[Path]) -> pd.DataFrame:
    """Read CSV tables of the same columns as one, their rows one after the other.

    Their texts are joined first: thousands of small tables are read in the time of a large one.
    """
    head, parts = "", []
    for path in paths:
        try:
            first, _, rows = path.read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: cannot be read: {error}") from error
        head = head or first
        if first != head:
            raise InputError(f"{path}: has other columns than {paths[0]}; delete both, run again")
        parts.append(rows if not rows or rows.endswith("\n") else f"{rows}\n")
    try:
        return _parsed(StringIO("".join([f"{head}\n", *parts])))
    except ValueError:
        for path in paths:
            read_table(path)  # names the file that is to blame
        raise


def _parsed(source: Path | TextIO) -> pd.DataFrame:
    table = pd.read_csv(source, dtype=_TEXT, keep_default_na=False, na_values=[""])
    if not isinstance(table.index, pd.RangeIndex):
        raise ValueError("its rows have more fields than its head")
    return table
