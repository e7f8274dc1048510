"""The rule of the verdicts, on made-up networks of known effect."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_claim
from numpy.typing import NDArray
from scipy import stats

from evaluation.claims.claim import Finding
from evaluation.claims.ranges import (
    BELOW,
    COMPARABLE,
    ERROR_MARGIN,
    FAR_BELOW,
    LOWER_ERROR,
    SLIGHTLY_BELOW,
    Claimed,
)
from evaluation.claims.verdicts import decide, detectable_ratio, judge
from evaluation.measures.effects import Effect, ratio, spread_ratio
from rve.table import read_table

Array = NDArray[np.float64]
Errors = Callable[[np.random.Generator, tuple[int, ...]], Array]
"""Errors of as many networks as the shape says."""

TRAINED = Path(__file__).resolve().parents[3] / "docs/reference-run/decided/training.csv"

DEVIATION = 0.6
"""Of the logarithms of the networks' errors, as the paper's recipe has it."""

LOOKS = (10, 30, 90)

PLAIN = Claimed(0.0, 1.0, "< 1")
"""An order without a margin."""


def finding(effects: Sequence[Effect], claimed: Claimed = PLAIN, **more: str) -> Finding:
    return Finding(made_up_claim(claimed, **more), effects)


def study(
    random: np.random.Generator, ratios: Sequence[float], claimed: Claimed = PLAIN
) -> list[Finding]:
    """A study of a claim "< 1" for each true ratio, judged at all looks."""
    over, under = np.exp(DEVIATION * random.normal(size=(2, len(ratios), LOOKS[-1])))
    over *= np.array(ratios)[:, None]
    by_look = [
        (
            n,
            [
                finding([ratio("", a[:n], b[:n], 0.95)], claimed)
                for a, b in zip(over, under, strict=True)
            ],
        )
        for n in LOOKS
    ]
    return decide(by_look)


@pytest.mark.slow
def test_studies_without_any_effect_decide_nothing_in_95_of_100() -> None:
    """A thousand studies of 36 claims at the limit of what they say, and twelve that hold."""
    random = np.random.default_rng(0)
    wrong = 0
    for _ in range(1000):
        found = study(random, [1.0] * 36 + [0.3] * 12)
        wrong += any(one.verdict != "inconclusive" for one in found[:36])
        assert all(one.verdict == "holds" for one in found[36:])
    assert wrong / 1000 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1000)


def lognormal(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    return np.asarray(np.exp(DEVIATION * random.normal(size=shape)))


def with_outliers(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """A network in ten has four times the error."""
    return lognormal(random, shape) * np.where(random.random(shape) < 0.1, 4.0, 1.0)


def resampled(random: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Errors of the 150 networks of a configuration with a skewness of 2.8."""
    rows = read_table(TRAINED).set_index("network")["error_training"]
    values = rows[rows.index.str.startswith("imn_d7_n400_b40_eta100_xi1_")].to_numpy()
    assert len(values) == 150
    return np.asarray(random.choice(values, shape))


@pytest.mark.slow
@pytest.mark.parametrize("errors", [lognormal, with_outliers, resampled])
def test_studies_of_equal_spreads_decide_nothing_in_95_of_100(errors: Errors) -> None:
    """Forty claims on spreads, also with few networks, where the jackknife errs most."""
    random = np.random.default_rng(4)
    wrong, studies = 0, 150
    for _ in range(studies):
        over, under = errors(random, (2, 40, LOOKS[-1]))
        by_look = [
            (
                n,
                [
                    finding([spread_ratio("", *(pd.DataFrame({"e": x[:n]}) for x in pair), 0.95)])
                    for pair in zip(over, under, strict=True)
                ],
            )
            for n in LOOKS
        ]
        wrong += any(one.verdict != "inconclusive" for one in decide(by_look))
    assert wrong / studies <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / studies)


@pytest.mark.slow
def test_spreads_that_differ_are_told_by_ninety_networks() -> None:
    random = np.random.default_rng(5)
    over, under = lognormal(random, (2, 100, 90))
    found = 0
    for a, b in zip(0.4 * over, under, strict=True):
        one = finding([spread_ratio("", pd.DataFrame(a), pd.DataFrame(b), 0.95)])
        found += judge([one] * 48)[0].verdict == "holds"
    assert found > 80


@pytest.mark.slow
def test_what_is_not_negligible_is_called_so_in_5_of_100_studies_at_most() -> None:
    """Half of the claims at the margin, half at no difference, which later looks do find."""
    random = np.random.default_rng(2)
    wrong, found = 0, []
    for _ in range(500):
        claims = study(random, [1 / ERROR_MARGIN] * 12 + [1.0] * 12, LOWER_ERROR)
        verdicts = [one.verdict for one in claims]
        wrong += "negligible" in verdicts[:12] or bool({"holds", "differs"} & set(verdicts[12:]))
        found += verdicts[12:]
    assert wrong / 500 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 500)
    assert found.count("negligible") > 0.5 * len(found)


@pytest.mark.slow
@pytest.mark.parametrize("share", [1, 1 / 3])
def test_the_power_is_as_stated(share: float) -> None:
    """The ratio that a look is to find in four of five studies, if the claim is the last one."""
    random, seeds = np.random.default_rng(1), LOOKS[-1]
    true = 1 / detectable_ratio(seeds, DEVIATION, 1, share)
    found = 0
    for _ in range(400):
        a, b = np.exp(DEVIATION * random.normal(size=(2, seeds)))
        one = finding([ratio("", true * a, b, 0.95)])
        found += judge([one], share)[0].verdict == "holds"
    assert found / 400 == pytest.approx(0.8, abs=0.06)
    assert detectable_ratio(seeds, DEVIATION, 48, share) > 1 / true


