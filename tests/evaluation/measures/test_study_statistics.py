"""The statistics of a study against plain arithmetic."""

import math
import statistics as plain
from itertools import product

import numpy as np
import pandas as pd
import pytest
from made_up import COMPOSITES, FAILED, SCHEMES, UNPREDICTED, made_up_study, made_up_tables
from paper_world import paper_results

from evaluation.measures import statistics


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return made_up_tables()


@pytest.fixture(scope="module")
def chosen(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return chosen_predictions(tables["online"])


def chosen_predictions(online: pd.DataFrame) -> pd.DataFrame:
    """The predictions under stress control with the first schemes."""
    rows = statistics.predictions_under(made_up_tables()["training"], online, "stress")
    return statistics.with_schemes(rows, SCHEMES)


@pytest.fixture(scope="module")
def errors(tables: dict[str, pd.DataFrame], chosen: pd.DataFrame) -> pd.DataFrame:
    return statistics.with_configuration(statistics.prediction_errors(chosen), tables["training"])


def e_sigma(online: pd.DataFrame, network: str, composite: str) -> float:
    """Eq. 32 by hand."""
    values = [
        row.error
        for row in online.itertuples()
        if row.network == network and row.composite == composite
    ]
    assert len(values) == 6
    return sum(values) / 6


def test_e_sigma_is_the_mean_over_the_loads_of_networks_that_predicted_them_all(
    tables: dict[str, pd.DataFrame], errors: pd.DataFrame
) -> None:
    found = errors.set_index(["network", "composite"])["e_sigma"].to_dict()
    expected = {
        (name, composite): e_sigma(tables["online"], name, composite)
        for name, composite in product(tables["training"]["network"], COMPOSITES)
        if name != FAILED and (name, composite) != UNPREDICTED[:2]
    }
    assert found == pytest.approx(expected, rel=1e-14)


def test_configurations_hold_mean_and_sample_deviation_of_what_did_not_fail(
    tables: dict[str, pd.DataFrame], errors: pd.DataFrame
) -> None:
    training, online = tables["training"], tables["online"]
    rows = statistics.configurations(training, errors).set_index(["kind", "layers"])
    by_name = training.set_index("network")["error_training"]
    both = [by_name["DMN_2_0"], by_name["DMN_2_1"]]
    assert rows.loc[("DMN", 2), "error_training_mean"] == pytest.approx(plain.mean(both))
    assert rows.loc[("DMN", 2), "error_training_std"] == pytest.approx(plain.stdev(both))

    one_failed = rows.loc[("DMN", 3)]
    assert (one_failed["networks"], one_failed["failed"]) == (2, 1)
    assert one_failed["error_training_mean"] == by_name["DMN_3_0"]
    assert math.isnan(one_failed["error_training_std"])
    assert one_failed["e_sigma_composite_1_mean"] == pytest.approx(
        e_sigma(online, "DMN_3_0", "composite_1")
    )

    not_converged = rows.loc[("IMN", 3)]
    assert not_converged["e_sigma_composite_1_count"] == 2
    assert not_converged["e_sigma_composite_2_count"] == 1
    assert not_converged["e_sigma_composite_2_mean"] == pytest.approx(
        e_sigma(online, "IMN_3_1", "composite_2")
    )


def test_only_the_chosen_control_and_scheme_enter(tables: dict[str, pd.DataFrame]) -> None:
    online = tables["online"]
    others = [online.assign(control="strain", error=9.0), online.assign(scheme="other", error=9.0)]
    chosen = chosen_predictions(pd.concat([online, *others]))
    assert len(chosen) == len(online)
    assert chosen["error"].max() < 1


def test_measures_of_the_timed_composite(tables: dict[str, pd.DataFrame]) -> None:
    """Each computed again, row by row."""
    online, timing = tables["online"], tables["timing"].set_index("network")
    timed = made_up_study().first_scheme_timed_errors.set_index("network")
    rows = online[(online["network"] == "IMN_2_1") & (online["composite"] == "composite_1")]
    iterations, increments = sum(rows["iterations"]), sum(rows["increments"])
    seconds = float(timing.loc["IMN_2_1", "median_seconds"])
    found = timed.loc["IMN_2_1"]
    assert found["iterations_per_increment"] == pytest.approx(iterations / increments)
    assert found["active_nodes"] == 6
    assert found["online_seconds"] == seconds
    assert found["microseconds"] == pytest.approx(seconds * 1e6 / (iterations * 6))
    assert found["e_sigma"] == pytest.approx(e_sigma(online, "IMN_2_1", "composite_1"))
    assert FAILED not in timed.index


def test_only_the_timed_composite_has_times() -> None:
    errors = made_up_study().errors
    assert errors.loc[errors["composite"] == "composite_1", "online_seconds"].notna().all()
    assert errors.loc[errors["composite"] != "composite_1", "online_seconds"].isna().all()


def test_means_over_the_composites_leave_out_who_missed_one(
    tables: dict[str, pd.DataFrame],
) -> None:
    means = made_up_study().composite_means.set_index("network")["e_sigma"]
    assert not {FAILED, UNPREDICTED[0]} & set(means.index)
    both = [e_sigma(tables["online"], "DMN_2_0", composite) for composite in COMPOSITES]
    assert means["DMN_2_0"] == pytest.approx(plain.mean(both))
    assert len(means) == 8 - 2


def test_the_bootstrap_of_the_median_holds_it_as_often_as_it_says() -> None:
    random = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        values = random.lognormal(math.log(0.1), 0.7, 40)
        frame = pd.DataFrame({"kind": "IMN", "layers": 7, "e_sigma": values})
        (row,) = statistics.quantiles(frame, ["kind", "layers"], "e_sigma").to_dict("records")
        held += row["low"] < 0.1 < row["high"]
        assert (row["count"], row["median"]) == (40, np.median(values))
        assert [row["tenth"], row["ninetieth"]] == np.quantile(values, [0.1, 0.9]).tolist()
    assert 0.9 < held / 200 < 0.99


def test_a_few_equal_values_have_a_median_without_an_interval() -> None:
    for values in ([0.1, 0.2, 0.3, 0.4], [0.2] * 9):
        frame = pd.DataFrame({"kind": "IMN", "e_sigma": [*values, math.nan]})
        (row,) = statistics.quantiles(frame, ["kind"], "e_sigma").to_dict("records")
        assert (row["count"], row["median"]) == (len(values), np.median(values))
        assert math.isnan(row["low"]) and math.isnan(row["high"])


def test_training_times_are_compared_depth_by_depth(tables: dict[str, pd.DataFrame]) -> None:
    times = statistics.training_times(tables["timing"])
    assert times["layers"].tolist() == [2, 3]
    assert times["ratio"].tolist() == pytest.approx([2, 4])


def test_the_dmn_as_printed_is_compared_with_the_imn_of_pytorch() -> None:
    times = statistics.training_times(paper_results().timing).set_index(["backend", "layers"])
    printed, torch = times.loc[statistics.AS_PRINTED], times.loc["torch"]
    assert printed.index.tolist() == torch.index.tolist() == [4, 5, 6, 7, 8]
    assert (printed == torch).all(axis=None)  # made up alike
