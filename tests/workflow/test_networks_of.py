"""Networks of a finished study for other materials: what is refused, and where they come from."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import GLASS, MATRIX, PAPER, merged

from workflow.study.config.base import base_of
from workflow.study.config.files import read_files
from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study
from workflow.study.plan.grid import networks
from workflow.study.plan.other_study import check_networks, origin, remarks

SWEEPS = {**dict.fromkeys(PAPER["sweeps"]), "small": {"layers": 3, "seeds": 2}}
OTHER = {"study": "other", "rve": {"fibres": 9}, "sweeps": SWEEPS}
MINE = {"composites": {"mine": {"matrix": MATRIX, "fibre": GLASS}}}


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a finished study `other`, as far as it counts here."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results/other"
    (folder / "networks").mkdir(parents=True)
    study = load_study(merged(PAPER, OTHER))
    config = study.model_dump(mode="json", exclude_none=True)
    (folder / "config.yaml").write_text(yaml.safe_dump(config))
    manifest = {"git_commit": "abc", "sources": "12", "date": "2026-01-05T10:00:00+00:00"}
    (folder / "manifest.json").write_text(json.dumps({**manifest, "python": "3.11"}))
    for id in networks(study):
        for end in ("npz", "json"):
            (folder / f"networks/{id}.{end}").touch()
    return folder


def study_of(overlay: dict[str, Any]) -> Any:
    """A study that takes the networks of `other`, as the Snakefile reads it."""
    return load_study(read_files([], {"study": "mine", "networks_of": "other", **overlay}).raw)


def test_a_study_has_the_cell_and_the_networks_of_the_other(other: Path) -> None:
    study = study_of(MINE)
    check_networks(study)
    assert study.rve.fibres == 9
    assert len(networks(study)) == 2
    assert set(study.composites) == {"mine"}
    assert study_of({}).composites == load_study(PAPER).composites
    assert study.timing is None
    assert origin("other") == {
        "study": "other",
        "git_commit": "abc",
        "sources": "12",
        "date": "2026-01-05T10:00:00+00:00",
    }


def test_timings_are_those_that_the_study_asks_for(other: Path) -> None:
    timing = study_of(MINE | {"timing": {"composite": "mine", "repeats": 2}}).timing
    assert timing == load_study(PAPER).timing.model_copy(update={"composite": "mine", "repeats": 2})


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ({"rve": {"fibres": 12}}, "rve.fibres: 12 here, and 9 in other, whose networks this study"),
        ({"dataset": {"seed": 2}}, "dataset.seed: 2 here, and 1 in other"),
        ({"training": {"epochs": 9}}, "training.epochs: 9 here, and 10000 in other"),
        ({"sweeps": {"more": {"layers": 4}}}, "networks_of: other has no network imn_d4_"),
        ({"study": "other"}, "study: is other, whose networks this study takes; give it a name"),
    ],
)
def test_what_cannot_take_the_networks(other: Path, overlay: Any, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        check_networks(study_of(MINE | overlay))
    (found,) = caught.value.problems
    assert str(found).startswith(problem)


def test_a_phase_that_yields_as_none_of_the_samples_brings_a_remark(other: Path) -> None:
    config = yaml.safe_load((other / "config.yaml").read_text())
    config["network"]["flowing_samples"] = 40
    (other / "config.yaml").write_text(yaml.safe_dump(config))
    assert not list(remarks(study_of(MINE)))
    soft = {"mine": {"matrix": GLASS, "fibre": {"law": "j2", **MATRIX}}}
    (remark,) = remarks(study_of({"composites": soft}))
    assert remark.startswith("composites.mine: the fibre yields, and networks of other were tra")
    assert not list(remarks(load_study(PAPER)))


def test_some_of_the_networks_are_enough(other: Path) -> None:
    check_networks(study_of({"sweeps": {"small": {"seeds": 1}}}))


def test_networks_that_were_taken_themselves_are_not_taken_again(other: Path) -> None:
    config = yaml.safe_load((other / "config.yaml").read_text())
    (other / "config.yaml").write_text(yaml.safe_dump(config | {"networks_of": "first"}))
    with pytest.raises(ConfigError, match="takes its networks of first; name that study"):
        check_networks(study_of(MINE))


def test_a_study_that_is_not_there_or_not_finished(other: Path) -> None:
    with pytest.raises(ConfigError, match=r"results/othr is not there, in .*; did you mean other"):
        base_of({"networks_of": "othr"})
    (other / "manifest.json").unlink()
    with pytest.raises(ConfigError, match="results/other is not finished; run that study here fir"):
        base_of({"networks_of": "other"})
