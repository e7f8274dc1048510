"""The online test of a network: measures, failures that stay visible, and timings."""

import logging
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from networks import unhalved

from evaluation.measures.timing import (
    TOLERANCES,
    OnlineTest,
    count_as_printed,
    count_by_tolerance,
    time_literal,
    time_online,
    time_training,
)
from evaluation.measures.trial import COLUMNS, Case, predict_cases
from evaluation.online import as_printed
from evaluation.online.prediction import SchemeName, predict
from rve.dataset.dataset import Dataset
from rve.dataset.sampling import SamplingRanges, sample_phases
from rve.loads.curve import Curve, from_frame
from rve.loads.load_path import monotonic
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.stiffness import isotropic
from rve.microstructure.phases import PHASES
from training.network import initialise
from training.specification import Settings
from training.tree import prune

LAWS = J2Plasticity(3.8, 0.387, 0.01, 0.1, 0.03, 100), Elastic(isotropic(70, 0.2))
PATH = monotonic("12", 0.02, 5, "stress")
NETWORK = initialise("IMN", 2, np.random.default_rng(0))


def case(reference: Curve) -> Case:
    return Case("composite", "stress", "12", LAWS, PATH, reference)


def online_test(**changed: Any) -> OnlineTest:
    """The network on the path with Algorithm 3, or another."""
    return replace(
        OnlineTest("network", NETWORK, LAWS, [PATH], ["newton"], 1e-8, max_iterations=50), **changed
    )


@pytest.fixture(scope="module")
def predicted() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows and curves against a reference of stress one everywhere."""
    ones = unhalved(*np.ones((2, 6, 6)))
    return predict_cases("network", NETWORK, [case(ones)], ["newton", "residual_stress"], 1e-8, 50)


def test_error_is_that_of_the_returned_curve(predicted: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    rows, curves = predicted
    assert list(rows.columns) == COLUMNS
    for scheme, curve in curves.groupby("scheme"):
        row = rows[rows["scheme"] == scheme].iloc[0]
        stress = from_frame(curve).stress
        assert row["error"] == pytest.approx(np.sqrt(((stress - 1) ** 2).sum() / 36), rel=1e-12)
        assert row["iterations"] == curve["newton_iterations"].sum()
        assert row["steps"] == curve["steps"].sum() == row["increments"]
        cost = row["seconds"] / row["iterations"] / row["active_nodes"]
        assert row["seconds_per_iteration_and_node"] == pytest.approx(cost, rel=1e-12)
        assert row["status"] == "ok"
    assert set(curves["scheme"]) == {"newton", "residual_stress"}


def test_network_against_itself_has_no_error(predicted: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    curves = predicted[1]
    own = from_frame(curves[curves["scheme"] == "newton"])
    rows, _ = predict_cases("network", NETWORK, [case(own)], ["newton"], 1e-8, 50)
    assert rows["error"].item() == pytest.approx(0, abs=1e-14)


def test_failed_training_fails_every_prediction() -> None:
    rows, curves = predict_cases(
        "network", None, [case(unhalved(*np.ones((2, 2, 6))))], ["newton"], 1e-8, 50
    )
    assert list(rows["status"]) == ["failed"]
    assert rows["error"].isna().all()
    assert curves.empty


def test_prediction_without_equilibrium_is_a_failed_row(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        rows, curves = predict_cases(
            "network", NETWORK, [case(unhalved(*np.ones((2, 6, 6))))], ["newton"], 1e-8, 1
        )
    assert list(rows["status"]) == ["failed"]
    assert rows["error"].isna().all()
    assert curves.empty
    assert "composite, stress, newton, 12: increment 1 of 5 failed" in caplog.text


def test_timings_are_medians_of_the_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that is given: the warm-up does not count, an outlier does not matter."""
    ticks = iter([99.0, 3.0, 50.0, 4.0])

    def timed(*_: object) -> object:
        history = SimpleNamespace(learning_rate=np.ones(10))
        return SimpleNamespace(seconds=next(ticks), status="ok", history=history)

    monkeypatch.setattr("evaluation.measures.timing.predict", timed)
    (row,) = time_online(online_test(), 3)
    times = [row[f"{name}_seconds"] for name in ("median", "minimum", "maximum")]
    assert times == [4.0, 3.0, 50.0]
    assert (row["network"], row["scheme"], row["repeats"]) == ("network", "newton", 3)
    assert row["per"] == "1 load path"
    ticks = iter([99.0, 30.0, 500.0, 40.0])
    monkeypatch.setattr("evaluation.measures.timing.train", timed)
    ranges = SamplingRanges((0.1, 10), (-1, 1), (0.25, 0.5), (0, 0.5))
    p1, p2 = np.moveaxis(sample_phases(ranges, PHASES, 4, 0, 0), 1, 0)
    data, settings = Dataset(np.stack([p1, p2], axis=1), p1), Settings(10, 2, 1, 1, 0)
    row = time_training("IMN", 2, data, data, settings, 3)
    times = [row[f"{name}_seconds"] for name in ("median", "minimum", "maximum")]
    assert times == [4.0, 3.0, 50.0]


