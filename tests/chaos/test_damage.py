"""Every kind of file of a study, damaged with its time kept: who notices? `make test-chaos`."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from studies import SMOKE, copy_project, left_by, snakemake

NETWORK = "imn_d4_n24_b8_eta1_xi4_flowing8_moments2_coated_energy_s00"
DRAWN = "imn_d7_n24_b8_eta1_xi1_s00"
READERS = {
    "rve/mesh.msh": "reference/composite_1/stress/11.csv",
    "rve/statistics.json": f"networks/{NETWORK}.npz",
    "dataset/components.npz": "dataset/shards/training_0.npz",
    "dataset/shards/training_0.npz": "dataset/training.npz",
    "dataset/training.npz": f"networks/{DRAWN}.npz",
    "dataset/validation.npz": f"networks/{DRAWN}.npz",
    "dataset/flowing_training.npz": f"networks/{NETWORK}.npz",
    "dataset/moments_training.npz": f"networks/{NETWORK}.npz",
    f"networks/{DRAWN}.npz": f"online/{DRAWN}.csv",
    f"networks/{DRAWN}.json": "tables/training.csv",
    "reference/composite_2/stress/12.csv": f"online/{DRAWN}.csv",
    "reference/composite_2/path/cyclic_12.csv": f"online/{DRAWN}.csv",
    f"online/{DRAWN}.csv": "tables/online.csv",
    f"online/{DRAWN}_curves.csv": "figures/parity.svg",
    "timing/training/imn.csv": "tables/timing.csv",
    "tables/training.csv": "tables/findings.csv",
    "tables/online.csv": "tables/findings.csv",
    "tables/timing.csv": "tables/findings.csv",
    "tables/ensembles.csv": "figures/ensembles.svg",
    "tables/intervals.csv": "figures/claims.svg",
    "tables/findings.csv": "report.html",
    "tables/convergence_mesh.csv": "figures/convergence.svg",
    "figures/fig12.svg": "report.html",
    "config.yaml": "report.html",
    "manifest.json": "report.html",
}


def flip(whole: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(whole))
    return whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :]


DAMAGE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "emptied": lambda whole, rng: b"",
    "truncated": lambda whole, rng: whole[: rng.randrange(1, len(whole))],
    "a bit flipped": flip,
    "a kilobyte of zeros": lambda whole, rng: whole[: max(len(whole) - 1024, 0)] + bytes(1024),
    "doubled": lambda whole, rng: whole + whole,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a finished study."""
    project = copy_project(tmp_path_factory.mktemp("project"))
    run = snakemake(project, "--cores", "2", "--configfile", SMOKE)
    assert run.returncode == 0, run.stdout + run.stderr
    return project


@pytest.mark.parametrize("file", READERS)
def test_damage_is_noticed_by_who_reads_first(project: Path, file: str) -> None:
    rng = random.Random(file)
    name = rng.choice(sorted(DAMAGE))
    results = project / "results/smoke"
    whole = shutil.copytree(results, project / "whole", symlinks=True)
    damaged, time = results / file, (results / file).stat()
    damaged.write_bytes(DAMAGE[name](damaged.read_bytes(), rng))
    os.utime(damaged, ns=(time.st_atime_ns, time.st_mtime_ns))
    try:
        target = f"results/smoke/{READERS[file]}"
        arguments = ("--cores", "1", "--configfile", SMOKE, "--force", target)
        run = snakemake(project, *arguments)
        output = run.stdout + run.stderr
        assert run.returncode != 0
        assert f"results/smoke/{file}: is not what this study wrote" in output
        assert "Traceback" not in output
        print(f"| {file} | {name} | {READERS[file]} |")
    finally:
        shutil.rmtree(results)
        whole.rename(results)


def test_a_damaged_file_that_is_deleted_is_made_again(project: Path) -> None:
    results = project / "results/smoke"
    before = left_by(results)
    curve = results / "reference/composite_2/stress/12.csv"
    curve.write_bytes(curve.read_bytes()[:-1])
    arguments = ("--cores", "2", "--configfile", SMOKE)
    assert snakemake(project, *arguments).returncode != 0
    curve.unlink()
    run = snakemake(project, *arguments)
    assert run.returncode == 0, run.stdout + run.stderr
    assert left_by(results) == before
