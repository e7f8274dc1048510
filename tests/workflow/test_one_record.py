"""What is added in one place is everywhere: a parameter to sweep, a direction of loading.

A copy of the file with the addition takes its place in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from configs import ROOT

RECORD = """    dropout: float = parameter(
        0.0, "Share of base nodes at rest", "recipe", unit="-", at_least=0, below=1,
        mark="rest{:g}", label="{:g} at rest", title="base nodes at rest",
    )
    seed: int"""

PROGRAM = """
import json
import yaml
from evaluation.formatting import configuration_name
from training.networks_table import COLUMNS
from workflow.study.config.reference import key_reference, schema_file
from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study
from workflow.study.plan.grid import networks

def study(sweep):
    return load_study({**paper, "sweeps": {"x": {"seeds": 1, **sweep}}})

paper = yaml.safe_load(open("config.yaml"))
swept = study({"dropout": [0, 0.5]})
try:
    study({"dropout": 2})
except ConfigError as error:
    refused = str(error)
grid = networks(swept)
print(json.dumps({
    "ids": list(grid),
    "names": [configuration_name(vars(network)) for network in grid.values()],
    "columns": COLUMNS,
    "default": swept.network.dropout,
    "refused": refused,
    "page": key_reference(),
    "schema": schema_file(),
}))
"""


def with_addition(path: str, before: str, after: str, program: str, folder: Path) -> Any:
    """What a program prints, as JSON, in whose process a file of the project has an addition."""
    source = (ROOT / path).read_text(encoding="utf-8")
    assert before in source
    changed = folder / "changed.py"
    changed.write_text(source.replace(before, after, 1), encoding="utf-8")
    name = path.removesuffix(".py").replace("/", ".")
    replace = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location({name!r}, {str(changed)!r})\n"
        "module = importlib.util.module_from_spec(spec)\n"
        f"sys.modules[{name!r}] = module\n"
        "spec.loader.exec_module(module)\n"
    )
    command = [sys.executable, "-c", replace + program]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_parameter_to_sweep_is_one_record(tmp_path: Path) -> None:
    found = with_addition("training/specification.py", "    seed: int", RECORD, PROGRAM, tmp_path)
    assert found["ids"] == [
        "imn_d7_n400_b40_eta1_xi1_s00",
        "imn_d7_n400_b40_eta1_xi1_rest0.5_s00",
    ]
    assert found["names"][1] == f"{found['names'][0]}, 0.5 at rest"
    assert found["default"] == 0
    assert found["columns"].index("dropout") + 1 == found["columns"].index("seed")
    problem = "sweeps.x.dropout: expected a number of at least 0 and below 1, got 2"
    assert problem in found["refused"].replace("[0]", "")
    for section in ("network", "sweeps.<name>"):
        start = f"| `{section}.dropout` |"
        (row,) = (line for line in found["page"].splitlines() if line.startswith(start))
        assert row.endswith("| Share of base nodes at rest [-] |")
    assert found["schema"].count('"dropout"') == 2


def test_a_direction_of_loading_is_one_record(tmp_path: Path) -> None:
    equibiaxial = """DIRECTIONS = {
    "equibiaxial": Direction({"11": 1, "22": 1}, amplitude=0.01, panel=6),"""
    program = """
import json
from evaluation.figures.style import LOADS
from rve.loads.load_path import monotonic_point
from workflow.study.config.model import References
from workflow.study.config.schema import node_at
print(json.dumps({
    "loads": LOADS,
    "point": monotonic_point("equibiaxial", 0.02, "stress"),
    "default": References().amplitudes["equibiaxial"],
    "allowed": node_at(("references", "amplitudes"), {})["propertyNames"]["enum"],
}))
"""
    path = "rve/loads/load_path.py"
    found = with_addition(path, "DIRECTIONS = {", equibiaxial, program, tmp_path)
    assert found["loads"][-1] == "equibiaxial"
    assert found["point"] == {"eps_11": 0.02, "eps_22": 0.02}
    assert found["default"] == 0.01
    assert "equibiaxial" in found["allowed"]
