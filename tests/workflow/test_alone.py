"""One run at a time: a claim excludes others, ends with its process, and takes its jobs along."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rve.errors import InputError
from workflow.study.run import alone

CLAIM = """
import sys, time
from pathlib import Path
from workflow.study.run import alone
alone.claim(Path(sys.argv[1]))
print("claimed", flush=True)
"""
JOB = """
import logging, sys, time
from pathlib import Path
from workflow.study.run import alone
logging.basicConfig(level=logging.INFO)
alone.join(Path(sys.argv[1]))
print("joined", flush=True)
time.sleep(60)
"""
RUN_WITH_JOB = (
    f"{CLAIM}\nimport subprocess\nsubprocess.run([sys.executable, '-c', {JOB!r}, *sys.argv[1:]])"
)


def process(script: str, folder: Path) -> subprocess.Popen[str]:
    """A process of its own that has printed its first line."""
    started = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None and started.stdout.readline()
    return started


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alone, "_held", [])
    monkeypatch.delenv(alone._VARIABLE, raising=False)


def test_a_second_run_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    run = process(f"{CLAIM}\ntime.sleep(60)", tmp_path)
    try:
        with pytest.raises(
            InputError, match=rf"another run .* is on, process {run.pid} on .* since"
        ):
            alone.claim(tmp_path)
    finally:
        run.kill()
        run.communicate()


def test_a_killed_run_leaves_no_lock_and_nothing_unfinished(tmp_path: Path) -> None:
    run = process(f"{CLAIM}\ntime.sleep(60)", tmp_path)
    unfinished = tmp_path / "networks" / f".unfinished-{run.pid}-one.npz"
    unfinished.parent.mkdir()
    unfinished.touch()
    run.send_signal(signal.SIGKILL)
    run.communicate()
    alone.claim(tmp_path)
    assert f"process {os.getpid()} on" in (tmp_path / ".run").read_text()
    assert not unfinished.exists()


def test_a_job_ends_with_its_run_and_the_next_run_waits_for_it(tmp_path: Path) -> None:
    run = process(RUN_WITH_JOB, tmp_path)
    assert run.stdout is not None and run.stdout.readline() == "joined\n"
    run.kill()
    start = time.monotonic()
    alone.claim(tmp_path)
    assert time.monotonic() - start < 20
    # The job held the error stream open until it ended.
    _, errors = run.communicate(timeout=5)
    assert "the run that this job belongs to has ended" in errors


def test_jobs_that_do_not_end_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a job does that is stopped, or of an earlier version."""
    run = process(RUN_WITH_JOB, tmp_path)
    assert run.stdout is not None and run.stdout.readline() == "joined\n"
    (job,) = subprocess.run(
        ["pgrep", "-P", str(run.pid)], capture_output=True, text=True
    ).stdout.split()
    os.kill(int(job), signal.SIGSTOP)
    run.kill()
    monkeypatch.setattr(alone, "_PATIENCE", 2.0)
    try:
        with pytest.raises(InputError, match="jobs of a run that was killed are still on"):
            alone.claim(tmp_path)
    finally:
        os.kill(int(job), signal.SIGKILL)
        run.communicate()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").touch()
    with pytest.raises(InputError, match="results/demo: cannot be written: Not a directory"):
        alone.claim(tmp_path / "results" / "demo")


def test_a_file_system_without_locks_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_locks(file: object, kind: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(alone.fcntl, "flock", no_locks)
    alone.claim(tmp_path)
    alone.join(tmp_path)
    assert "has no locks (Function not implemented)" in caplog.text


def test_a_folder_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the permissions, which do not hold for the superuser; a link leads to another folder."""
    monkeypatch.chdir(tmp_path)
    closed = {tmp_path}
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).resolve() not in closed)
    with pytest.raises(InputError, match=f"{tmp_path}: cannot be written, and a study keeps"):
        alone.check_writable()
    (tmp_path / ".snakemake").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "results").symlink_to("elsewhere")
    alone.check_writable()
    closed.add(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=f"{tmp_path}/results: cannot be written"):
        alone.check_writable()
