"""What `pip install .` leaves behind: a library with types, and nothing else."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("rve", "training", "evaluation")
IGNORED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", ".*", "results")

PREDICTION = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
import rve, training, evaluation
from evaluation.online import predict
from rve.loads import monotonic
from rve.materials import materials
from training import initialise, prune
epoxy = {"youngs_modulus": 3.8, "poisson_ratio": 0.387, "yield_stress": 0.01, "H": 0.1}
glass = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
laws = materials(epoxy, glass)
law = laws[0].respond(np.array([[0, 0, 0, 0, 0, 0.03]]), np.zeros((1, laws[0].state_size)))
tree = prune(initialise("IMN", 3, np.random.default_rng(0)))
curve = predict(tree, laws, monotonic("12", amplitude=0.04, increments=5, control="stress")).curve
print(law.stress[0, 5] > 0, curve.stress[-1, 5] > 0)
print(*{str(module.__path__[0]) for module in (rve, training, evaluation)}, sep="\\n")
"""

SCRIPT = """
from evaluation.online import NetworkLaw, predict
from rve.loads import monotonic
from rve.materials import Elastic, J2Plasticity
from rve.materials.stiffness import isotropic
from training import load, prune

tree = prune(load("network.npz"))
laws = J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80), Elastic(isotropic(72, 0.22))
path = monotonic("12", amplitude=0.04, increments=40, control="stress")
reveal_type(predict(tree, laws, path))
reveal_type(NetworkLaw(tree, laws).respond)
reveal_type(predict(tree, laws, path).curve.stress)
monotonic("12", amplitude="large", increments=40, control="stress")  # the one mistake
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network from the files of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "source", ignore=IGNORED)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder / "built"]
    subprocess.run([*command, folder / "source"], check=True)
    (built,) = (folder / "built").glob("*.whl")
    return Path(built)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content of the wheel alone."""
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


@pytest.mark.slow
def test_wheel_holds_the_library_and_its_licence_alone(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    print(f"\n{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB, {len(names)} files")
    (information,) = {name.split("/")[0] for name in names if ".dist-info/" in name}
    assert f"{information}/licenses/LICENSE" in names
    packaged = {name for name in names if not name.startswith(information)}
    wanted = {
        str(path.relative_to(ROOT))
        for folder in (*PACKAGES, "workflow/study")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert packaged == wanted
    assert {f"{package}/py.typed" for package in PACKAGES} <= packaged


@pytest.mark.slow
def test_library_predicts_away_from_the_repository(installed: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-I", "-c", PREDICTION, installed],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    answer, *places = run.stdout.splitlines()
    assert answer == "True True"
    assert set(places) == {str(installed / package) for package in PACKAGES}


@pytest.mark.slow
def test_users_see_types(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    # PyTorch, which no public type names, would take most of the time.
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nstrict = True\n[mypy-torch.*]\nfollow_imports = skip"
    )
    words = subprocess.run(
        [sys.executable, "-m", "mypy", "script.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    ).stdout
    assert 'Revealed type is "evaluation.online.prediction.Prediction"' in words
    assert "-> tuple[" in words
    assert "float64" in words
    errors = [line for line in words.splitlines() if ": error:" in line]
    assert len(errors) == 1
    assert 'Argument "amplitude" to "monotonic" has incompatible type "str"' in errors[0]


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a clone")
def test_source_distribution_holds_the_repository(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    tracked = {name for name in listed.split("\0") if name and (ROOT / name).exists()}
    for name in tracked:
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "source" / name)
    build = "import sys, setuptools.build_meta as b; b.build_sdist(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, tmp_path],
        cwd=tmp_path / "source",
        capture_output=True,
        check=True,
    )
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames() if name.partition("/")[2]}
        files = {
            name for name in names if opened.getmember(f"{opened.getnames()[0]}/{name}").isfile()
        }
    made = {name for name in files if ".egg-info/" in name} | {"PKG-INFO", "setup.cfg"}
    assert files - made == tracked
