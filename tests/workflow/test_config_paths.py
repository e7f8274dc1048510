"""Load paths in a configuration, by points and by tables."""

from pathlib import Path

import pytest
from configs import Config, paper_with, problems_of

from rve.loads.load_path import piecewise_linear
from workflow.study.config.loads import load_cases
from workflow.study.config.validation import load_study, remarks


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


@pytest.mark.parametrize(
    ("table", "keys", "key", "reason"),
    [
        (
            "t,eps_22\n0,0\n1,0.01\n",
            {"duration": 5},
            "duration",
            "the table has times, which are durations; remove the key or that column",
        ),
        (
            "eps_22\n0.01\n0.02\n",
            {"duration": [1, 2, 3]},
            "duration",
            "expected one duration, or one for each of the 2 segments, got 3",
        ),
        (
            "t,eps_22\n0,0\n1,4\n",
            {},
            "table",
            "{file}: eps_22 of row 2 is a strain of 4; it is a fraction, and 4 % are 0.04",
        ),
        ("t,eps_21\n0,0\n", {}, "table", "{file}: unknown column eps_21; did you mean eps_12?"),
        (
            "eps_11;sig_11\n0,01;\n;-5\n",
            {},
            "table",
            "{file}: row 2: sig_11 is -5 GPa, which would strain composite_1 by more than 20.7 % "
            "even if its phases stayed elastic, and no phase bears an elastic strain of 5 %; its "
            "unit is GPa, and -5 MPa are -0.005 GPa",
        ),
    ],
)
def test_what_a_table_of_loads_says_wrong_is_one_message(
    tmp_path: Path, table: str, keys: Config, key: str, reason: str
) -> None:
    problem = f"references.paths.measured.{key}: {reason}".format(file=tmp_path / "history.csv")
    assert problems_of(own_path(tmp_path, table, **keys)) == [problem]


def test_strains_that_are_not_small_are_a_remark_before_the_run() -> None:
    """Once, under both controls; pure shear has half its gamma."""
    overlay = {
        "controls": ["stress", "strain"],
        "amplitudes": {"11": 0.12, "12": 0.2},
        "paths": {"far": {"points": [{"eps_31": 0.3}, {"sig_31": 0}]}},
    }
    beyond = "beyond 10 % a theory of small strains has an error of more than 5 %"
    assert remarks(load_study(paper_with({"references": overlay}))) == [
        f"references.amplitudes.11: prescribes strains of 12 %; {beyond}",
        f"references.paths.far: prescribes strains of 15 %; {beyond}",
    ]


def test_unloading_to_no_stress_is_a_path() -> None:
    """The commonest test there is: control passes from strain to stress."""
    points = [{"eps_11": 0.02}, {"sig_11": 0}]
    study = load_study(paper_with({"references": {"paths": {"unloaded": {"points": points}}}}))
    path = piecewise_linear(**load_cases(study)["path"]["unloaded"])
    assert path.strain_controlled[:, 0].tolist() == [True] * 20 + [False] * 20
    assert path.targets[[19, 39], 0] == pytest.approx([0.02, 0])
