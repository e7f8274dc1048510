"""A small study on a real Slurm cluster, undisturbed and disturbed: `make test-slurm`.

After each disturbance the same command goes on, and ends as a run on one machine does, bit by bit.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cluster import NODES, cluster, slurm, wait_for
from studies import ROOT, SMOKE, command, copy_project, environment, left_by, snakemake

CONFIGURATION = ("--configfile", SMOKE, str(ROOT / "tests/slurm/study.yaml"))
# What a user names for a cluster: this one keeps no records, and its disk is local.
HERE = (
    *("--slurm-status-command", "squeue", "--latency-wait", "5"),
    *("--slurm-init-seconds-before-status-checks", "2"),
)
PATIENCE = 1800  # s
LITTLE_MEMORY = ("cell:mem_mb=100", "components:mem_mb=100")  # one submission
ARGUMENTS = ("--workflow-profile", "profiles/slurm", *CONFIGURATION, *HERE)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cluster; the folder of its files."""
    folder = tmp_path_factory.mktemp("slurm")
    with cluster(folder):
        yield folder


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run on one machine leaves."""
    project = copy_project(tmp_path_factory.mktemp("local"))
    run = snakemake(project, "--cores", "2", *CONFIGURATION)
    assert run.returncode == 0, run.stdout + run.stderr
    return left_by(project / "results/slurm")


def finished(project: Path, expected: dict[str, object]) -> str:
    """Let the command run to its end, and compare; returns what it said."""
    run = snakemake(project, *ARGUMENTS)
    assert run.returncode == 0, run.stdout + run.stderr
    assert left_by(project / "results/slurm") == expected
    return run.stdout + run.stderr


def test_undisturbed(nodes: Path, tmp_path: Path, expected: dict[str, object]) -> None:
    """Few submissions, on both nodes, of which each compiles for itself."""
    output = finished(copy_project(tmp_path), expected)
    submissions = len(re.findall("has been submitted with SLURM jobid", output))
    jobs = int(re.search(r"^total +(\d+)$", output, re.MULTILINE)[1])
    print(f"{jobs} jobs in {submissions} submissions")
    assert submissions < jobs / 4
    for node in NODES:
        assert list((nodes / "cache" / node).rglob("ready_*")), node


def test_disturbed(nodes: Path, tmp_path: Path, expected: dict[str, object]) -> None:
    project = copy_project(tmp_path)

    run = snakemake(project, *ARGUMENTS, "--set-resources", *LITTLE_MEMORY)
    output = run.stdout + run.stderr
    assert run.returncode != 0
    assert "exceeded memory limit" in output or "Exceeded job memory limit" in output, output

    with started(project) as on:
        wait_for(lambda: running("networks"), PATIENCE)
        slurm("scancel", running("networks")[0])
    output = (project / "output").read_text()
    assert on.returncode != 0
    assert "CANCELLED" in output, output

    with started(project) as on:
        wait_for(lambda: running(""), PATIENCE)
        on.kill()
    wait_for(lambda: not slurm("squeue", "--noheader"), PATIENCE)

    with started(project) as on:
        wait_for(lambda: running(""), PATIENCE)
        on.terminate()
    wait_for(lambda: not slurm("squeue", "--noheader"), 60)

    with started(project) as on:
        wait_for(lambda: running(""), PATIENCE)
        for node in NODES:
            slurm("scontrol", "update", f"NodeName={node}", "State=DRAIN", "Reason=test")
        wait_for(lambda: not running(""), PATIENCE)
        for node in NODES:
            slurm("scontrol", "update", f"NodeName={node}", "State=RESUME")
    assert on.returncode == 0, (project / "output").read_text()
    assert left_by(project / "results/slurm") == expected


def started(project: Path) -> subprocess.Popen[bytes]:
    """The command; it ends with the block, and leaves its words in a file."""
    return subprocess.Popen(
        command(*ARGUMENTS),
        cwd=project,
        env=environment(project),
        stdout=(project / "output").open("w"),
        stderr=subprocess.STDOUT,
    )


def running(name: str) -> list[str]:
    """Slurm's numbers of the jobs that run, of all or of those with this word in their comment."""
    lines = slurm("squeue", "--noheader", "--states=running", "--format=%i %k").splitlines()
    return [line.split()[0] for line in lines if name in line]
