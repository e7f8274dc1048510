"""Runs that are killed, starved or hindered, and end as an undisturbed one: `make test-chaos`.

After each fault the same command goes on, with no other command between. What it leaves must be
that of an undisturbed run, bit by bit.
"""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from studies import SMOKE, command, copy_project, environment, left_by, snakemake

KILLS = int(os.environ.get("KILLS", "40"))
ARGUMENTS = ("--cores", "2", "--configfile", SMOKE)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run leaves that nobody disturbs."""
    project = copy_project(tmp_path_factory.mktemp("undisturbed"))
    run = snakemake(project, *ARGUMENTS)
    assert run.returncode == 0, run.stdout + run.stderr
    return left_by(project / "results/smoke")


def started(project: Path, *arguments: str) -> subprocess.Popen[str]:
    """A run in a session of its own."""
    return subprocess.Popen(
        command(*(arguments or ARGUMENTS)),
        cwd=project,
        env=environment(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's & ignores it
    )


def jobs_of(run: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that a run started."""
    try:
        return psutil.Process(run.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_a_job(run: subprocess.Popen[str], rng: random.Random) -> None:
    if jobs := jobs_of(run):
        kill([rng.choice(jobs)])
    run.send_signal(signal.SIGKILL)


ACTS: dict[str, Callable[[subprocess.Popen[str], random.Random], None]] = {
    "kill the main process": lambda run, rng: run.send_signal(signal.SIGKILL),
    "kill all processes": lambda run, rng: kill([psutil.Process(run.pid), *jobs_of(run)]),
    "kill a job, then the main process": kill_a_job,
    "interrupt": lambda run, rng: run.send_signal(signal.SIGINT),
    "terminate": lambda run, rng: run.send_signal(signal.SIGTERM),
}


def test_kills_at_random_moments(tmp_path: Path, expected: dict[str, object]) -> None:
    """Further kills begin a further study when one ends before all are done."""
    rng, project = random.Random(1), copy_project(tmp_path / "project")
    results = project / "results/smoke"
    acts = [act for act in ACTS for _ in range(-(-KILLS // len(ACTS)))]
    rng.shuffle(acts)
    while acts:
        run = started(project)
        try:
            output, _ = run.communicate(timeout=rng.uniform(3, 30))
        except subprocess.TimeoutExpired:
            act = acts.pop()
            print(f"{act}, with {len([*results.rglob('*.npz')])} files of numbers", flush=True)
            ACTS[act](run, rng)
            output, _ = run.communicate()
            assert "Traceback" not in output, output
        else:
            assert run.returncode == 0, output
            assert left_by(results) == expected
            shutil.rmtree(results)
    finished(project, expected)


def finished(project: Path, expected: dict[str, object], *arguments: str) -> None:
    """The same command goes on to the end, which is that of an undisturbed run."""
    run = snakemake(project, *(arguments or ARGUMENTS))
    assert run.returncode == 0, run.stdout + run.stderr
    results = project / "results/smoke"
    assert left_by(results) == expected
    assert not list(results.rglob(".unfinished-*"))


def test_a_job_that_dies_leaves_the_others_on(tmp_path: Path, expected: dict[str, object]) -> None:
    project = copy_project(tmp_path / "project")
    run = started(project)
    time.sleep(15)
    kill(jobs_of(run)[-1:])
    output, _ = run.communicate()
    assert run.returncode != 0 and "Traceback" not in output
    finished(project, expected)


def test_of_two_runs_at_once_the_second_is_refused(
    tmp_path: Path, expected: dict[str, object]
) -> None:
    project = copy_project(tmp_path / "project")
    first = started(project)
    time.sleep(15)
    second = snakemake(project, *ARGUMENTS)
    assert second.returncode != 0
    assert f"another run of this study is on, process {first.pid} on " in second.stderr
    assert "Traceback" not in second.stderr
    output, _ = first.communicate()
    assert first.returncode == 0, output
    finished(project, expected)


def test_folder_with_blanks_and_other_letters(
    tmp_path: Path, expected: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of the interpreter."""
    project = copy_project(tmp_path / "Müller's études {2} 繊維")
    (project / ".venv").symlink_to(sys.prefix)
    monkeypatch.setattr(sys, "executable", str(project / ".venv/bin/python"))
    finished(project, expected)


def test_run_from_another_folder(tmp_path: Path, expected: dict[str, object]) -> None:
    project, elsewhere = copy_project(tmp_path / "project"), tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = subprocess.run(
        command("-s", str(project / "Snakefile"), "-d", str(elsewhere), "--cores", "2",
                "--configfile", str(project / SMOKE)),
        cwd=tmp_path,
        env=environment(project),
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert left_by(elsewhere / "results/smoke") == expected


def as_root(*arguments: str) -> None:
    """Run a command of the system's administrator, or skip the test."""
    if os.geteuid() or subprocess.run(arguments, capture_output=True).returncode:
        pytest.skip(f"cannot run {arguments[0]} here")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a megabyte and a half."""
    folder = tmp_path / "small"
    folder.mkdir()
    as_root("mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder))
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_full_disk(tmp_path: Path, small_disk: Path, expected: dict[str, object]) -> None:
    project = copy_project(tmp_path / "project")
    (project / "results").symlink_to(small_disk)
    run = snakemake(project, *ARGUMENTS)
    assert run.returncode != 0
    assert "No space left on device" in run.stdout + run.stderr
    as_root("mount", "-o", "remount,size=1g", str(small_disk))
    finished(project, expected)


def test_memory_limit(tmp_path: Path, expected: dict[str, object]) -> None:
    """Jobs that get no memory fail with a message, and nothing they left is used."""
    project = copy_project(tmp_path / "project")
    limit = 1_200 * 2**20
    run = subprocess.run(
        command(*ARGUMENTS),
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert run.returncode != 0
    finished(project, expected)


def test_home_and_cache_that_cannot_be_written(
    tmp_path: Path, expected: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message says what to do."""
    project, cache = copy_project(tmp_path / "project"), tmp_path / "cache"
    cache.mkdir()
    (cache / "material-network-study").touch()
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    run = snakemake(project, *ARGUMENTS)
    assert run.returncode != 0
    assert "let XDG_CACHE_HOME name a folder that can be written" in run.stdout + run.stderr
    (cache / "material-network-study").unlink()
    finished(project, expected)
