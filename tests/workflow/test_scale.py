"""The made-up study of `make scale` has all that costs time, and leaves the rest to do."""

import os
import re
import subprocess
from pathlib import Path

import finished_study
import pytest
import yaml
from snakemake.utils import update_config
from studies import ROOT, command

from workflow.study.config.validation import load_study

FEW = {
    "study": "made_up_and_small",
    "network": {"seeds": 6},
    "sweeps": {
        **{f"data_{samples}": {"seeds": 6} for samples in (400, 1024, 2048)},
        "values": {"eta": [0.02, 3], "xi": [0.2, 5], "layers": [4, 7]},
    },
}
CHEAP = {"all", "chosen", "constants", "findings", "manifest", "report"}


@pytest.mark.slow
def test_made_up_study_leaves_tables_figures_and_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished_study, "DRAWN", 1)
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    update_config(config, FEW)
    results = tmp_path / "results/made_up_and_small"
    for name in ("rve/mesh.msh", "rve/statistics.json", "dataset/components.npz"):
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).touch()
    finished_study.write_study(load_study(config), results)
    overlay = tmp_path / "few.yaml"
    overlay.write_text(yaml.safe_dump(FEW), encoding="utf-8")
    planned = subprocess.run(
        command(f"--snakefile={ROOT / 'Snakefile'}", f"--configfile={overlay}", "--dry-run"),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert not planned.returncode, planned.stdout + planned.stderr
    rules = set(re.findall(r"^(\w+) +\d+$", planned.stdout, re.MULTILINE)) - {"total"}
    assert {rule for rule in rules if not re.search("figure|table", rule)} == CHEAP
