"""Ratios with confidence intervals, to which every claim of the paper is reduced.

The networks of a configuration differ in their random initialisation; each is one value. Values
are positive, and ratios are those of geometric means, for which intervals of differences of
logarithms hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

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

    def t(self, limit: float) -> float:
        """Student's t of the ratio against a limit, positive above it."""
        return float(np.log(self.estimate / limit) / self.error)

    def p_below(self, limit: float, or_at: bool = False) -> float:
        """p of the t-test that the ratio is below a limit.

        Without a standard error it is 0 where the whole interval is below, `or_at` the limit, and 1
        elsewhere.
        """
        if self.error > 0:
            return float(special.stdtr(self.freedom, self.t(limit)))
        return 0.0 if self.high < limit or (or_at and self.high == limit) else 1.0

    def p_above(self, limit: float, or_at: bool = False) -> float:
        """The same for a ratio above a limit."""
        if self.error > 0:
            return float(special.stdtr(self.freedom, -self.t(limit)))
        return 0.0 if self.low > limit or (or_at and self.low == limit) else 1.0

    def p_between(self, low: float, high: float) -> float:
        """The same for a ratio between two limits; 0 and infinity are none."""
        above = self.p_above(low) if low > 0 else 0.0
        return max(above, self.p_below(high) if high < np.inf else 0.0)


@dataclass(frozen=True)
class RatioOfMeans(Effect):
    """A ratio of two means of paired values, tested without logarithms (Fieller 1954).

    Attributes:
        over, under: the means.
        variances: of these means, and their covariance.
    """

    over: float = np.nan
    under: float = np.nan
    variances: tuple[float, float, float] = (np.nan, np.nan, np.nan)

    def t(self, limit: float) -> float:
        """That of the mean difference of what is over and `limit` times what is under."""
        a, b, both = self.variances
        return (self.over - limit * self.under) / np.sqrt(a - 2 * limit * both + limit**2 * b)


Ratio = Callable[[str, Any, Any, float], Effect]
"""`ratio` or another of the following: part, what is over and under the line, confidence."""

Pairs = Mapping[str, tuple[Any, Any]]
"""Part -> what is over and under the line."""


def ratios(pairs: Pairs, ratio: Ratio) -> list[Effect]:
    """A ratio of each part, whose intervals hold together."""
    return [ratio(part, *pair, bonferroni(len(pairs))) for part, pair in pairs.items()]


def bonferroni(parts: int) -> float:
    """Confidence of each of several intervals that hold together with `CONFIDENCE` (Bonferroni)."""
    return 1 - (1 - CONFIDENCE) / parts


