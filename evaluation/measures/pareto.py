"""Which of many choices none beats in both of two measures."""

import pandas as pd

# Schemes of one network give errors that differ by rounding, which makes none the better.
_LEAST_GAIN = 0.01


def pareto_front(rows: pd.DataFrame, cost: str, error: str) -> pd.DataFrame:
    """The rows with an error at least 1 % below that of every cheaper one of them, by cost."""
    ordered = rows.sort_values([cost, error])
    kept, least = [], float("inf")
    for place, value in enumerate(ordered[error]):
        if value < (1 - _LEAST_GAIN) * least:
            kept.append(place)
            least = value
    return ordered.iloc[kept]
