"""The library alone: without the packages of a study, and beside files of a user's own."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from networks import random_network

from training.fit import History
from training.store import save

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MODULES = {"pyyaml": "yaml", "scikit-fem": "skfem"}
"""Packages whose module has another name."""

ALONE = """
import importlib.abc, sys
allowed = {"rve", "training", "evaluation", *sys.argv[1].split(), *sys.stdlib_module_names}

class Refusal(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in allowed and not name.startswith(("_", "material_network")):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refusal())
"""

USE = """
from pathlib import Path
import numpy as np
from evaluation.export import export
from evaluation.export.__main__ import main
from evaluation.online import NetworkLaw, predict
from rve.loads import monotonic
from rve.materials import LAWS
from training import load, prune
laws = LAWS["j2"](3.8, 0.387, 0.01, H=0.1), LAWS["isotropic"](72, 0.22)
tree = prune(load("imn.npz"))
path = monotonic("12", amplitude=0.02, increments=4, control="stress")
print(predict(tree, laws, path).curve.stress[-1, 5] > 0)
law = NetworkLaw(tree, laws)
strain, virgin = np.array([[0, 0, 0, 0, 0, 0.01]]), np.zeros((1, law.state_size))
print(law.respond(strain, virgin).stress[0, 5] > 0)
export("exported", [tree], laws, interface="c")
print(main(["imn.npz", "--output", "umat", "--config", sys.argv[2],
            "--composite", "composite_1", "--interface", "umat"]) == 0)
from evaluation.online.__main__ import main
print(main(["imn.npz", "--output", "curve.csv", "--config", sys.argv[2],
            "--composite", "composite_1", "--load", "12=2%", "--increments", "4"]) == 0)
"""


def module(requirement: str) -> str:
    """The module of a required package."""
    package = re.split(r"[^\w.-]", requirement)[0].lower()
    return MODULES.get(package, package.replace("-", "_"))


def run(
    code: str, folder: Path, *arguments: str, options: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a script of a folder, with the packages alone that `pip install .` brings."""
    allowed = {module(one) for one in PROJECT["dependencies"]} | {"markupsafe"}  # of jinja2
    (folder / "script.py").write_text(f"{ALONE}\nsys.path.append({str(ROOT)!r})\n{code}")
    command = [sys.executable, *options, "script.py", " ".join(allowed), *arguments]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True)


@pytest.mark.slow  # it may have to compile
def test_library_works_without_the_packages_of_a_study(tmp_path: Path) -> None:
    history = History(*[np.zeros(1)] * len(History.__dataclass_fields__))
    network = random_network("IMN", 3, np.random.default_rng(0))
    save(network, history, {"status": "ok"}, tmp_path / "imn.npz")
    done = run(USE, tmp_path, str(ROOT / "config.yaml"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.split().count("True") == 4, done.stdout
    install = "pip install 'material-network-study[study]'"
    assert f"There is no picture: matplotlib is not installed; this brings it: {install}." in (
        done.stdout
    )
    for file in ("exported/exported.c", "umat/umat.c", "curve.csv"):
        assert (tmp_path / file).stat().st_size > 0


@pytest.mark.parametrize(
    ("code", "package", "extra"),
    [
        ("from rve.microstructure import generate", "gmsh", "cell"),
        ("import rve.homogenisation.linear_solver", "cvxopt", "cell"),
        ("from rve.table import read_table", "pandas", "study"),
        ("import training.torch.backend", "torch", "torch"),
    ],
)
def test_a_missing_package_names_its_extra(
    code: str, package: str, extra: str, tmp_path: Path
) -> None:
    install = f"{package} is not installed; this brings it: pip install 'material-network-study"
    assert f"{install}[{extra}]'" in run(code, tmp_path).stderr
    extras = PROJECT["optional-dependencies"]
    assert package in {module(one) for one in extras[extra]}


@pytest.mark.parametrize("name", ["training", "rve"])
def test_a_file_of_the_users_is_theirs_and_named_where_it_stands_in_the_way(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / f"{name}.py").write_text("print('my own')")
    done = run("import evaluation.online", tmp_path)
    assert f"ImportError: {tmp_path / name}.py is what `import {name}` finds, but" in done.stderr
    assert f"needs {ROOT / name}" in done.stderr
    assert "my own" not in done.stdout  # it was not run
    own = run(f"try: import evaluation\nexcept ImportError: pass\nimport {name}", tmp_path)
    assert own.stdout == "my own\n"
    past = run(f"import evaluation, {name}; print({name}.__file__)", tmp_path, options=["-P"])
    assert past.stdout == f"{ROOT / name}/__init__.py\n"
