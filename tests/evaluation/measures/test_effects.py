"""Ratios and their intervals against other code, and against how often they hold the truth."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from evaluation.measures.effects import (
    Effect,
    RatioOfMeans,
    _fieller,
    bonferroni,
    paired_ratio,
    ratio,
    spread_ratio,
    timing_ratio,
    trend,
)

Array = NDArray[np.float64]


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


def test_ratio_is_welchs(random: np.random.Generator) -> None:
    a, b = random.lognormal(1, 0.3, 7), random.lognormal(0.5, 0.6, 5)
    expected = stats.ttest_ind(np.log(a), np.log(b), equal_var=False).confidence_interval(0.9)
    found = ratio("", a, b, 0.9)
    assert found.estimate == pytest.approx(stats.gmean(a) / stats.gmean(b))
    assert np.log([found.low, found.high]) == pytest.approx(list(expected))


def test_paired_ratio_is_that_of_single_networks(random: np.random.Generator) -> None:
    names = [f"n{i}" for i in range(6)]
    under = pd.Series(random.lognormal(0, 1, 6), names)
    over = under * pd.Series(random.lognormal(0.2, 0.05, 6), names)
    expected = stats.ttest_1samp(np.log(over / under), 0).confidence_interval(0.95)
    found = paired_ratio("", over.sample(frac=1, random_state=1), under, 0.95)
    assert np.log([found.low, found.high]) == pytest.approx(list(expected))
    one_more = pd.concat([over, pd.Series({"alone": 100.0})])
    assert paired_ratio("", one_more, under, 0.95) == found


def test_pairs_of_several_values_have_their_geometric_means(random: np.random.Generator) -> None:
    over, under = (pd.Series(random.lognormal(0, 1, 8), np.repeat(range(4), 2)) for _ in "ab")
    means = [np.log(values).groupby(level=0).mean() for values in (over, under)]
    expected = stats.ttest_rel(*means).confidence_interval(0.95)
    found = paired_ratio("", over, under, 0.95)
    assert np.log([found.low, found.high]) == pytest.approx(list(expected))


def test_trend_is_the_slope_of_parallel_lines(random: np.random.Generator) -> None:
    """By least squares with a level for each seed, from the normal equations."""
    x = np.tile([4.0, 5, 6, 8], 3)[1:]
    seeds = np.repeat([0, 1, 2], 4)[1:]
    values = np.exp(0.3 * x + np.array([0.0, 2, 5])[seeds] + random.normal(0, 0.1, len(x)))
    design = np.column_stack([x, *(seeds == seed for seed in range(3))]).astype(float)
    solution, (squares,), _, _ = np.linalg.lstsq(design, np.log(values), rcond=None)
    freedom = len(x) - 4
    error = np.sqrt(squares / freedom * np.linalg.inv(design.T @ design)[0, 0])
    reach = stats.t.ppf(0.975, freedom) * error
    found = trend("", pd.Series(values, seeds), x, 0.95)
    assert np.log(found.estimate) / 4 == pytest.approx(solution[0])
    assert np.log([found.low, found.high]) / 4 == pytest.approx(
        [solution[0] - reach, solution[0] + reach]
    )


def by_seed(values: Array) -> pd.DataFrame:
    return pd.DataFrame({"value": values}, range(len(values)))


def test_a_spread_is_the_mean_distance_from_the_median(random: np.random.Generator) -> None:
    """By hand, with two values and two columns of each seed."""
    seeds = np.repeat(range(5), 2)
    a, b = (pd.DataFrame(random.lognormal(0, 1, (10, 2)), seeds) for _ in "ab")

    def distances(values: pd.DataFrame) -> Array:
        rows = values.to_numpy()
        away = np.abs(rows - np.median(rows, axis=0)).mean(axis=1)
        return away.reshape(5, 2).mean(axis=1)

    over, under = distances(a), distances(b)
    found = spread_ratio("", a, b, 0.9)
    assert found.estimate == pytest.approx(over.mean() / under.mean())
    for limit in (0.5, found.estimate, 1.3):
        expected = stats.ttest_1samp(over - limit * under, 0, alternative="less").pvalue
        assert found.p_below(limit) == pytest.approx(expected)
        assert found.p_above(limit) == pytest.approx(1 - expected)
    assert found.error == pytest.approx(
        (over / over.mean() - under / under.mean()).std(ddof=1) / math.sqrt(5)
    )
    same = spread_ratio("", a, a, 0.9)
    assert (same.low, same.estimate, same.high) == pytest.approx((1, 1, 1), abs=1e-6)
    more = pd.concat([b, pd.DataFrame({0: [99.0], 1: [99.0]}, [7])])
    assert spread_ratio("", a, more, 0.9) == found


@given(
    st.floats(0.1, 5),
    st.floats(0.1, 5),
    st.floats(0.01, 2),
    st.floats(0.01, 2),
    st.floats(-0.9, 0.9),
)
def test_a_spreads_interval_ends_where_its_test_does(
    over: float, under: float, a: float, b: float, correlation: float
) -> None:
    """Fieller's interval holds what the t-test leaves: all ratios with a t of the reach at most."""
    variances = (a**2, b**2, correlation * a * b)
    low, high = _fieller((over, under), variances, 2.0)
    effect = RatioOfMeans("", over / under, low, high, 1.0, 9, over, under, variances)
    assert 0 <= low <= over / under <= high
    if low > 0:
        assert effect.t(low) == pytest.approx(2, abs=1e-6)
    else:
        assert effect.t(1e-12) <= 2 + 1e-6
    if high < math.inf:
        assert effect.t(high) == pytest.approx(-2, abs=1e-6)
    else:
        assert effect.t(1e12) >= -2 - 1e-6


