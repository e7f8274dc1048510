"""What jobs ask of a cluster against what was measured."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study
from workflow.study.plan import extras
from workflow.study.plan.blocks import training_minutes
from workflow.study.plan.extras import check_torch
from workflow.study.plan.grid import networks

ROOT = Path(__file__).resolve().parents[2]
TIMING = pd.read_csv(ROOT / "docs/reference-run/tables/timing.csv")
STUDY = load_study(yaml.safe_load((ROOT / "config.yaml").read_text()))
GRID = networks(STUDY)


@pytest.mark.parametrize("backend", ["fused", "torch"])
@pytest.mark.parametrize("layers", [4, 5, 6, 7, 8])
def test_minutes_are_twice_those_measured_and_not_a_day_more(backend: str, layers: int) -> None:
    measured = TIMING.query("quantity == 'training' and backend == @backend and layers == @layers")
    training = STUDY.training.model_copy(update={"backend": backend})
    for kind, seconds in zip(measured["kind"], measured["maximum_seconds"], strict=True):
        network = GRID[f"{kind.lower()}_d{layers}_n400_b40_eta1_xi1_s00"]
        minutes = seconds * training.epochs / 60
        assert 2 * minutes < training_minutes([network], training) < 10 + 25 * minutes


def test_minutes_grow_with_all_that_a_training_does() -> None:
    network = GRID["imn_d8_n400_b40_eta1_xi1_s00"]
    alone = training_minutes([network], STUDY.training)
    assert training_minutes([network] * 5, STUDY.training) > alone
    for more in ({"layers": 9}, {"samples": 2048}, {"flowing_samples": 800}, {"epochs": 50_000}):
        assert training_minutes([replace(network, **more)], STUDY.training) > alone


def test_profile_of_slurm_names_each_rule() -> None:
    """Each is in a group, in the main process, or alone on purpose."""
    texts = [path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk")]
    heads = re.findall(r"^ *(?:use )?rule (\w+)(?: as (\w+))?", "".join(texts), re.MULTILINE)
    every = "".join([(ROOT / "Snakefile").read_text(), *texts])
    local = "".join(re.findall(r"localrules:\n(.*?)\n\n", every, re.DOTALL))
    main = set(re.findall(r"\w+", local)) - {"all"}
    profile = yaml.safe_load((ROOT / "profiles/slurm/config.yaml").read_text())
    grouped, alone = set(profile["groups"]), {"compile", "constants", "ensembles"}
    # Rules of blocks and of sources, which have no fixed names, say their group themselves.
    assert "".join(texts).count('group:\n            "networks"') == 2
    assert "".join(texts).count('group:\n            "report"') == 1
    assert grouped | main | alone == {name or first for first, name in heads}
    assert len(grouped) + len(main) + len(alone) == len(grouped | main | alone)
    assert set(profile["set-resources"]) <= grouped
    assert set(profile["group-components"]) <= {*profile["groups"].values(), "networks"}


def test_a_study_that_needs_pytorch_says_so_before_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    check_torch(STUDY)
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"epochs\.torch: .*material-network-study\[torch\]"):
        check_torch(STUDY)
    without = STUDY.timing.model_copy(update={"training_epochs": {"fused": 500}})
    check_torch(STUDY.model_copy(update={"study": "untimed", "timing": without}))
    demo = yaml.safe_load((ROOT / "workflow/studies/demo.yaml").read_text())
    assert demo["timing"]["training_epochs"]["torch"] is None
