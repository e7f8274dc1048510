"""The findings: verdicts where the answer is known."""

import math
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import made_up_claim, made_up_study
from numpy.typing import NDArray
from paper_world import paper_results, paper_study
from scipy import stats

from evaluation.claims.catalogue import CLAIMS
from evaluation.claims.claim import MEANINGS, Finding
from evaluation.claims.ranges import (
    ABOVE,
    BELOW,
    COMPARABLE,
    COMPARABLE_ERROR,
    Claimed,
    printed_range,
)
from evaluation.claims.table import COLUMNS, findings, findings_table
from evaluation.figures.catalogue import all_figures
from evaluation.measures.comparisons import Comparisons
from evaluation.measures.effects import (
    Effect,
    RatioOfMeans,
)
from workflow.study.plan.comparisons import settings

Array = NDArray[np.float64]


SPREADS = ["batch-spread-400", "spread-depth"]
"""Claims that five networks of a configuration do not decide, even in the paper's world."""

PLAIN = Claimed(0.0, 1.0, "< 1")
"""An order without a margin."""


def verdict_of(effects: list[Effect], claimed: Claimed) -> str:
    return Finding(made_up_claim(claimed), effects).verdict


@pytest.mark.parametrize(
    ("interval", "claimed", "verdict"),
    [
        ((0.5, 0.9), BELOW, "holds"),
        ((0.9, 1.1), BELOW, "negligible"),
        ((0.9, 1.3), BELOW, "inconclusive"),
        ((0.6, 1.2), BELOW, "inconclusive"),
        ((0.8, 1.6), ABOVE, "inconclusive"),
        ((1.0, 1.3), COMPARABLE, "inconclusive"),
        ((1.1, 1.3), BELOW, "differs"),
        ((1.0, 1.0), BELOW, "differs"),
        ((1.0, 1.0), ABOVE, "differs"),
        ((1.0, 1.0), COMPARABLE, "holds"),
        ((0.7, 1.1), COMPARABLE, "inconclusive"),
        ((1.3, 1.5), COMPARABLE, "differs"),
        ((0.5, 0.7), COMPARABLE, "differs"),
        ((1.76, 2.04), printed_range(1.8, 2.0), "holds"),
        ((1.74, 2.04), printed_range(1.8, 2.0), "inconclusive"),
        ((2.06, 2.2), printed_range(1.8, 2.0), "differs"),
        ((math.nan, math.nan), BELOW, "inconclusive"),
    ],
)
def test_the_verdict_is_where_the_interval_lies(
    interval: tuple[float, float], claimed: Claimed, verdict: str
) -> None:
    assert verdict_of([Effect("", sum(interval) / 2, *interval)], claimed) == verdict


def test_all_parts_must_hold_and_one_suffices_to_differ() -> None:
    inside, across, outside = (Effect("", x, x - 0.1, x + 0.1) for x in (0.5, 1.0, 1.5))
    assert verdict_of([inside, inside], BELOW) == "holds"
    assert verdict_of([across, across], BELOW) == "negligible"
    assert verdict_of([inside, across], BELOW) == "inconclusive"
    assert verdict_of([across, across], PLAIN) == "inconclusive"
    assert verdict_of([inside, across, outside], BELOW) == "differs"
    assert verdict_of([], BELOW) == "not tested"


def test_what_is_inconclusive_tells_how_many_networks_would_decide_it() -> None:
    """Four times as many networks halve the error, and bring a ratio twice as far from a limit."""
    needed = stats.norm.ppf(0.975)

    def effect(ratio: float, away: float, limit: float = 1.0) -> Effect:
        """A ratio that is `away` of the distance which decides from a limit."""
        error = abs(math.log(ratio / limit)) / needed / away
        return Effect("", ratio, ratio / 9, ratio * 9, error, 1e9)

    def explained(*effects: Effect, claimed: Claimed = PLAIN) -> str:
        return Finding(made_up_claim(claimed), effects, "So.").explanation

    assert explained(effect(0.5, 1 / 2)) == (
        "So. If the ratios stay the same, about 4 times as many networks would confirm the claim."
    )
    assert "about 40 times as many networks would confirm" in explained(
        effect(0.5, 1 / 2), effect(0.9, 1 / 6.3)
    )
    assert "about 4 times as many networks would refute" in explained(effect(1.25, 1 / 2))
    assert "about 9 times as many networks would confirm" in explained(
        effect(1.0, 1 / 3, 1.25), claimed=COMPARABLE
    )
    assert "about 4 times as many networks would show that the difference is negligible" in (
        explained(effect(0.95, 1 / 2, 0.8), claimed=BELOW)
    )
    assert "more than 1000 times" in explained(effect(0.5, 1 / 40))
    assert explained(Effect("", 0.5, math.nan, math.nan)) == (
        "So. There are too few networks for a confidence interval."
    )
    assert explained(Effect("", 1.5, 0.9, 2.0)) == "So. The networks lie on both sides of a limit."
    assert explained(Effect("", 0.5, 0.4, 0.6)) == "So."


