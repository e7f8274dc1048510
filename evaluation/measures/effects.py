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
from scipy import special, stats

CONFIDENCE = 0.95

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """A ratio and its confidence interval, which is nan where the data do not give one.

    Attributes:
        part: what of the claim it is about, as `5 layers`; empty where there is one part.
        estimate: the ratio.
        low, high: limits of the interval.
        error: standard error of the logarithm of the ratio, nan if the interval is no statistical
            one.
        freedom: its degrees of freedom.
    """

    part: str
    estimate: float
    low: float
    high: float
    error: float = np.nan
    freedom: float = np.nan

    def p_below(self, limit: float, or_at: bool = False) -> float:
        """p of the t-test that the ratio is below a limit.

        Without a standard error it is 0 where the whole interval is below, `or_at` the limit, and 1
        elsewhere.
        """
        if not self.error > 0:
            return 0.0 if self.high < limit or (or_at and self.high == limit) else 1.0
        return float(special.stdtr(self.freedom, np.log(self.estimate / limit) / self.error))

    def p_above(self, limit: float, or_at: bool = False) -> float:
        """The same for a ratio above a limit."""
        if not self.error > 0:
            return 0.0 if self.low > limit or (or_at and self.low == limit) else 1.0
        return float(special.stdtr(self.freedom, np.log(limit / self.estimate) / self.error))


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
    return _difference(part, _logarithms(over), _logarithms(under), confidence)


def _difference(part: str, a: Array, b: Array, confidence: float) -> Effect:
    """From two samples (n,) and (m,) of logarithms, by the means, after Welch."""
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
    """Ratio of the spreads of independent networks: of their mean differences, after Gini.

    That is the ratio of the standard deviations where both have a distribution of one shape. An
    F-test takes a long tail for an effect; the jackknife measures from the values themselves how
    uncertain a spread is, and differences need fewer of them for it than squares (Arvesen 1969,
    Ann. Math. Statist. 40, 2076-2100). The values enter as they are, as in the paper's bands.
    """
    a, b = _finite(over), _finite(under)
    if min(len(a), len(b)) < 3 or not (np.ptp(a) > 0 and np.ptp(b) > 0):
        return Effect(part, np.nan, np.nan, np.nan)
    return _difference(part, _of_spread(a), _of_spread(b), confidence)


def _of_spread(values: Array) -> Array:
    """Pseudo-values (n,) of the logarithm of a mean difference: what each value adds to it."""
    n = len(values)
    differences = np.abs(values[:, None] - values).sum(axis=1)
    whole = differences.sum() / n / (n - 1)
    without = (differences.sum() - 2 * differences) / (n - 1) / (n - 2)
    with np.errstate(divide="ignore"):
        return n * np.log(whole) - (n - 1) * np.log(without)


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
    reach = error * special.stdtrit(freedom, (1 + confidence) / 2) if error else 0.0
    low, high = np.exp([estimate - reach, estimate + reach])
    return Effect(part, float(np.exp(estimate)), float(low), float(high), error, freedom)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    return array[np.isfinite(array)]


def _logarithms(values: ArrayLike) -> NDArray[np.float64]:
    return np.log(_finite(values))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else np.nan