def ratio(part: str, over: ArrayLike, under: ArrayLike, confidence: float) -> Effect:
    """Ratio of the means of independent networks, with Welch's t-interval.

    Values are (n,) and (m,).
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
    """Ratio of values that belong together, with the t-interval of paired values.

    Two measures of one network do, and networks that start from the same random parameters.

    They are given by network or seed. Of several of one the geometric mean counts, and only what is
    in both.
    """
    above, below = (
        np.log(values[np.isfinite(values)]).groupby(level=0).mean() for values in (over, under)
    )
    differences = (above - below).dropna().to_numpy()
    n = len(differences)
    error = differences.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan
    return _effect(part, _mean(differences), error, n - 1, confidence)


def spread_ratio(part: str, over: pd.DataFrame, under: pd.DataFrame, confidence: float) -> Effect:
    """Ratio of two spreads, the mean distances from the median (Brown & Forsythe 1974).

    That is the ratio of the standard deviations where both have a distribution of one shape. Then
    the distances above and those below, times the ratio, can be exchanged within each seed, so that
    their differences are symmetric: a t-test holds its level, and the more so the longer the tails.
    With equal spreads of unlike shapes it has a bias. The values enter as they are, as in the
    paper's bands.

    Each row has a seed, and rows of one seed count together; only seeds in both count. A distance
    is the mean over the columns, each with a median of its own.
    """
    known = [values[np.isfinite(values.to_numpy(float)).all(axis=1)] for values in (over, under)]
    seeds = np.intersect1d(*(values.index for values in known))
    n = len(seeds)
    unknown = Effect(part, np.nan, np.nan, np.nan)
    if n < 3:
        return unknown
    a, b = (_distances(values, seeds) for values in known)
    if not min(np.ptp(a), np.ptp(b)) > 0:
        return unknown
    covariance = np.cov(a, b) / n
    means, variances = (a.mean(), b.mean()), (covariance[0, 0], covariance[1, 1], covariance[0, 1])
    reach = float(special.stdtrit(n - 1, (1 + confidence) / 2))
    low, high = _fieller(means, variances, reach)
    estimate = means[0] / means[1]
    relative = a / means[0] - b / means[1]
    error = relative.std(ddof=1) / np.sqrt(n)
    return RatioOfMeans(part, estimate, low, high, error, n - 1, *means, variances)


def _distances(values: pd.DataFrame, seeds: NDArray[Any]) -> Array:
    """Mean distances from the medians, of these seeds (n,)."""
    of_seeds = values.index.isin(seeds)
    rows = values.to_numpy(float)[of_seeds]
    places = np.searchsorted(seeds, values.index[of_seeds])
    away = np.abs(rows - np.median(rows, axis=0)).mean(axis=1)
    return np.bincount(places, away) / np.bincount(places)


def _fieller(
    means: tuple[float, float], variances: tuple[float, float, float], reach: float
) -> tuple[float, float]:
    """Ratios whose |t| is at most `reach`: roots of a quadratic, without an end where it has none.

    `variances` are as in `RatioOfMeans`, and `reach` is a quantile of Student's t.
    """
    (over, under), (a, b, both) = means, variances
    square, constant = under**2 - reach**2 * b, over**2 - reach**2 * a
    linear = over * under - reach**2 * both
    root = np.sqrt(max(linear**2 - square * constant, 0.0))
    low = constant / (linear + root) if constant > 0 else 0.0
    high = (linear + root) / square if square > 0 else np.inf
    return float(low), float(high)


def trend(part: str, values: pd.Series, x: ArrayLike, confidence: float) -> Effect:
    """Factor from the smallest to the largest x, by parallel lines through the logarithms.

    Each seed has a line of its own level, since its networks start from the same parameters.

    `values` (n,) are given by seed; `x` (n,) is on the scale on which the lines are straight.
    """
    rows = pd.DataFrame({"x": np.asarray(x), "y": np.log(values.astype(float))}, values.index)
    rows = rows[np.isfinite(rows["y"])]
    span = np.ptp(rows["x"]) if len(rows) else 0.0
    centred = rows - rows.groupby(level=0).transform("mean")
    freedom = len(rows) - rows.index.nunique() - 1
    if freedom < 1 or span == 0:
        return Effect(part, np.nan, np.nan, np.nan)
    at, y = centred["x"].to_numpy(), centred["y"].to_numpy()
    slope = at @ y / (at @ at)
    error = np.sqrt(((y - slope * at) ** 2).sum() / freedom / (at @ at))
    if np.ptp(rows["y"]) == 0:
        return Effect(part, 1.0, 1.0, 1.0)
    return _effect(part, slope * span, error * span, freedom, confidence)


def timing_ratio(part: str, over: Mapping[Any, Any], under: Mapping[Any, Any], _: float) -> Effect:
    """Ratio of two times, between the extremes of their repeats; one repeat gives no interval.

    `over` and `under` are rows of timing.csv. Extremes have no confidence.
    """
    estimate = float(over["median_seconds"] / under["median_seconds"])
    if min(over["repeats"], under["repeats"]) < 2:
        return Effect(part, estimate, np.nan, np.nan)
    low = float(over["minimum_seconds"] / under["maximum_seconds"])
    return Effect(part, estimate, low, float(over["maximum_seconds"] / under["minimum_seconds"]))


def ratio_of_geometric_means(over: ArrayLike, under: ArrayLike) -> float:
    """Ratio of the geometric means of positive values (n,) and (m,); what is nan is left out."""
    return float(np.exp(_logarithms(over).mean() - _logarithms(under).mean()))


def _effect(part: str, estimate: float, error: float, freedom: float, confidence: float) -> Effect:
    """From the mean of logarithms, its standard error and degrees of freedom."""
    reach = error * special.stdtrit(freedom, (1 + confidence) / 2) if error else 0.0
    low, high = np.exp([estimate - reach, estimate + reach])
    return Effect(part, float(np.exp(estimate)), float(low), float(high), error, freedom)


def _logarithms(values: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(values, float)
    return np.log(array[np.isfinite(array)])


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else np.nan
