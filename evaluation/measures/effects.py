"""Ratios with confidence intervals, to which every claim of the paper is reduced.

The networks of a configuration differ in their random initialisation; each is one value. Values
are positive, and ratios are those of geometric means, for which intervals of differences of
logarithms hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Effect:
    """A ratio and its confidence interval, which is nan where the data do not give one.

    Attributes:
        part: what of the claim it is about, as `5 layers`; empty where there is one part.
        estimate: the ratio.
        low, high: limits of the interval.
    """

    part: str
    estimate: float
    low: float
    high: float


def bonferroni(parts: int) -> float:
    """Confidence of each of several intervals that hold together with `CONFIDENCE` (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / parts


def ratio(part: str, over: ArrayLike, under: ArrayLike, confidence: float) -> Effect:
    """Ratio of the means of independent networks, with Welch's t-interval.

    Args:
        part: of the claim.
        over: values (n,) of the networks above the line.
        under: values (m,) of those below.
        confidence: of the interval.
    """
    a, b = _logarithms(over), _logarithms(under)
    estimate = _mean(a) - _mean(b)
    if min(len(a), len(b)) < 2:
        return _effect(part, estimate, np.nan, np.nan, confidence)
    variances = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    total = sum(variances)
    if total == 0:
        return _effect(part, estimate, 0.0, 1.0, confidence)
    freedom = total**2 / (variances[0] ** 2 / (len(a) - 1) + variances[1] ** 2 / (len(b) - 1))
    return _effect(part, estimate, np.sqrt(total), freedom, confidence)


def paired_ratio(part: str, over: pd.Series, under: pd.Series, confidence: float) -> Effect:
    """Ratio of two measures of the same networks, with the t-interval of paired values.

    Args:
        part: of the claim.
        over: value above the line, by network.
        under: value below, by network; only networks in both count.
        confidence: of the interval.
    """
    both = pd.concat([over.rename("over"), under.rename("under")], axis=1, join="inner")
    logarithms = _logarithms(both["over"] / both["under"])
    if len(logarithms) < 2:
        return _effect(part, _mean(logarithms), np.nan, np.nan, confidence)
    error = logarithms.std(ddof=1) / np.sqrt(len(logarithms))
    return _effect(part, _mean(logarithms), error, len(logarithms) - 1, confidence)


def spread_ratio(part: str, over: ArrayLike, under: ArrayLike, confidence: float) -> Effect:
    """Ratio of the standard deviations of independent networks, with the F-interval.

    The values enter as they are, not as logarithms: the paper's bands are of these.
    """
    a, b = _finite(over), _finite(under)
    if min(len(a), len(b)) < 2 or not (a.std() > 0 and b.std() > 0):
        return Effect(part, np.nan, np.nan, np.nan)
    estimate = float(a.std(ddof=1) / b.std(ddof=1))
    tail = (1 - confidence) / 2
    low, high = stats.f.ppf([tail, 1 - tail], len(a) - 1, len(b) - 1)
    return Effect(part, estimate, estimate / np.sqrt(high), estimate / np.sqrt(low))


def trend(part: str, x: ArrayLike, values: ArrayLike, confidence: float) -> Effect:
    """Factor from the smallest to the largest x, by a straight line through the logarithms.

    Args:
        part: of the claim.
        x: of each network (n,), on the scale on which the line is straight.
        values: of each network (n,).
        confidence: of the interval, that of the slope.
    """
    at = np.asarray(x, float)
    logarithms = np.log(np.asarray(values, float))
    known = np.isfinite(logarithms)
    at, logarithms = at[known], logarithms[known]
    if len(at) < 3 or np.ptp(at) == 0:
        return Effect(part, np.nan, np.nan, np.nan)
    if np.ptp(logarithms) == 0:
        return Effect(part, 1.0, 1.0, 1.0)
    line = stats.linregress(at, logarithms)
    span = np.ptp(at)
    return _effect(part, line.slope * span, line.stderr * span, len(at) - 2, confidence)


def timing_ratio(part: str, over: Mapping[Any, Any], under: Mapping[Any, Any]) -> Effect:
    """Ratio of two times, between the extremes of their repeats; one repeat gives no interval.

    Args:
        part: of the claim.
        over: row of timing.csv of the time above the line.
        under: of that below.
    """
    estimate = float(over["median_seconds"] / under["median_seconds"])
    if min(over["repeats"], under["repeats"]) < 2:
        return Effect(part, estimate, np.nan, np.nan)
    return Effect(
        part,
        estimate,
        float(over["minimum_seconds"] / under["maximum_seconds"]),
        float(over["maximum_seconds"] / under["minimum_seconds"]),
    )


def ratio_of_geometric_means(over: ArrayLike, under: ArrayLike) -> float:
    """Ratio of the geometric means of positive values (n,) and (m,); what is nan is left out."""
    return float(np.exp(_logarithms(over).mean() - _logarithms(under).mean()))


def _effect(part: str, estimate: float, error: float, freedom: float, confidence: float) -> Effect:
    """From the mean of logarithms, its standard error and degrees of freedom."""
    reach = error * stats.t.ppf((1 + confidence) / 2, freedom) if error else 0.0
    low, high = np.exp([estimate - reach, estimate + reach])
    return Effect(part, float(np.exp(estimate)), float(low), float(high))


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    return array[np.isfinite(array)]


def _logarithms(values: ArrayLike) -> NDArray[np.float64]:
    return np.log(_finite(values))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else np.nan
