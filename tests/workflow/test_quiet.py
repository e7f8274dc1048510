"""Failed jobs in a line each: the last words of a run, or at once where Snakemake is quiet."""

import logging
from pathlib import Path

import pytest

from workflow.study.run import quiet
from workflow.study.run.quiet import Errors


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "cell.log"
    path.write_text("12:00 reading\n12:01 error: cell.msh: not a mesh\n")
    return path


def failed(handler: Errors, rule: str, log: Path) -> None:
    values = {"event": "job_error", "rule_name": rule, "log": [str(log)], "levelno": logging.ERROR}
    handler.handle(logging.makeLogRecord(values))


def test_reasons_are_the_last_words_of_a_run(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(quiet.atexit, "register", kept.append)
    handler = Errors(quiet=False, hidden=False)
    failed(handler, "cell", log)
    failed(handler, "cell", log)
    assert capsys.readouterr().err == ""
    (last_words,) = kept
    last_words()
    assert capsys.readouterr().err == f"\ncell failed: cell.msh: not a mesh ({log})\n"


def test_a_run_without_failures_ends_without_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(quiet.atexit, "register", kept.append)
    Errors(quiet=False, hidden=False)
    kept[0]()
    assert capsys.readouterr().err == ""


def test_many_failures_are_counted(
    log: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(quiet.atexit, "register", kept.append)
    handler = Errors(quiet=False, hidden=False)
    for number in range(33):
        failed(handler, f"rule{number}", log)
    kept[0]()
    lines = capsys.readouterr().err.strip().splitlines()
    assert (len(lines), lines[-1]) == (21, "and 13 more jobs")


def test_a_quiet_run_tells_each_at_once(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failed(Errors(quiet=True, hidden=True), "cell", log)
    assert capsys.readouterr().err == f"cell failed: cell.msh: not a mesh ({log})\n"
