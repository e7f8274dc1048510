"""Recipes held against each other, by plain arithmetic from the tables."""

from dataclasses import replace

import numpy as np
import pytest
from made_up import LOADS, RECIPES, SCHEMES, made_up_study
from networks import curve_of, random_network

from evaluation.measures.comparisons import Comparisons
from evaluation.measures.ensembles import ensembles
from evaluation.measures.recipes import (
    case_errors,
    common_networks,
    direction_errors,
    selection,
    size_errors,
)
from evaluation.measures.tables import StudyTables
from evaluation.report.recipe_tables import case_table, recipe_table, selection_table, size_table


def study() -> StudyTables:
    tables = made_up_study()
    return replace(tables, comparisons=Comparisons(recipes=RECIPES))


def error_of(network: str, composite: str | None = None) -> float:
    """Mean error over the loads, and over the composites where none is named."""
    rows = study().online[study().online["network"] == network]
    if composite:
        rows = rows[rows["composite"] == composite]
    return float(rows["error"].mean())


def test_rows_by_size_are_means_over_networks_that_predicted_everything() -> None:
    rows = size_errors(study()).set_index(["recipe", "kind", "layers"])
    assert set(rows["networks"]) == {1}
    assert rows.loc[("first", "IMN", 2), "mean"] == pytest.approx(error_of("IMN_2_0"))
    assert ("first", "IMN", 3) not in rows.index  # one of its predictions did not converge
    assert ("second", "DMN", 3) not in rows.index  # its training failed
    assert rows.loc[("second", "DMN", 2), "ensemble"] == pytest.approx(0.05)
    assert rows.loc[("second", "DMN", 2), "size"] == 2


def test_networks_of_the_greatest_common_depth() -> None:
    assert sorted(common_networks(study())["network"]) == [
        "DMN_3_0", "DMN_3_1", "IMN_3_0", "IMN_3_1"
    ]  # fmt: skip


def test_errors_by_composite_and_direction() -> None:
    cases = case_errors(study()).set_index(["composite", "kind", "recipe"])
    assert len(cases) == 5  # of 8, three lack: a failed training, and a load without equilibrium
    for (composite, kind, recipe), row in cases.iterrows():
        network = f"{kind}_3_{list(RECIPES).index(recipe)}"
        assert row["mean"] == row["worst"] == pytest.approx(error_of(network, composite))
    directions = direction_errors(study())
    assert len(directions) == 3 * len(LOADS)
    assert directions.groupby("network")["error"].mean()["IMN_3_1"] == pytest.approx(
        error_of("IMN_3_1")
    )


def test_selection_by_a_measure_that_orders_the_networks_or_does_not() -> None:
    tables = made_up_study()
    one = {"all": [f"IMN_2_{seed}" for seed in (0, 1)] + [f"DMN_2_{seed}" for seed in (0, 1)]}
    training = tables.training.assign(kind="IMN")
    errors = {name: error_of(name) for name in one["all"]}
    training["error_moments"] = training["network"].map(errors)
    training["error_validation"] = -training["error_moments"]
    online = tables.online.assign(scheme=SCHEMES["IMN"])
    tables = replace(tables, training=training, online=online, comparisons=Comparisons(recipes=one))
    (row,) = selection(tables).to_dict("records")
    assert (row["moments"], row["stiffness"]) == (pytest.approx(1), pytest.approx(-1))
    assert row["chosen"] == row["best"] == pytest.approx(min(errors.values()))
    assert row["mean"] == pytest.approx(np.mean(list(errors.values())))


def test_the_tables_of_the_report_have_a_row_for_each() -> None:
    tables = study()
    assert len(size_table(size_errors(tables)).rows) == len(size_errors(tables))
    assert case_table(case_errors(tables)).rows[0][:3] == [
        "composite 1", "stress", "DMN"
    ]  # fmt: skip
    settings = dict(
        zip(*zip(*[row[:2] for row in recipe_table(tables).rows], strict=True), strict=True)
    )
    assert settings["start"] == "random"
    assert settings["ξ over base nodes"] == "0.125 to 0.25"
    assert selection_table(selection(tables)).rows == []


def test_ensembles_that_err_by_a_known_number_of_deviations() -> None:
    """Two networks, whose deviation is sqrt(2) times half their difference."""
    reference = curve_of([[0.0] * 6, [1.0, 0, 0, 0, 0, 0]])
    case = ("composite_1", "stress", "11")
    stresses = [1.1, 1.3]  # mean 1.2, deviation 0.1414
    curves = [{case: curve_of([[0.0] * 6, [s, 0, 0, 0, 0, 0]])} for s in stresses]
    networks = [random_network("IMN", 2, np.random.default_rng(seed)) for seed in (1, 2)]
    (row,) = ensembles("mine", networks, curves, {case: reference}, None)
    assert row["networks"] == 2
    assert row["error"] == pytest.approx(0.2)
    assert row["spread"] == pytest.approx(0.1 * np.sqrt(2))
    inside = {k: row[f"inside_{k}"] for k in ("1", "1.5", "2")}
    assert inside == {"1": 0, "1.5": 1, "2": 1}
    assert np.isnan(row["factor"])
