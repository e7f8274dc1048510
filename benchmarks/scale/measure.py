"""What a study of 10,000 networks and a dataset of 100,000 samples cost; `make scale`.

The networks and their predictions are made up (`finished_study`). Everything else is real: the
plan, the tables, findings, figures and report, and the samples.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import yaml
from common import taught
from finished_study import write_study
from snakemake.utils import update_config

from rve.dataset import dataset
from training.fit import train
from training.specification import Settings
from workflow.study.config.validation import load_study

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
STUDY = HERE / "study.yaml"
SAMPLES = 100_000


def main() -> None:
    """Measure, and print a table in Markdown."""
    with TemporaryDirectory(prefix="scale-") as folder:
        costs = [*samples_costs(Path(folder)), *study_costs(Path(folder))]
    print("| what | wall [s] | processor [s] | memory [MiB] |")
    print("|---|---|---|---|")
    for cost in costs:
        print(
            f"| {cost['what']} | {cost['seconds']:.0f} | {cost['processor_seconds']:.0f} "
            f"| {cost['mebibytes']:.0f} |"
        )


def samples_costs(folder: Path) -> list[dict[str, Any]]:
    """Load and check a dataset of many samples, and train with it."""
    path = folder / "samples.npz"
    dataset.save(taught(SAMPLES), path)
    found = []

    def measured(what: str, run: Callable[[], Any]) -> Any:
        wall, processor = perf_counter(), process_time()
        result = run()
        found.append(
            {
                "what": what,
                "seconds": perf_counter() - wall,
                "processor_seconds": process_time() - processor,
                "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
        return result

    samples = measured(f"load and check {SAMPLES:,} samples", lambda: dataset.load(path))
    settings = Settings(epochs=3, batch_size=128, eta=1.0, xi=1.0, seed=0)
    result = measured(
        f"train an IMN of 7 layers with them, {settings.epochs} epochs",
        lambda: train("IMN", 7, samples, samples.first(100), settings),
    )
    assert result.status == "ok"
    return found


def study_costs(folder: Path) -> list[dict[str, Any]]:
    """Plan the study, make what is left of it, and plan it after an edit."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    update_config(config, yaml.safe_load(STUDY.read_text(encoding="utf-8")))
    study = load_study(config)
    results = folder / "results" / study.study
    costs = folder / "costs"
    made = "rve/mesh.msh", "dataset/components.npz"

    def snakemake(*arguments: str | Path) -> str:
        command = [sys.executable, "-m", "snakemake", "--snakefile", ROOT / "Snakefile"]
        paths = os.pathsep.join(map(str, (HERE / "hook", ROOT)))
        run = subprocess.run(
            [*command, "--cores", "1", "--configfile", STUDY, *arguments],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": paths, "COSTS": str(costs)},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            sys.exit(run.stdout + run.stderr)
        return run.stdout

    def noted(what: str = "") -> list[dict[str, Any]]:
        lines = costs.read_text(encoding="utf-8").splitlines()
        costs.unlink()
        return [cost | ({"what": what} if what else {}) for cost in map(json.loads, lines)]

    plan = "--dry-run", "--quiet", "rules"
    snakemake("--", *(Path("results", study.study, name) for name in made))
    write_study(study, results)
    costs.unlink()
    print(snakemake(*plan))
    found = noted("plan the rest (snakemake -n)")
    snakemake()
    found += noted()  # the last one is the process that ran the others
    found[-1]["what"] = "run the rest, all of the above"
    snakemake(*plan)
    found += noted("plan it when all is there")
    print(snakemake(HERE / "edit.yaml", *plan))
    found += noted("plan it after an edit of one value of a sweep")
    report = results / "report.html"
    files = sum(path.is_file() for path in folder.rglob("*"))
    print(f"{files:,} files; report {report.stat().st_size / 1e6:.1f} MB")
    return found


if __name__ == "__main__":
    main()
