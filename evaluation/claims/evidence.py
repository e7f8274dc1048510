"""Ratios of groups of networks, and sentences of evidence, that several claims share."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluation.formatting import percent
from evaluation.measures.effects import (
    Effect,
    bonferroni,
    paired_ratio,
    ratio_of_geometric_means,
)

Ratio = Callable[[str, Any, Any, float], Effect]
"""`ratio`, `paired_ratio` or `spread_ratio` of `evaluation.measures.effects`."""

_PARTS = {
    "iterations": "iterations",
    "active_nodes": "active base nodes",
    "microseconds": "time per iteration and node",
}


def group_values(rows: pd.DataFrame, key: str, measure: str | Sequence[str]) -> dict[Any, Any]:
    """Value of a column -> one or several measures of the networks that have them, by seed."""
    columns = measure if isinstance(measure, str) else list(measure)
    return dict(tuple(rows.dropna(subset=columns).set_index("seed").groupby(key)[columns]))


def ratios(pairs: Mapping[str, tuple[Any, Any]], ratio: Ratio = paired_ratio) -> list[Effect]:
    """Ratios whose intervals hold together, from the values over and under the line by part."""
    confidence = bonferroni(max(len(pairs), 1))
    return [ratio(part, over, under, confidence) for part, (over, under) in pairs.items()]


def lowest_mean(errors: Mapping[Any, pd.Series], where: str) -> str:
    """The value with the lowest mean error; `where` shows a value, as `batch size {}`."""
    best = min(errors, key=lambda value: errors[value].mean())
    mean, deviation = errors[best].mean(), errors[best].std()
    return f"Lowest mean: {percent(mean, deviation)} ({where.format(best)})."


def parts_of_time_ratio(over: pd.DataFrame, under: pd.DataFrame) -> str:
    """The ratio of two online times at one depth as the product of its parts.

    Both have rows of `StudyTables.errors`.
    """

    def ratio(column: str) -> str:
        return f"{ratio_of_geometric_means(over[column], under[column]):#.3g}"

    parts = " × ".join(f"{ratio(column)} ({name})" for column, name in _PARTS.items())
    layers = over["layers"].iloc[0]
    return f"Compiled, online time at {layers} layers: ratio {ratio('online_seconds')} = {parts}."
