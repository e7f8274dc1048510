"""What an online time is made of."""

import numpy as np
import pandas as pd

_PARTS = {
    "iterations": "the iterations",
    "active_nodes": "the active base nodes",
    "microseconds": "the time per iteration and node",
}


def composition(over: pd.DataFrame, under: pd.DataFrame) -> str:
    """The ratio of two online times as the product of its parts, in a sentence.

    Args:
        over: measures of the networks above the line, as in `Measured.errors`.
        under: of those below.
    """
    total = ratio_of_means(over, under, "online_seconds")
    parts = [
        f"{ratio_of_means(over, under, column):.2f} from {name}" for column, name in _PARTS.items()
    ]
    return f"the ratio {total:.2f} of the online times is {', '.join(parts[:-1])} and {parts[-1]}."


def ratio_of_means(over: pd.DataFrame, under: pd.DataFrame, column: str) -> float:
    """Ratio of the geometric means of a measure."""
    mean, other = (np.log(rows[column].dropna().to_numpy(float)).mean() for rows in (over, under))
    return float(np.exp(mean - other))
