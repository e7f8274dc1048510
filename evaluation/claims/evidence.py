"""Groups of networks, and sentences of evidence, that several claims share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from evaluation.claims.ranges import PAPER_LAYERS
from evaluation.formatting import percent
from evaluation.measures.effects import Pairs, ratio_of_geometric_means

_PARTS = {
    "iterations": "iterations",
    "active_nodes": "active base nodes",
    "microseconds": "time per iteration and node",
}


def group_values(
    rows: pd.DataFrame, key: Any, measure: str | list[str], index: str = "seed"
) -> dict[Any, Any]:
    """Values of a column or more -> measures of the networks that have them, by seed."""
    return dict(tuple(rows.dropna(subset=measure).set_index(index).groupby(key)[measure]))


def each_over(
    values: Mapping[Any, Any], pairs: Iterable[tuple[Any, Any]], part: str = "{} over {}"
) -> Pairs:
    """Groups of networks that stand over and under the line; none where one of all is missing."""
    try:
        return {part.format(a, b): (values[a], values[b]) for a, b in pairs}
    except KeyError:
        return {}


def by_depth(
    rows: pd.DataFrame,
    key: str,
    pair: Sequence[str],
    measure: str,
    layers: Sequence[int] = PAPER_LAYERS,
    index: str = "seed",
) -> dict[int, tuple[pd.Series, pd.Series]]:
    """Layers -> a measure of the two values of a column, where both have it, by seed."""
    found, (over, under) = group_values(rows, ["layers", key], measure, index), pair
    both = [n for n in layers if (n, over) in found and (n, under) in found]
    return {n: (found[n, over], found[n, under]) for n in both}


def lowest_mean(errors: Mapping[Any, pd.Series], where: str) -> str:
    """The value with the lowest mean error; `where` shows a value, as `batch size {}`."""
    best = min(errors, key=lambda value: errors[value].mean())
    mean = percent(errors[best].mean(), errors[best].std())
    return f"Lowest mean: {mean} ({where.format(best)})."


def parts_of_time_ratio(over: pd.DataFrame, under: pd.DataFrame) -> str:
    """The ratio of two online times at one depth as the product of its parts.

    Both have rows of `StudyTables.errors`.
    """

    def ratio(column: str) -> str:
        return f"{ratio_of_geometric_means(over[column], under[column]):#.3g}"

    parts = " × ".join(f"{ratio(column)} ({name})" for column, name in _PARTS.items())
    layers = over["layers"].iloc[0]
    return f"Compiled, online time at {layers} layers: ratio {ratio('online_seconds')} = {parts}."