def test_intervals_of_spreads_hold_the_truth_as_often_as_they_say(
    random: np.random.Generator,
) -> None:
    held = 0
    for _ in range(2000):
        a, b = 2 * random.normal(size=(2, 10))
        found = spread_ratio("", by_seed(9 + 2 * a), by_seed(9 + b), 0.9)
        held += found.low < 2 < found.high
    assert 0.88 < held / 2000 < 0.95


def test_a_long_tail_is_not_taken_for_a_spread(random: np.random.Generator) -> None:
    """Lognormal values of one deviation: the F-interval misses three times as often as it says."""
    tails = stats.f.ppf([0.05, 0.95], 29, 29)
    missed = missed_by_f = 0
    for _ in range(2000):
        a, b = random.lognormal(0, 0.6, (2, 30))
        found = spread_ratio("", by_seed(a), by_seed(b), 0.9)
        missed += not found.low < 1 < found.high
        missed_by_f += not tails[0] < a.var(ddof=1) / b.var(ddof=1) < tails[1]
    assert missed / 2000 < 0.1 + 2 * math.sqrt(0.1 * 0.9 / 2000)
    assert missed_by_f / 2000 > 0.3


def test_p_is_the_error_of_the_interval_that_ends_at_the_limit(random: np.random.Generator) -> None:
    a, b = random.lognormal(0.1, 0.4, (2, 12))
    found = ratio("", a, b, 0.9)
    assert found.p_below(found.high) == pytest.approx(0.05)
    assert found.p_above(found.low) == pytest.approx(0.05)
    expected = stats.ttest_ind(np.log(a), np.log(b), equal_var=False, alternative="less").pvalue
    assert found.p_below(1.0) == pytest.approx(expected)
    exact = Effect("", 1.0, 1.0, 1.0)
    assert (exact.p_below(1.0), exact.p_below(1.0, or_at=True), exact.p_above(0.9)) == (1, 0, 0)


def test_intervals_of_ratios_hold_the_truth_as_often_as_they_say(
    random: np.random.Generator,
) -> None:
    held = 0
    for _ in range(2000):
        found = ratio("", random.lognormal(0, 0.4, 5), random.lognormal(0, 0.1, 5), 0.9)
        held += found.low < 1 < found.high
    assert held / 2000 == pytest.approx(0.9, abs=0.025)


def test_too_few_values_give_no_interval() -> None:
    few = [
        ratio("", [1.0], [2.0, 3.0], 0.95),
        ratio("", [], [2.0, 3.0], 0.95),
        paired_ratio("", pd.Series({"a": 1.0}), pd.Series({"a": 2.0}), 0.95),
        spread_ratio("", by_seed(np.array([1.0])), by_seed(np.array([2.0, 3.0])), 0.95),
        spread_ratio("", by_seed(np.ones(3)), by_seed(np.array([2.0, 3, 4])), 0.95),
        trend("", pd.Series([2.0, 3.0, 4.0], [0, 0, 0]), [1, 1, 1], 0.95),
        trend("", pd.Series([2.0, 3.0, 4.0, math.nan], [0, 0, 1, 1]), [1, 2, 1, 2], 0.95),
    ]
    assert all(math.isnan(effect.low) and math.isnan(effect.high) for effect in few)


def test_several_intervals_hold_together() -> None:
    assert bonferroni(1) == 0.95
    assert bonferroni(5) == pytest.approx(0.99)


def test_timings_lie_between_the_extremes_of_their_repeats() -> None:
    slow = {"median_seconds": 4.0, "minimum_seconds": 3.0, "maximum_seconds": 6.0, "repeats": 3}
    fast = {"median_seconds": 2.0, "minimum_seconds": 1.0, "maximum_seconds": 3.0, "repeats": 3}
    assert timing_ratio("", slow, fast, 0.95) == Effect("", 2.0, 1.0, 6.0)
    once = timing_ratio("", {**slow, "repeats": 1}, fast, 0.95)
    assert once.estimate == 2 and math.isnan(once.low)