def test_claims_are_judged_together() -> None:
    """Every p times the number of claims over the share of the look; timings stand aside."""
    alone = [0.001, 0.011, 0.02, 0.3]
    found = [
        finding([Effect("", float(np.exp(stats.norm.ppf(p / 2))), 0, 9, 1.0, 1e9)]) for p in alone
    ]
    timing = finding([Effect("", 0.5, 0.4, 0.6)], observations="repeats")
    *together, aside, nothing = judge([*found, timing, finding([])])
    assert [one.p for one in together] == pytest.approx([0.004, 0.044, 0.08, 1.0], rel=1e-6)
    assert [one.verdict for one in together] == ["holds", "holds", "inconclusive", "inconclusive"]
    assert (aside.p, aside.verdict, nothing.verdict) == (None, "holds", "not tested")
    assert judge(found, share=1 / 3)[0].p == pytest.approx(0.012, rel=1e-6)
    assert judge([]) == []


def test_the_first_look_that_decides_a_claim_counts() -> None:
    sure, unsure = (finding([Effect("", 0.5, 0, 1, error, 100)]) for error in (0.1, 0.6))
    against = finding([Effect("", 2.0, 1, 3, 0.1, 100)])
    found = decide([(10, [sure, unsure]), (30, [against, unsure]), (90, [against, sure])])
    assert [(one.verdict, one.seeds) for one in found] == [("holds", 10), ("holds", 90)]
    assert found[0].effects == sure.effects
    other = finding([Effect("", 0.5, 0, 1, 0.5, 100)])
    (last,) = decide([(10, [unsure]), (30, [other])])
    assert (last.verdict, last.seeds) == ("inconclusive", 30)
    (without_more,) = decide([(10, [unsure]), (30, [unsure])])
    assert (without_more.verdict, without_more.seeds) == ("inconclusive", 10)


def test_a_claim_of_several_ratios_holds_when_the_last_does_and_differs_when_one_does() -> None:
    effects = [Effect("", estimate, 0, 2, 0.05, 1e9) for estimate in (1.0, 1.1)]
    claim = finding(effects, COMPARABLE)
    assert claim.p_holds == pytest.approx(max(effects[1].p_below(1.25), effects[0].p_above(0.8)))
    outside = finding([*effects, Effect("", 2.0, 1, 3, 0.1, 1e9)], COMPARABLE)
    assert outside.p_differs == pytest.approx(6 * outside.effects[2].p_above(1.25))
    assert (claim.verdict, outside.verdict) == ("holds", "differs")


def test_an_order_is_negligible_where_all_ratios_are_near_1_and_no_order_is_certain() -> None:
    near, wide = Effect("near", 0.99, 0, 2, 0.03, 1e9), Effect("wide", 0.99, 0, 2, 0.05, 1e9)
    far = Effect("far", 0.5, 0, 2, 0.3, 1e9)
    claim = finding([near, wide], BELOW)
    assert claim.p_negligible == pytest.approx(max(wide.p_above(0.8), wide.p_below(1.25)))
    assert (claim.verdict, claim.explanation) == ("negligible", "")
    claim = finding([far, near], BELOW)
    assert claim.verdict == "inconclusive"
    assert claim.explanation.startswith("near: these lie within the margin of 1.25.")
    assert finding([near], LOWER_ERROR).p_negligible < finding([near], BELOW).p_negligible
    certain = finding([Effect("", 0.95, 0, 2, 0.01, 1e9)], BELOW)
    assert certain.p_negligible < certain.p_holds
    assert (certain.verdict, certain.p_alone) == ("holds", 2 * certain.p_holds)
    assert certain.explanation == "The ratio lies within the margin of 1.25."
    assert finding([near], COMPARABLE).p_negligible == 1.0


def test_what_the_paper_calls_slight_is_never_negligible_and_what_it_calls_significant_is_far() -> (
    None
):
    near = Effect("", 0.996, 0, 2, 0.01, 1e9)
    assert finding([near], BELOW).verdict == "negligible"
    assert finding([near], SLIGHTLY_BELOW).verdict == "inconclusive"
    assert finding([Effect("", 0.97, 0, 2, 0.01, 1e9)], SLIGHTLY_BELOW).verdict == "holds"
    by_a_tenth = Effect("", 0.9, 0, 2, 0.01, 1e9)
    assert finding([by_a_tenth], BELOW).verdict == "holds"
    assert finding([by_a_tenth], FAR_BELOW).verdict == "differs"
    assert finding([Effect("", 0.5, 0, 2, 0.01, 1e9)], FAR_BELOW).verdict == "holds"


def test_an_order_found_later_counts_before_a_difference_that_was_negligible() -> None:
    small, sure = (
        finding([Effect("", 0.95, 0, 2, error, 1e9)], LOWER_ERROR) for error in (0.05, 0.01)
    )
    found = decide([(30, [small, small]), (90, [sure, small])])
    assert [(one.verdict, one.seeds) for one in found] == [("holds", 90), ("negligible", 30)]
