"""The tables of the report: numbers turned into cells of text, with what says how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluation.formatting import mean_and_deviation


@dataclass(frozen=True)
class Table:
    """Text to lay out.

    Attributes:
        columns: heads.
        rows: cells of each row.
        labels: number of leading columns that are text.
        title: above it.
        text: how it is read.
    """

    columns: list[str]
    rows: list[list[str]]
    labels: int
    title: str = ""
    text: str = ""


def table_of(
    rows: Sequence[Mapping[str, str]], labels: int, title: str = "", text: str = ""
) -> Table:
    """A table of rows that all have the same heads; without heads if there is no row."""
    heads = list(rows[0]) if rows else []
    return Table(heads, [list(row.values()) for row in rows], labels, title, text)


def pair_table(pairs: Sequence[tuple[str, Any]], title: str = "", text: str = "") -> Table:
    """Names and values, without heads."""
    return Table([], [[name, cell(value)] for name, value in pairs], 2, title, text)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame, column -> value."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def mean_of(record: Mapping[Any, Any], name: str, scale: float = 1) -> str:
    """Mean and deviation of a column of `evaluation.measures.statistics.statistics`."""
    return mean_and_deviation(scale * record[f"{name}_mean"], scale * record[f"{name}_std"])


def percentage(record: Mapping[Any, Any], name: str, expected: int) -> str:
    """The same in percent; with the number of values where some of the expected are missing."""
    count = record.get(f"{name}_count", 0)
    if not count:
        return "–"
    shortfall = f" (n = {count:.0f})" if count < expected else ""
    return mean_of(record, name, 100) + shortfall


def cell(value: Any) -> str:
    """A value as text."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
