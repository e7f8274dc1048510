"""Sentences of evidence that several findings share."""

from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

from evaluation.formatting import percent
from evaluation.measures.effects import ratio_of_geometric_means

Value = TypeVar("Value", int, float)

_PARTS = {
    "iterations": "iterations",
    "active_nodes": "active base nodes",
    "microseconds": "time per iteration and node",
}


IMPLEMENTATIONS = {
    "literal_seconds": "as printed, in numpy",
    "literal_microseconds": "as printed, in numpy",
    "online_seconds": "compiled",
    "microseconds": "compiled",
}
"""Measure -> what was timed."""


def lowest_mean(errors: Mapping[Value, pd.Series], where: str) -> str:
    """The value with the lowest mean error; nothing where there is none.

    Args:
        errors: value -> an error of each of its networks.
        where: how the value is shown, as `batch size {}`.
    """
    if not errors:
        return ""
    best = min(errors, key=lambda value: errors[value].mean())
    mean, deviation = errors[best].mean(), errors[best].std()
    return f"Lowest mean: {percent(mean, deviation)} ({where.format(best)})."


def parts_of_time_ratio(over: pd.DataFrame, under: pd.DataFrame) -> str:
    """The ratio of two online times at one depth as the product of its parts.

    Args:
        over: the networks above the line, rows of `StudyTables.errors`.
        under: those below.
    """

    def ratio(column: str) -> str:
        return f"{ratio_of_geometric_means(over[column], under[column]):#.3g}"

    parts = " × ".join(f"{ratio(column)} ({name})" for column, name in _PARTS.items())
    layers = over["layers"].iloc[0]
    return f"Compiled, online time at {layers} layers: ratio {ratio('online_seconds')} = {parts}."
