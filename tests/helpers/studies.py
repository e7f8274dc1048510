"""Whole runs of the smoke study in copies of the project, and what they leave."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
SMOKE = "workflow/studies/smoke.yaml"
PARTS = ("Snakefile", "config.yaml", "workflow", "profiles", "rve", "training", "evaluation")


def copy_project(folder: Path) -> Path:
    """A copy of what a study needs of the project."""
    folder.mkdir(exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / part)
    return folder


def install(environment: Path) -> Path:
    """A new environment in which the packages are installed; its folder of packages.

    What the packages need is that of this environment, whose own copy of them it does not see.
    """
    with TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", ".*", "results")
        source = shutil.copytree(ROOT, Path(folder, "source"), ignore=ignored)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        (site,) = environment.glob("lib/python3*/site-packages")
        (site / "needed.pth").write_text(sysconfig.get_path("purelib"))
        options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", site]
        pip = [sys.executable, "-m", "pip", "install", *options, source]
        subprocess.run(pip, check=True)
    start = f"#!{environment}/bin/python\nfrom snakemake.cli import main\nmain()\n"
    (environment / "bin/snakemake").write_text(start)
    (environment / "bin/snakemake").chmod(0o755)
    return site


def command(*arguments: str) -> list[str]:
    """The command that runs Snakemake."""
    return [sys.executable, "-m", "snakemake", *arguments]


def environment(project: Path) -> dict[str, str]:
    """Surroundings in which the copy's packages come before the installed ones."""
    return os.environ | {"PYTHONPATH": str(project), "COLUMNS": "200"}


def snakemake(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Snakemake in a copy of the project."""
    return subprocess.run(
        command(*arguments),
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
    )


def left_by(results: Path) -> dict[str, object]:
    """What must not depend on how often a run was interrupted: name of a file -> its content.

    Times of the clock are left out, and so are the findings and figures that follow from them.
    """
    content: dict[str, object] = {}
    for path in sorted(results.rglob("*.npz")):
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files if "seconds" not in name}
        content[str(path.relative_to(results))] = {
            name: (array.shape, array.tobytes()) for name, array in arrays.items()
        }
    tables = [*results.glob("reference/**/*.csv"), *results.glob("online/*_curves.csv")]
    tables += [results / f"tables/{name}.csv" for name in ("training", "online")]
    for path in sorted(tables):
        table = pd.read_csv(path, dtype=str)
        timed = [name for name in table if "seconds" in name]
        content[str(path.relative_to(results))] = table.drop(columns=timed).to_csv()
    return content
