"""DMN against IMN: told apart only where a test does so; failures are counted."""

import math
from dataclasses import replace

import pytest
from made_up import FAILED, SCHEMES, made_up_study

from evaluation.measures.comparisons import Comparisons
from evaluation.measures.kinds import compare_kinds, failures, kind_ratios
from evaluation.measures.tables import StudyTables
from evaluation.naming.groups import pairs


def with_errors(dmn: list[float], imn: list[float]) -> StudyTables:
    """The study whose networks of 2 layers, alone compared, have these errors in all loads."""
    errors = dict(zip(("DMN_2_0", "DMN_2_1", "IMN_2_0", "IMN_2_1"), dmn + imn, strict=True))
    online = made_up_study().online
    depth = {kind: {2: [f"{kind}_2_0", f"{kind}_2_1"]} for kind in SCHEMES}
    study = made_up_study(online=online.assign(error=online["network"].map(errors)))
    return replace(study, comparisons=Comparisons(depth=depth))


def test_kinds_are_told_apart_only_where_a_test_does_so() -> None:
    clear = with_errors([0.11, 0.12], [0.04, 0.05])
    (pair,) = pairs(clear)
    ids = pair.networks
    assert (pair.label, pair.layers, len(ids)) == ("", 2, 4)
    found = compare_kinds(clear, ids).set_index("kind")
    assert found["e_sigma_mean"].to_dict() == pytest.approx({"DMN": 0.115, "IMN": 0.045})
    assert found["e_sigma_std"].to_dict() == pytest.approx(
        dict.fromkeys(SCHEMES, math.sqrt(2) * 0.005)
    )
    assert found["e_sigma_count"].tolist() == [2, 2]
    effect = kind_ratios(clear, ids)["e_sigma"]
    assert effect is not None and 1 < effect.low < effect.estimate < effect.high
    assert effect.estimate == pytest.approx(math.sqrt(0.11 * 0.12 / 0.04 / 0.05))
    # The means are three deviations apart, which two networks of a kind do not confirm.
    unclear = with_errors([0.10, 0.12], [0.06, 0.08])
    effect = kind_ratios(unclear, ids)["e_sigma"]
    assert effect is not None and effect.low < 1 < effect.high


def test_linear_errors_are_those_of_the_validation_samples() -> None:
    study = made_up_study()
    ids = ["DMN_2_0", "DMN_2_1"]
    errors = study.training.set_index("network").loc[ids, "error_validation"]
    (row,) = compare_kinds(study, ids).to_dict("records")
    assert row["error_validation_mean"] == pytest.approx(errors.mean())
    assert row["error_validation_std"] == pytest.approx(errors.std())


def test_a_single_network_is_not_told_apart() -> None:
    found = kind_ratios(made_up_study(), ["DMN_2_0", "IMN_2_0"])
    assert all(effect is not None and math.isnan(effect.low) for effect in found.values())


def test_a_single_kind_is_not_told_apart() -> None:
    found = kind_ratios(made_up_study(), ["IMN_2_0", "IMN_2_1", "IMN_3_0", "IMN_3_1"])
    assert set(found.values()) == {None}


@pytest.mark.parametrize("loads", [{"DMN": "11", "IMN": "22"}, {"DMN": "11", "IMN": "11"}])
def test_the_hardest_load_is_that_of_each_kind(loads: dict[str, str]) -> None:
    online = made_up_study().online
    peak = online["load"] == online["network"].str[:3].map(loads)
    study = made_up_study(online=online.assign(error=0.05 + 0.106 * peak))
    found = compare_kinds(study, list(study.training["network"])).set_index("kind")
    assert found["load"].to_dict() == loads
    assert found["error_mean"].tolist() == pytest.approx([0.156, 0.156])


def test_failures_are_counted_and_failed_networks_predict_nothing() -> None:
    study = made_up_study()
    found = failures(study, list(study.training["network"])).set_index("kind")
    assert found.loc["DMN"].tolist() == [4, 1, 3 * 12, 0]
    assert found.loc["IMN"].tolist() == [4, 0, 4 * 12, 1]
    assert failures(study, [FAILED]).to_dict("records") == [
        {"kind": "DMN", "networks": 1, "failed": 1, "predictions": 0, "unconverged": 0}
    ]
