"""Which of many choices none beats in both of two measures."""

import numpy as np
import pandas as pd


def front(rows: pd.DataFrame, cost: str, error: str) -> pd.DataFrame:
    """The rows with a lower error than every cheaper one, in the order of cost.

    Args:
        rows: the choices.
        cost: column of what they cost.
        error: column of their error.
    """
    ordered = rows.sort_values([cost, error])
    errors = ordered[error].to_numpy(float)
    best_before = np.concatenate([[np.inf], np.minimum.accumulate(errors)[:-1]])
    return ordered[errors < best_before]
