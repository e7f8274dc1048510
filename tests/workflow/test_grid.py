"""The networks of a study and the comparisons of recipes."""

import re

import pytest
from configs import ELASTIC, OVERLAYS, PAPER, RECIPE, merged, paper_with
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]

from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import comparisons
from workflow.study.plan.grid import flowing_phases, members, networks


def test_the_grid_has_the_papers_networks() -> None:
    study = load_study(PAPER)
    counts = {name: len(ids) for name, ids in members(study).items()}
    assert counts == {
        "data_400": 30,
        "data_1024": 30,
        "data_2048": 20,
        "eta": 25,
        "xi": 30,
        "depth": 50,
    }
    # eta, xi and depth share the five IMNs of depth 7; depth shares five DMNs with data_400.
    assert len(networks(study)) == 185 - 2 * 5 - 5


def test_ids_are_unique_and_stable() -> None:
    grid = networks(load_study(PAPER))
    assert len(set(grid.values())) == len(grid)
    assert all(re.fullmatch(r"[a-z0-9_.]+", name) for name in grid)
    assert next(iter(grid)) == "dmn_d7_n400_b20_eta1_xi1_s00"
    assert "imn_d7_n400_b40_eta0.01_xi1_s04" in grid
    rewritten = paper_with({"sweeps": {"eta": {"eta": ["1e-2", "1e-1", 1.0, "10", 1.0e2]}}})
    assert networks(load_study(rewritten)) == grid


def test_editing_one_sweep_leaves_the_others() -> None:
    before = dict(members(load_study(PAPER)))
    after = dict(members(load_study(paper_with({"sweeps": {"eta": {"eta": [3], "seeds": 2}}}))))
    assert after.pop("eta") == [f"imn_d7_n400_b40_eta3_xi1_s{seed:02d}" for seed in range(2)]
    before.pop("eta")
    assert after == before


def test_more_seeds_keep_the_ids_of_the_first() -> None:
    before = networks(load_study(PAPER))
    after = networks(load_study(paper_with({"network": {"seeds": 7}})))
    assert set(before) < set(after)


def test_networks_that_would_share_an_id_are_refused() -> None:
    study = load_study(paper_with({"sweeps": {"eta": {"eta": [0.12345678, 0.1234567]}}}))
    with pytest.raises(ConfigError, match=r"1 problem\n  sweeps\.eta: eta 0\.12345678"):
        networks(study)


def test_xi_follows_the_base_nodes_by_itself() -> None:
    sweeps = {"x": {"layers": [3, 6], "xi": "auto", "seeds": 1}}
    study = load_study({**PAPER, "sweeps": sweeps})
    assert [network.xi for network in networks(study).values()] == [2, 16]
    assert list(networks(study)) == [
        f"imn_d{n}_n400_b40_eta1_xi{xi}_s00" for n, xi in ((3, 2), (6, 16))
    ]


def test_a_sweep_may_have_a_schedule_of_its_own() -> None:
    sweeps = {"x": {"epochs": [100, 10_000], "learning_rate": [0.01, 0.002], "seeds": 1}}
    grid = networks(load_study({**PAPER, "sweeps": sweeps}))
    assert [name.split("_xi1")[1] for name in grid] == [
        "_e100_s00",
        "_e100_r0.002_s00",
        "_s00",
        "_r0.002_s00",
    ]
    assert [(n.epochs, n.learning_rate) for n in grid.values()] == [
        (100, None), (100, 0.002), (None, None), (None, 0.002),
    ]  # fmt: skip


def test_the_phases_that_flow_are_those_of_the_composites() -> None:
    assert flowing_phases(load_study(PAPER)) == ("matrix",)
    flowing = {
        "law": "j2",
        "youngs_modulus": 200,
        "poisson_ratio": 0.3,
        "yield_stress": 0.3,
        "H": 1,
        "Q": 0,
        "b": 1,
    }
    steel = {"matrix": {"law": "isotropic", **ELASTIC}, "fibre": flowing}
    alone = {**PAPER, "composites": {"steel": steel}, "timing": {"composite": "steel"}}
    assert flowing_phases(load_study(alone)) == ("fibre",)
    both = paper_with({"composites": {"steel": steel}})
    assert flowing_phases(load_study(both))  # no network asks
    asked = merged(both, {"network": {"flowing_samples": 8}})
    with pytest.raises(ConfigError, match="phase: auto cannot choose it, because the matrix in"):
        flowing_phases(load_study(asked))
    said = merged(asked, {"dataset": {"flowing": {"phase": "fibre"}}})
    assert flowing_phases(load_study(said)) == ("fibre",)
    said = merged(asked, {"dataset": {"flowing": {"phase": ["fibre", "matrix"]}}})
    assert flowing_phases(load_study(said)) == ("matrix", "fibre")
    steel["matrix"] = flowing
    assert flowing_phases(load_study(alone)) == ("matrix", "fibre")
    unknown = merged(asked, {"dataset": {"flowing": {"phase": ["rubber", "fibre"]}}})
    with pytest.raises(ConfigError, match="phase: no composite has rubber; expected one or more"):
        flowing_phases(load_study(unknown))


def test_the_sweep_of_the_recipe_gives_way_to_the_users_own() -> None:
    """Twelve networks of one's own over the recipe are twelve networks, with the recipe's start."""
    base = paper_with(RECIPE)
    assert len(networks(load_study(base))) == 10
    sweeps = {"mine": {"kind": ["DMN", "IMN"], "layers": [5, 6], "seeds": 3}}
    mine = load_study(merged(base, {"sweeps": sweeps}))
    assert list(mine.sweeps) == ["mine"]
    found = networks(mine).values()
    assert len(found) == 12
    assert {network.initialisation for network in found} == {"coated"}
    # Without a number of seeds they have that of every study, not that of the recipe's own sweep.
    plain = load_study(merged(base, {"sweeps": {"mine": {"layers": [5, 6]}}}))
    assert len(networks(plain)) == 2 * load_study(PAPER).network.seeds
    # What a study is resolved to gives itself again.
    again = load_study(mine.model_dump(mode="json", exclude_none=True))
    assert networks(again).keys() == networks(mine).keys()


def test_recipes_are_compared_if_they_start_differently() -> None:
    study = load_study(merged(paper_with(RECIPE), load_configfile(OVERLAYS[0])))
    assert study.study == "accurate"
    recipes = comparisons(study).recipes
    assert {name: len(ids) for name, ids in recipes.items()} == {
        "recipe": 120,
        "paper_as_rebuilt": 40,
    }
    pictured = comparisons(study).pictured
    assert list(pictured) == [name.replace("_", " ") for name in recipes]
    assert all("imn_d7" in id for ids in pictured.values() for id in ids)
    groups = comparisons(study).ablation
    assert next(iter(groups)) == "random, Frobenius, orthotropic"
    assert list(groups)[-1] == "coated, energy, with moments"
    assert {len(ids) for ids in groups.values()} == {10}
    assert len(groups) == 12
    paper = comparisons(load_study(PAPER))
    assert paper.recipes == paper.ablation == {}
