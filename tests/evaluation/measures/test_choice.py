"""The choice of a configuration: the fastest that is nearly as accurate as the best."""

import math

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_study
from paper_world import paper_results

from evaluation.measures import choice
from evaluation.measures.choice import Configuration, choose
from evaluation.measures.tables import StudyTables

PAPER = {
    "eta": 1,
    "xi": 1,
    "initialisation": "random",
    "loss": "frobenius",
    "flowing_samples": 0,
    "moments": 0,
    "epochs": 10_000,
    "learning_rate": 0.01,
}
BEST = {"kind": "DMN", "layers": 7, "samples": 2048, "batch_size": 128, **PAPER}
SHALLOW = {"kind": "DMN", "layers": 4, "samples": 400, "batch_size": 40, **PAPER}


def chosen(study: StudyTables) -> tuple[Configuration, Configuration]:
    found = choose(study)
    assert found
    return found.chosen, found.best


def shallow_as_accurate(scatter: float) -> pd.DataFrame:
    """online.csv in which trees of four layers have the mean error of the best, and a scatter."""
    online = paper_results().online.copy()
    best = online[online["network"].str.startswith("dmn_d7_n2048_b128")]
    errors = best[best["scheme"] == "tree_newton"].groupby(["composite", "load"])["error"].mean()
    shallow = online["network"].str.startswith("dmn_d4")
    keys = pd.MultiIndex.from_frame(online.loc[shallow, ["composite", "load"]])
    wobble = online.loc[shallow, "network"].str[-1].astype(int).to_numpy() - 2
    online.loc[shallow, "error"] = errors.loc[keys].to_numpy() * (1 + scatter * wobble)
    return online


def test_the_most_accurate_is_chosen_if_nothing_cheaper_comes_close() -> None:
    choice, best = chosen(paper_results())
    assert choice is best
    assert choice.shared == BEST
    assert choice.networks["e_sigma"].mean() == pytest.approx(0.012, rel=0.01)


def test_the_choice_is_the_fastest_that_is_nearly_as_accurate() -> None:
    choice, best = chosen(paper_results(online=shallow_as_accurate(0.005)))
    assert (choice.shared, best.shared) == (SHALLOW, BEST)
    assert choice.seconds < best.seconds
    assert list(choice.schemes.index) == ["tree_newton", "residual_stress", "fixed_point"]
    relative = choice.schemes["seconds"] / choice.seconds
    assert relative.round().tolist() == [1, 11, 21]


def test_timings_of_the_first_networks_alone_tell_the_fastest() -> None:
    online = shallow_as_accurate(0.005)
    timing = paper_results().timing
    first = timing[timing["network"].isna() | timing["network"].str.endswith("_s00")]
    choice, best = chosen(paper_results(online=online, timing=first))
    assert (choice.shared, best.shared) == (SHALLOW, BEST)
    assert choice.seconds < best.seconds


def test_a_configuration_whose_worst_network_is_worse_is_not_chosen() -> None:
    choice, _ = chosen(paper_results(online=shallow_as_accurate(0.2)))
    assert choice.shared == BEST


def test_a_configuration_with_a_failed_network_is_not_chosen() -> None:
    study = paper_results()
    lost = "dmn_d7_n2048_b128_eta1_xi1_s03"
    status = study.training["status"].where(study.training["network"] != lost, "failed")
    online = study.online[study.online["network"] != lost]
    found = chosen(paper_results(training=study.training.assign(status=status), online=online))
    assert all(one.shared != BEST for one in found)


def test_where_every_configuration_failed_there_is_no_choice() -> None:
    study = made_up_study()
    training = study.training.assign(status="failed")
    online = study.online.assign(status="failed", error=math.nan)
    assert choose(made_up_study(training=training, online=online)) is None


def test_without_timings_the_choice_is_the_most_accurate() -> None:
    timing = paper_results().timing
    choice, best = chosen(paper_results(timing=timing[timing["quantity"] == "training"]))
    assert choice is best
    assert choice.shared == BEST
    assert np.isnan(choice.seconds)
    assert choice.schemes.empty


def with_equal_configurations(
    random: np.random.Generator, configurations: int, seeds: int
) -> StudyTables:
    """A study whose configurations differ in their batch size, and in nothing that counts."""
    names = [f"b{batch}_s{seed}" for batch in range(configurations) for seed in range(seeds)]
    base = made_up_study()
    one = base.training[base.training["network"] == "IMN_2_0"]
    training = pd.concat([one] * len(names)).assign(
        network=names,
        batch_size=[int(name[1:].partition("_")[0]) for name in names],
        seed=[int(name.rpartition("s")[2]) for name in names],
    )
    row = base.online[(base.online["network"] == "IMN_2_0")].head(1)
    errors = 0.1 * np.exp(0.5 * random.normal(size=len(names)))
    online = pd.concat([row] * len(names)).assign(network=names, error=errors, status="ok")
    return made_up_study(training=training, online=online)


def test_the_error_to_expect_is_not_that_of_the_winner() -> None:
    """34 configurations that are equal in truth, five seeds each: the best of them is so by luck.

    The networks that chose have errors a third too small, those that had no part in it the true
    mean, 0.1 exp(0.5^2 / 2).
    """
    random = np.random.default_rng(3)
    truth = 0.1 * math.exp(0.5**2 / 2)
    won, expected = [], []
    for _ in range(200):
        errors = 0.1 * np.exp(0.5 * random.normal(size=(34, 5)))
        won.append(errors.mean(axis=1).min())
        place, seed = np.indices(errors.shape).reshape(2, -1)
        rows = pd.DataFrame({"place": place, "seed": seed, "e_sigma": errors.ravel()})
        _, held_out = choice._held_out(rows, pd.Series(np.ones(34)))
        assert len(held_out) == 5
        expected.append(held_out.mean())
    assert np.mean(won) < 0.7 * truth
    assert np.mean(expected) == pytest.approx(truth, rel=0.1)


def test_the_choice_of_a_study_is_measured_on_each_of_its_seeds() -> None:
    study = with_equal_configurations(np.random.default_rng(0), 4, 5)
    found = choose(study)
    assert found
    assert len(found.held_out) == 5
    assert set(found.held_out) <= set(study.composite_means["e_sigma"])


def test_a_study_of_one_seed_has_nothing_to_measure_its_choice_on() -> None:
    found = choose(with_equal_configurations(np.random.default_rng(0), 6, 1))
    assert found
    assert len(found.held_out) == 0


def test_configurations_of_fewer_seeds_are_measured_on_theirs() -> None:
    """The clear best has three seeds, another ten: each fold is measured only where it can be."""
    study = with_equal_configurations(np.random.default_rng(0), 2, 10)
    best = study.training["batch_size"] == 0
    few = best & (study.training["seed"] > 2)
    clear = 0.001 + 0.0001 * study.training["seed"].to_numpy()
    errors = np.where(best, clear, study.online["error"])
    kept = (~few).to_numpy()
    found = choose(
        made_up_study(training=study.training[kept], online=study.online.assign(error=errors)[kept])
    )
    assert found
    assert found.held_out.tolist() == pytest.approx([0.001, 0.0011, 0.0012])
