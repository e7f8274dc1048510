"""Which networks of a study are held against each other."""

import pytest
import yaml
from paper_world import CONFIG

from workflow.study.config.model import Study
from workflow.study.config.validation import load_study
from workflow.study.plan.comparisons import comparisons
from workflow.study.plan.grid import networks


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(yaml.safe_load(CONFIG.read_text()))


def test_depths_have_all_networks_of_their_configurations(study: Study) -> None:
    """Ten of a DMN of 7 layers, five by the sweep over depths and five by the one over batches."""
    counts = {
        (kind, layers): len(ids)
        for kind, by_layers in comparisons(study).depth.items()
        for layers, ids in by_layers.items()
    }
    expected = dict.fromkeys(counts, 5) | {("DMN", 7): 10}
    assert counts == expected
    grid = networks(study)
    seeds = [grid[id].seed for id in comparisons(study).depth["DMN"][7]]
    assert sorted(seeds) == list(range(10))


def test_further_seeds_of_one_sweep_serve_every_comparison() -> None:
    config = yaml.safe_load(CONFIG.read_text())
    config["sweeps"]["xi"]["seeds"] = 8
    study = load_study(config)
    assert len(comparisons(study).depth["IMN"][7]) == 8
    grid = networks(study)
    at_one = [id for id in comparisons(study).eta if grid[id].eta == 1]
    assert len(at_one) == 8
    assert len(comparisons(study).eta) == 4 * 5 + 8
    assert len(comparisons(study).xi) == 6 * 8
