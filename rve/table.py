"""Reading tables: those that the study writes, and tables of numbers that a user gives."""

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TextIO

import pandas as pd

from rve.errors import InputError

_TEXT = dict.fromkeys(("network", "composite", "control", "scheme", "load", "status"), str)
_SEPARATORS = {";": "semicolons", "\t": "tabs"}


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

    Raises:
        InputError: a file is not a table, or has other columns than the first.
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


def read_numbers(path: Path) -> list[dict[str, float]]:
    """Read a user's CSV table of numbers: column -> value, of each row; nan where a cell is empty.

    Raises:
        InputError: the file is not a table, a row has another number of cells than the head, or a
            cell is not a number.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as text: {error}") from error
    lines = list(filter(None, csv.reader(text.splitlines())))
    if not lines:
        raise InputError(f"{path}: is empty; expected a head of names and rows of numbers")
    head = [name.strip() for name in lines[0]]
    for separator, words in _SEPARATORS.items():
        if len(head) == 1 and separator in head[0]:
            raise InputError(
                f"{path}: its cells are parted by {words}; expected commas, and points in numbers"
            )
    if repeated := {name for name in head if head.count(name) > 1}:
        raise InputError(f"{path}: the column {min(repeated)} stands more than once")
    rows = []
    for number, line in enumerate(lines[1:], start=1):
        if len(line) != len(head):
            raise InputError(
                f"{path}: row {number} has {len(line)} cells and the head {len(head)}; "
                "numbers have points, not commas"
            )
        rows.append(
            {
                name: _number(cell, f"{path}: row {number}, {name}")
                for name, cell in zip(head, line, strict=True)
            }
        )
    return rows


def _number(cell: str, where: str) -> float:
    if not cell.strip():
        return float("nan")
    try:
        return float(cell)
    except ValueError:
        hint = "; numbers have points, not commas" if "," in cell else ""
        raise InputError(f"{where}: expected a number, got {cell.strip()}{hint}") from None