def test_a_scheme_that_does_not_converge_is_not_timed(caplog: pytest.LogCaptureFixture) -> None:
    schemes: list[SchemeName] = ["newton", "residual_stress"]
    with caplog.at_level(logging.WARNING):
        assert time_online(online_test(schemes=schemes, max_iterations=1), 3) == []
    assert "network, residual_stress is not timed: increment 1 of 5 failed" in caplog.text


def test_iterations_as_printed_are_counted_per_increment(caplog: pytest.LogCaptureFixture) -> None:
    """An elastic increment takes two: one solves, and one finds that it did."""
    elastic = LAWS[1], Elastic(isotropic(3.0, 0.3))
    path = monotonic("12", 0.02, 5, "strain")
    for kind, scheme in (("DMN", "residual_stress"), ("IMN", "newton")):
        network = initialise(kind, 2, np.random.default_rng(0))
        test = online_test(network=network, paths=[path])
        (row,) = count_as_printed(replace(test, materials=elastic, paths=[path, path]))
        assert (row["kind"], row["scheme"], row["iterations"]) == (kind, scheme, 2)
        (row,) = count_as_printed(test)
        assert row["iterations"] > 2
    with caplog.at_level(logging.WARNING):
        assert count_as_printed(online_test(paths=[path], max_iterations=1)) == []
    assert "network, newton as printed is not counted" in caplog.text


def test_the_set_up_of_a_network_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that goes on by an hour in the set-up, and by a second whenever it is read."""
    clock = {"now": 0.0}
    set_up = as_printed._network

    def slow(*arguments: Any) -> Any:
        clock["now"] += 3600
        return set_up(*arguments)

    def read() -> float:
        clock["now"] += 1
        return clock["now"]

    monkeypatch.setattr(as_printed, "_network", slow)
    monkeypatch.setattr(as_printed, "time", SimpleNamespace(perf_counter=read))
    (row,) = time_literal(online_test(), 1)
    short = PATH.beginning(2)
    iterations = as_printed.predict(prune(NETWORK), LAWS, short, "newton").curve.iterations.sum()
    assert row["median_seconds"] * iterations * len(prune(NETWORK).weights) == pytest.approx(1)


def test_iterations_are_counted_at_every_tolerance() -> None:
    network = initialise("DMN", 2, np.random.default_rng(0))
    schemes: list[SchemeName] = ["fixed_point", "newton", "tree_newton"]
    rows = count_by_tolerance(online_test(network=network, paths=[PATH, PATH], schemes=schemes))
    assert {row["scheme"] for row in rows} == {"fixed_point"}  # a DMN has no Algorithm 3
    assert [row["tolerance"] for row in rows] == list(TOLERANCES)
    for row in rows:
        curve = predict(prune(network), LAWS, PATH, "fixed_point", row["tolerance"]).curve
        assert row["iterations"] == 2 * curve.iterations.sum()
    counts = [row["iterations"] for row in rows]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_bias_is_the_error_of_a_curve_in_proportion(
    predicted: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    curves = predicted[1]
    own = from_frame(curves[curves["scheme"] == "newton"])
    for factor in (0.8, 1.25):
        reference = replace(own, stress=factor * own.stress)
        rows, _ = predict_cases("network", NETWORK, [case(reference)], ["newton"], 1e-8, 50)
        assert rows["bias"].item() == pytest.approx(1 / factor - 1)
        assert rows["error"].item() == pytest.approx(abs(1 / factor - 1))


def test_training_that_fails_has_no_time() -> None:
    ranges = SamplingRanges((0.1, 10), (-1, 1), (0.25, 0.5), (0, 0.5))
    p1, p2 = np.moveaxis(sample_phases(ranges, PHASES, 4, 0, 0), 1, 0)
    data = Dataset(np.stack([p1, p2], axis=1), p1)
    settings = Settings(3, 2, 1, 1, 0, learning_rate=1e300)
    assert np.isnan(time_training("IMN", 2, data, data, settings, 1)["median_seconds"])
