"""The tables of the report: numbers turned into cells of text, with what says how they are read."""

from collections.abc import Iterable, Mapping, Sequence
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
    columns: Mapping[str, Iterable[str]] | pd.DataFrame, labels: int, title: str, text: str
) -> Table:
    """A table of heads and the cells below each; without heads if there is no row."""
    rows = [list(row) for row in zip(*(cells for _, cells in columns.items()), strict=True)]
    return Table(list(map(str, columns)) if rows else [], rows, labels, title, text)


def pair_table(pairs: Sequence[tuple[str, Any]], title: str = "", text: str = "") -> Table:
    """Names and values, without heads."""
    return Table([], [[name, cell(value)] for name, value in pairs], 2, title, text)


def means(frame: pd.DataFrame, name: str, scale: float = 1) -> list[str]:
    """Mean and deviation of a column of `evaluation.measures.statistics.statistics`."""
    values = scale * frame[f"{name}_mean"], scale * frame[f"{name}_std"]
    return list(map(mean_and_deviation, *values))


def percentages(frame: pd.DataFrame, name: str, expected: pd.Series) -> list[str]:
    """The same in percent; with the number of values where some of the expected are missing."""
    if f"{name}_count" not in frame:
        return ["–"] * len(frame)
    counts = frame[f"{name}_count"]
    shortfalls = counts.map(" (n = {:.0f})".format).where((counts > 0) & (counts < expected), "")
    return [text + few for text, few in zip(means(frame, name, 100), shortfalls, strict=True)]


def cell(value: Any) -> str:
    """A value as text."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
