"""Where an error is lowest, in words."""

from collections.abc import Mapping
from typing import TypeVar

import pandas as pd

from evaluation.report.words import percent

Value = TypeVar("Value", int, float)


def lowest(errors: Mapping[Value, pd.Series], where: str) -> str:
    """The value with the lowest mean error, in a sentence.

    Args:
        errors: value -> an error of each of its networks.
        where: format of the value, as `with batches of {}`.
    """
    best = min(errors, key=lambda value: errors[value].mean())
    mean, spread = errors[best].mean(), errors[best].std()
    return f"The lowest mean is {percent(mean, spread)}, {where.format(best)}."
