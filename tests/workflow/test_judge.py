"""Verdicts from the tables alone, those of a run and those that are published."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from paper_world import CONFIG, paper_results, paper_tables

from evaluation.claims.table import findings, findings_table
from rve.errors import InputError
from workflow.study.run.judge import ERRORS, judge

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference-run"
PUBLISHED = sorted(path.parent for path in REFERENCE.rglob(ERRORS))
"""Tables of the reference run, beside whose folder config.yaml stands, and of other studies."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper's world as a folder of results."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "tables").mkdir()
    for name, table in paper_tables().items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False)
    (folder / "config.yaml").write_text(CONFIG.read_text())
    return folder


def test_the_tables_that_are_written_suffice_to_judge(results: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    table = judge(results, once)
    expected = findings_table(findings(paper_results()))
    for column in ("id", "verdict", "quote", "paper", "seeds"):
        assert table[column].tolist() == expected[column].tolist()
    assert table["p"].to_numpy(float) == pytest.approx(
        expected["p"].to_numpy(float), rel=0.01, nan_ok=True
    )
    judge(once, twice)
    assert {path.name: path.read_bytes() for path in once.iterdir()} == {
        path.name: path.read_bytes() for path in twice.iterdir()
    }
    errors, online = pd.read_csv(once / ERRORS), paper_tables()["online"]
    assert len(errors) < len(online) / 6
    assert {"e_sigma", "e_sigma_transverse", "iterations", "bias_11", "bias_31"} < set(errors)


def test_other_errors_give_other_verdicts(results: Path, tmp_path: Path) -> None:
    judge(results, tmp_path)
    errors = pd.read_csv(tmp_path / ERRORS)
    best = errors["network"].str.contains("n1024_b128")
    errors.loc[best, "e_sigma"] *= 3
    errors.to_csv(tmp_path / ERRORS, index=False)
    verdicts = judge(tmp_path, tmp_path).set_index("id")["verdict"]
    assert verdicts["batch-prediction-1024"] == "differs"


def test_a_study_beside_is_found_by_its_folder(results: Path, tmp_path: Path) -> None:
    """Of a study from before sentences were quoted, too."""
    text = CONFIG.read_text().replace("beside: null", "beside: old")
    for name in ("new", "old"):
        judge(results, tmp_path / name)
    (tmp_path / "new/config.yaml").write_text(text)
    old = pd.read_csv(tmp_path / "old/findings.csv").drop(columns=["quote", "place"])
    old.assign(ours="9×").to_csv(tmp_path / "old/findings.csv", index=False)
    found = judge(tmp_path / "new", tmp_path / "new")
    assert set(found["beside_ours"]) == {"9×"}


def test_what_is_missing_is_named(results: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"config\.yaml: no resolved configuration"):
        judge(tmp_path, tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG.read_text())
    with pytest.raises(InputError, match=r"training\.csv: not a table"):
        judge(tmp_path, tmp_path)
    command = [sys.executable, "-m", "workflow.study.run.judge", str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, cwd=REFERENCE.parents[1])
    assert found.returncode == 1
    assert found.stderr == "error: expected two folders, FROM and TO, got 1\n"


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda path: path.name)
def test_published_verdicts_follow_from_published_tables(folder: Path, tmp_path: Path) -> None:
    judge(folder.parent if folder.name == "tables" else folder, tmp_path)
    for name in ("findings.csv", "intervals.csv"):
        found, published = (pd.read_csv(path / name) for path in (tmp_path, folder))
        beside = [column for column in found if str(column).startswith("beside")]
        assert_frame_equal(found.drop(columns=beside), published.drop(columns=beside))
