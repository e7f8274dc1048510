"""A study in a folder of the user's: the clone elsewhere, the packages installed, own files."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from own_laws import LINEAR
from studies import ROOT, copy_project, install

from rve.microstructure.mesh import generate
from rve.microstructure.packing import pack

EPOXY = {"youngs_modulus": 3.8, "poisson_ratio": 0.387}
GLASS = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
WITHOUT = {
    "composites": {f"composite_{n}": None for n in (1, 2, 3)},
    "sweeps": dict.fromkeys(("data_400", "data_1024", "data_2048", "eta", "xi", "depth")),
}
OWN = {
    "study": "own",
    "laws": "my_laws.py",
    "rve": {"mesh": "cell.msh"},
    "dataset": {"training_samples": 8, "validation_samples": 4},
    "composites": {
        **WITHOUT["composites"],
        "own": {
            "matrix": {"law": "linear", **EPOXY, "start": "10 MPa", "slope": 0.1},
            "fibre": GLASS,
        },
        "same": {"matrix": {"law": "j2", **EPOXY, "yield_stress": 0.01, "H": 0.1}, "fibre": GLASS},
    },
    "references": {
        "amplitudes": dict.fromkeys((11, 22, 33, 23, 31)),
        "increments": 3,
        "paths": {"table": {"table": "load.csv", "increments": 2}},
    },
    "training": {"epochs": 2},
    "network": {"layers": 3, "samples": 8, "batch_size": 4, "seeds": 2},
    "sweeps": {**WITHOUT["sweeps"], "small": {}},
    "online": {"schemes": {"DMN": ["tree_newton"], "IMN": ["tree_newton"]}},
    "timing": None,
}
OTHER = {
    "study": "other",
    "networks_of": "own",
    "composites": {
        "own": None,
        "same": None,
        "steel": {
            "matrix": {"youngs_modulus": 190, "poisson_ratio": 0.3, "yield_stress": 0.2},
            "fibre": GLASS,
        },
    },
}


class Folder:
    """A folder of a user's, with a clone and an environment elsewhere."""

    def __init__(self, place: Path) -> None:
        self.place, self.clone = place / "my work", copy_project(place / "clone")
        self.place.mkdir()
        self.python = place / "venv/bin/python"

    def snakemake(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Snakemake here, as the environment's Python has it."""
        command = [self.python, "-m", "snakemake", "--snakefile", self.clone / "Snakefile"]
        return subprocess.run(
            [*command, *arguments],
            cwd=self.place,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
        )

    def files(self, of: str) -> dict[str, bytes]:
        """The files of a study."""
        found = (self.place / "results" / of).rglob("*")
        return {str(path): path.read_bytes() for path in found if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The environment has the packages, installed from another version of the clone."""
    place = tmp_path_factory.mktemp("user")
    found = Folder(place)
    site = install(place / "venv")
    with (site / "rve/table.py").open("a") as file:
        file.write("raise RuntimeError('a job runs the installed packages')\n")
    (found.place / "my_laws.py").write_text(LINEAR)
    for name in ("training", "workflow"):
        (found.place / f"{name}.py").write_text("raise RuntimeError('a file of the user')\n")
    (found.place / "load.csv").write_text("time [min],eps_12 [%]\n1,1\n3,-1\n")
    generate(pack(1, 0.5, 0.05, seed=3), 0.3, found.place / "cell.msh")
    (found.place / "own.yaml").write_text(yaml.safe_dump(OWN))
    (found.place / "other.yaml").write_text(yaml.safe_dump(OTHER))
    return found


@pytest.fixture(scope="module")
def own(folder: Folder) -> Path:
    """Results of a study in that folder."""
    run = folder.snakemake("--cores", "2", "--configfile", "own.yaml")
    assert run.returncode == 0, run.stdout + run.stderr
    said = [line for line in run.stderr.splitlines() if "this study runs the code of" in line]
    (site,) = folder.python.parents[1].glob("lib/python3*/site-packages")
    assert len(said) == 1
    assert f"the code of {folder.clone}, " in said[0] and f" in {site}; pip install" in said[0]
    return folder.place / "results/own"


@pytest.mark.slow
def test_a_template_is_written_once(folder: Folder) -> None:
    path = folder.place / "composite.yaml"
    assert folder.snakemake("template", "--dry-run").returncode == 1
    assert not path.exists()
    run = folder.snakemake("template")
    assert run.returncode == 0, run.stderr
    assert run.stderr.splitlines()[-1].endswith("Snakefile --cores 2 --configfile composite.yaml")
    original = (ROOT / "workflow/studies/composite.yaml").read_text()
    assert yaml.safe_load(path.read_text()) == yaml.safe_load(original)
    assert Path(path.read_text().split("$schema=")[1].split("\n")[0]).is_file()
    path.write_text("mine")
    run = folder.snakemake("template")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("composite.yaml: is already in this folder")
    assert path.read_text() == "mine"
    assert {one.name for one in folder.place.iterdir()} >= {"composite.yaml", "own.yaml"}


@pytest.mark.slow
def test_a_study_runs_in_a_folder_of_ones_own(folder: Folder, own: Path) -> None:
    assert (own / "report.html").stat().st_size > 0
    assert (own / "logs/cell.log").exists()
    lines = (own / "config.yaml").read_text().splitlines()
    assert lines[:3] == [
        "# converted: composites.own.matrix: start = 10 MPa (0.01 GPa)",
        "# converted: references.paths.table: table (load.csv: eps_12 -1 to 1 %)",
        "study: own",
    ]
    assert not (folder.clone / "results").exists()
    assert not (folder.clone / ".snakemake").exists()
    for control, load in (("stress", "12"), ("path", "table")):
        curves = [own / f"reference/{name}/{control}/{load}.csv" for name in ("own", "same")]
        mine, same = (pd.read_csv(path).to_numpy() for path in curves)
        np.testing.assert_allclose(mine, same, rtol=1e-9, atol=1e-12)
    assert pd.read_csv(own / "reference/own/path/table.csv")["eps_12"].iloc[2] == 0.01


@pytest.mark.slow
def test_an_edited_law_reruns_what_uses_it(folder: Folder, own: Path) -> None:
    path = folder.place / "my_laws.py"
    try:
        path.write_text(LINEAR + "# edited\n")
        run = folder.snakemake("-n", "--configfile", "own.yaml")
        plain = folder.snakemake("-n", "--configfile", "own.yaml", "--config", "laws=")
    finally:
        path.write_text(LINEAR)
    jobs = run.stdout + run.stderr
    assert "reference" in jobs and "online" in jobs
    assert not any(name in jobs for name in ("dataset_shard", "train_", "Packing", "Reading"))
    assert "composites.own.matrix.law: expected" in plain.stdout + plain.stderr


@pytest.mark.slow
def test_networks_of_a_finished_study_serve_other_materials(folder: Folder, own: Path) -> None:
    before = folder.files("own")
    run = folder.snakemake("--cores", "2", "--configfile", "other.yaml")
    assert run.returncode == 0, run.stdout + run.stderr
    assert folder.files("own") == before
    results = own.with_name("other")
    assert not (results / "networks").exists() and not (results / "dataset").exists()
    assert (results / "rve/mesh.msh").read_bytes() == (own / "rve/mesh.msh").read_bytes()
    online = pd.read_csv(results / "tables/online.csv")
    assert set(online["composite"]) == {"steel"} and set(online["status"]) == {"ok"}
    assert set(online["network"]) == {path.stem for path in (own / "networks").glob("*.npz")}
    assert "those of the study own of" in (results / "report.html").read_text()
    taken = yaml.safe_load((results / "manifest.json").read_text())["networks_of"]
    assert taken["study"] == "own"
    assert taken["date"] == yaml.safe_load((own / "manifest.json").read_text())["date"]


@pytest.mark.slow
def test_a_mesh_that_was_edited_is_not_that_of_the_networks(folder: Folder, own: Path) -> None:
    mesh = folder.place / "cell.msh"
    original = mesh.read_bytes()
    generate(pack(1, 0.4, 0.05, seed=3), 0.3, mesh)
    try:
        run = folder.snakemake("--cores", "1", "--configfile", "other.yaml", "--config", "study=a")
    finally:
        mesh.write_bytes(original)
    assert run.returncode == 1
    words = "cell.msh: is not the cell results/own/rve/mesh.msh of the networks that this study"
    assert words in run.stdout + run.stderr
    assert not (folder.place / "results/a/rve/mesh.msh").exists()
