"""Load paths in a configuration, by points and by tables."""

from pathlib import Path

import pytest
from configs import Config, paper_with

from rve.loads.load_path import piecewise_linear
from workflow.study.config.loads import load_cases, path_components
from workflow.study.config.validation import load_study


def test_durations_reach_the_load_cases() -> None:
    paths = {
        "creep": {"points": [{"sig_11": 0.02}] * 2, "increments": 4, "duration": [1, 1000]},
        "slow": {"points": [{"eps_11": 0.02}], "duration": 50},
    }
    study = load_study(paper_with({"references": {"paths": paths, "duration": 7}}))
    cases = load_cases(study)
    assert list(piecewise_linear(**cases["path"]["creep"]).durations) == [0.25] * 4 + [250] * 4
    assert sum(piecewise_linear(**cases["path"]["slow"]).durations) == pytest.approx(50)
    assert sum(piecewise_linear(**cases["stress"]["11"]).durations) == pytest.approx(7)


def own_path(folder: Path, table: str, **keys: object) -> Config:
    """A study with a load path from a table."""
    file = folder / "history.csv"
    file.write_text(table, encoding="utf-8")
    return {"references": {"paths": {"measured": {"table": str(file), **keys}}}}


def test_times_of_a_table_are_the_durations_of_its_segments(tmp_path: Path) -> None:
    """A creep test: strained in 1 s, held for 1000 s, and back."""
    table = "Time,eps_22 [%]\n0,0\n1,1\n1001,1\n1002,0\n"
    study = load_study(paper_with(own_path(tmp_path, table, increments=4)))
    path = piecewise_linear(**load_cases(study)["path"]["measured"])
    assert path.durations == pytest.approx([0.25] * 4 + [250] * 4 + [0.25] * 4)
    ends = [0.0025, 0.005, 0.0075, 0.01, *[0.01] * 4, 0.0075, 0.005, 0.0025, 0]
    assert path.targets[:, 1] == pytest.approx(ends)


def test_unloading_to_no_stress_is_a_path() -> None:
    """The commonest test there is: control passes from strain to stress."""
    points = [{"eps_11": 0.02}, {"sig_11": 0}]
    study = load_study(paper_with({"references": {"paths": {"unloaded": {"points": points}}}}))
    path = piecewise_linear(**load_cases(study)["path"]["unloaded"])
    assert path.strain_controlled[:, 0].tolist() == [True] * 20 + [False] * 20
    assert path.targets[[19, 39], 0] == pytest.approx([0.02, 0])


def test_what_answers_a_path_is_shown_over_time_unless_it_is_a_straight_line() -> None:
    paths = {
        "pull": {"points": [{"eps_12": 0.02}]},
        "cycle": {"points": [{"eps_12": 0.02}, {"eps_12": 0.0}]},
        "creep": {"points": [{"sig_11": 0.02}] * 2, "duration": [1, 1000]},
        "unloaded": {"points": [{"eps_11": 0.02}, {"sig_11": 0}]},
        "pressed": {"points": [{"sig_22": -0.02, "eps_11": 0}, {"sig_22": -0.02, "eps_11": 0.03}]},
    }
    study = load_study(paper_with({"references": {"paths": paths}}))
    assert path_components(load_cases(study)) == {
        "pull": {"12": []},
        "cycle": {"12": ["stress"]},
        "creep": {"11": ["strain"]},
        "unloaded": {"11": ["stress", "strain"]},
        "pressed": {"11": ["stress"], "22": ["strain"]},
    }