@given(
    st.lists(st.floats(0.4, 2.5).filter(lambda x: abs(math.log(x)) > 0.01), min_size=1, max_size=4),
    st.floats(0.05, 1.0),
    st.sampled_from([BELOW, ABOVE, COMPARABLE, printed_range(1.8, 2.0)]),
)
def test_as_many_networks_as_told_decide_the_claim(
    ratios: list[float], error: float, claimed: Claimed
) -> None:
    def finding(factor: float) -> Finding:
        effects = [Effect("", x, 0, 9, error / math.sqrt(factor), 1e9) for x in ratios]
        return Finding(made_up_claim(claimed), effects)

    factor = finding(1).times_as_many
    assert (factor is None) == (finding(1).verdict != "inconclusive")
    if factor is not None and factor < 1e6:
        assert finding(1.001 * factor).verdict != "inconclusive"
        assert finding(max(1.0, 0.999 * factor)).verdict == "inconclusive"


def test_every_claim_holds_in_the_papers_world() -> None:
    found = findings(paper_results(seeds=12))
    assert {f.claim.id: f.verdict for f in found} == {f.claim.id: "holds" for f in found}
    assert len(found) == len({f.claim.id for f in found}) >= 40
    assert {f.claim.id for f in found} == set(CLAIMS)
    parts = {f.claim.id: [effect.part for effect in f.effects] for f in found}
    assert parts["eta-minimum"] == ["0.01 over 1", "0.1 over 1", "10 over 1", "100 over 1"]
    assert (parts["xi-too-small"], parts["xi-too-large"]) == (["0.1 over 1"], ["4 over 1"])
    assert parts["error-kinds-deep"] == ["7 layers", "8 layers"]
    assert parts["error-kinds-shallow"] == ["4 layers", "5 layers", "6 layers"]


def test_what_the_paper_has_of_networks_does_not_tell_its_spreads() -> None:
    """With its 5 to 10 networks all else holds in its world."""
    assert changed_verdicts() == dict.fromkeys(SPREADS, "inconclusive")


def test_verdicts_of_another_study_stand_beside_those_of_the_same_claim() -> None:
    found = findings(paper_results())
    other = findings_table(found[:3]).assign(ours="2×", verdict="differs").iloc[::-1]
    rows = findings_table(found, other).set_index("id")
    beside = rows[["beside_ours", "beside_verdict"]]
    assert beside.loc[found[1].claim.id].tolist() == ["2×", "differs"]
    assert beside.loc[found[3].claim.id].isna().all()
    assert rows.loc[rows["verdict"] != "holds"].index.tolist() == SPREADS
    assert findings_table(found)["beside_verdict"].isna().all()


def inverted(values: pd.Series) -> pd.Series:
    """What was most is least."""
    return 1e-3 / values


def test_no_claim_of_an_order_or_a_number_holds_in_the_world_upside_down() -> None:
    """Errors, iterations, nodes and times inverted: what is comparable stays so."""
    study = paper_results()
    training, online, timing = study.training, study.online, study.timing
    upside_down = paper_results(
        training=training.assign(
            error_training=inverted(training["error_training"]),
            error_validation=inverted(training["error_validation"]),
        ),
        online=online.assign(
            error=inverted(online["error"]),
            iterations=inverted(online["iterations"]),
            active_nodes=inverted(online["active_nodes"]),
        ),
        timing=timing.assign(
            median_seconds=inverted(timing["median_seconds"]),
            minimum_seconds=inverted(timing["maximum_seconds"]),
            maximum_seconds=inverted(timing["minimum_seconds"]),
        ),
    )
    for finding in findings(upside_down):
        # The spread of inverted values is another matter.
        if not isinstance(finding.effects[0], RatioOfMeans):
            comparable = finding.claim.claimed in (COMPARABLE, COMPARABLE_ERROR)
            assert finding.verdict == ("holds" if comparable else "differs"), finding.claim.id


def scaled(column: str, factor: float, of: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """online.csv, or timing.csv where it has the column, with some rows changed."""
    study = paper_results()
    rows = study.online if column in study.online else study.timing
    return rows.assign(**{column: rows[column].where(~of(rows), factor * rows[column])})


def changed_verdicts(**tables: pd.DataFrame) -> dict[str, str]:
    return {
        f.claim.id: f.verdict for f in findings(paper_results(**tables)) if f.verdict != "holds"
    }


def test_one_cause_changes_the_verdicts_that_it_should() -> None:
    training = paper_results().training
    slow = scaled(
        "median_seconds", 1.3, lambda rows: (rows["scheme"] == "newton") & (rows["layers"] == 5)
    )
    assert changed_verdicts(timing=slow).keys() == {
        *("newton-time", "newton-cost", "time-kinds", "cost-kinds"),
        *SPREADS,
    }
    wrong = scaled(
        "error",
        2.0,
        lambda rows: (
            rows["network"].str.contains("dmn_d7_n1024_b128") & (rows["composite"] == "composite_3")
        ),
    )
    assert changed_verdicts(online=wrong)["batch-prediction-1024"] == "differs"
    deep = training["error_training"].where(
        ~((training["kind"] == "IMN") & (training["layers"] == 6)),
        2 * training["error_training"],
    )
    verdicts = changed_verdicts(training=training.assign(error_training=deep))
    assert {id: verdicts[id] for id in verdicts if id not in SPREADS} == {
        "training-error-kinds": "differs",
    }


def test_failed_networks_count_nowhere() -> None:
    """Whatever numbers they left behind."""
    study = paper_results()
    lost = ["imn_d7_n400_b40_eta1_xi1_s00", "dmn_d4_n400_b40_eta1_xi1_s01"]
    failed = study.training["network"].isin(lost)
    training = study.training.assign(status=study.training["status"].where(~failed, "failed"))
    training["error_training"] = training["error_training"].where(~failed, 9.0)
    online = study.online.assign(
        status=study.online["status"].where(~study.online["network"].isin(lost), "failed")
    )
    timing = study.timing[~study.timing["network"].isin(lost)]
    without = {
        "training": training[~failed],
        "online": online[online["status"] == "ok"],
        "timing": timing,
    }
    left_out = findings_table(findings(paper_results(**without)))
    assert findings_table(
        findings(paper_results(training=training, online=online, timing=timing))
    ).equals(left_out)


def test_a_study_without_comparisons_tests_nothing_and_says_why() -> None:
    found = findings(replace(made_up_study(), comparisons=Comparisons()))
    networks = [f for f in found if f.claim.observations == "networks"]
    assert {f.verdict for f in networks} == {"not tested"}
    assert all(f.explanation.startswith("Needs ") for f in found)


def test_a_claim_is_not_tested_with_a_part_of_its_batch_sizes() -> None:
    study = paper_results()
    training = study.training[~study.training["network"].str.startswith("dmn_d7_n400_b128")]
    found = {f.claim.id: f for f in findings(paper_results(training=training))}
    for name in ("batch-training-400", "batch-prediction-400", "batch-spread-400"):
        assert found[name].verdict == "not tested"
        assert (
            found[name].explanation
            == "Needs networks of 400 samples with the batch sizes 20, 40 and 128."
        )
    assert found["batch-prediction-1024"].verdict == "holds"


def test_a_small_study_is_judged_as_far_as_it_goes() -> None:
    found = {f.claim.id: f for f in findings(made_up_study())}
    assert found["nodes-depth"].verdict in MEANINGS
    assert found["nodes-depth"].effects
    assert found["error-kinds-deep"].verdict == "not tested"
    assert (
        "both kinds with one of these numbers of layers: 7, 8."
        in found["error-kinds-deep"].explanation
    )


def test_claims_that_differ_tell_what_the_data_show() -> None:
    timing = scaled("median_seconds", 3.0, lambda rows: rows["scheme"] == "newton")
    found = {f.claim.id: f for f in findings(paper_results(timing=timing))}
    reason = found["newton-time"].reason
    numbers = [float(number) for number in re.findall(r"\d\.\d+", reason)]
    assert reason.startswith("Compiled, online time at 8 layers: ratio 0.751 = ")
    assert numbers[0] == pytest.approx(np.prod(numbers[1:]), rel=0.02)
    assert found["newton-cost"].reason.startswith("Compiled, the ratio at 8 layers is 0.68. ")
    costs = paper_results().errors.groupby(["kind", "scheme"])["microseconds"].mean()["IMN"]
    assert f"{costs['fixed_point'] / costs['tree_newton']:.2f} times" in found["newton-cost"].reason
    assert found["cost-kinds"].reason.endswith("the ratio at 8 layers is 1.00.")
    online = scaled("error", 2.0, lambda rows: rows["scheme"] == "fixed_point")
    online["traction_defect"] = online["traction_defect"].where(
        online["scheme"] != "fixed_point", 0.04
    )
    found = {f.claim.id: f for f in findings(paper_results(online=online))}
    assert found["residual-accuracy"].verdict == "differs"
    defects = "1e-12 (with residual stress) and 0.04 (without residual stress)."
    assert found["residual-accuracy"].reason.endswith(f"relative to the tractions, is {defects}")
    same = scaled("iterations", 1 / 0.45, lambda rows: rows["network"].str.startswith("dmn"))
    found = {f.claim.id: f for f in findings(paper_results(online=same))}
    assert found["iterations-kinds"].verdict == "differs"
    assert "takes 1.00 times the iterations of tree Newton" in found["iterations-kinds"].reason
    printed = "Begun and stopped as printed, under strain control, the ratios are 0.45 to 0.45."
    assert found["iterations-kinds"].reason.endswith(printed)
    without = same[same["scheme"] != "tree_newton"]
    found = {f.claim.id: f for f in findings(paper_results(online=without))}
    assert found["iterations-kinds"].verdict == "differs"
    assert found["iterations-kinds"].reason == printed


def test_speed_ups_tell_their_verdicts_by_the_tolerance() -> None:
    """Iterations of the fixed point that grow as the tolerance falls."""
    study = paper_results()
    errors = study.timed_errors
    errors = errors[errors["network"].isin(study.comparisons.depth_networks)]
    factors = {1e-4: 1.0, 1e-8: 1.5}
    counted = [
        {
            "quantity": "iterations_by_tolerance",
            "network": row["network"],
            "kind": row["kind"],
            "layers": row["layers"],
            "scheme": row["scheme"],
            "tolerance": tolerance,
            "iterations": row["iterations"] * (factor if row["scheme"] == "fixed_point" else 1),
        }
        for row in errors.to_dict("records")
        for tolerance, factor in factors.items()
    ]
    timing = pd.concat([study.timing, pd.DataFrame(counted)])
    found = {f.claim.id: f for f in findings(paper_results(timing=timing))}
    words = (
        r"The paper prints no tolerance of its iterations. By the tolerance, each alone: "
        r"1e-04: [\d.–]+× \(holds\); 1e-08: [\d.–]+× \(differs\)\."
    )
    for id in ("residual-time", "newton-time"):
        assert found[id].verdict == "holds"
        assert re.search(words, found[id].reason), found[id].reason
    (ours,) = re.findall(r"1e-08: ([\d.]+)", found["residual-time"].reason)
    assert float(ours) == pytest.approx(1.5 * found["residual-time"].effects[0].estimate, rel=0.01)


def test_the_table_has_a_row_a_claim_and_names_its_figure() -> None:
    found = findings_table(findings(paper_results()))
    assert list(found) == COLUMNS
    figures = set(all_figures(settings(paper_study())))
    assert set(found["evidence"]) <= figures
    assert found["verdict"].isin(list(MEANINGS)).all()
    assert found[["claim", "section", "paper", "ours", "uncertainty"]].ne("").all(axis=None)
    timed = found.set_index("id")["implementation"]
    assert timed[["newton-time", "cost-kinds"]].eq("as printed, in numpy").all()
    assert timed[["time-depth", "eta-time", "training-time-fused"]].eq("compiled").all()
    assert timed["training-time-literal"] == "as printed, in PyTorch"
    assert timed[["newton-iterations", "data-error"]].eq("").all()
    newton = found.set_index("id").loc["newton-time"]
    assert newton["paper"] == "1.9–2.6×"
    assert newton["ours"].startswith("2.2")
    assert newton["uncertainty"].startswith("4 layers: 2.2")
