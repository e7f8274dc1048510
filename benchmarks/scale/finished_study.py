"""A finished study without its computations: every file that its costly jobs would have written.

All values are made up; formats and writers are those of the study. What is cheap is left to do:
tables, findings, figures and report.
"""

import shutil
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import paper_world
from common import taught

from evaluation.figures.style import LOADS
from evaluation.measures.tables import TIMING_COLUMNS as TIMING
from evaluation.measures.trial import COLUMNS as ONLINE
from rve.dataset import dataset
from rve.files import replacing
from rve.loads.curve import Curve, to_frame, write_curve
from rve.mandel import COMPONENTS
from training.fit import History
from training.network import initialise
from training.specification import Network
from training.store import save
from workflow.study.config.model import Study
from workflow.study.plan.comparisons import comparisons, timed_networks
from workflow.study.plan.grid import networks
from workflow.study.run import checksums

SHARD = 256
EPOCHS = 2500
DRAWN = 100
"""Networks whose curves are drawn, of each kind; the others have copies of these."""


def write_study(study: Study, results: Path) -> None:
    """Write all files below `results`, and their checksums."""
    random = np.random.default_rng(0)
    tables = paper_world.tables(study)
    _write_samples(study, results / "dataset")
    _write_references(study, results / "reference")
    _write_networks(networks(study), tables["training"], results / "networks", random)
    _write_predictions(study, tables["online"], results / "online", random)
    _write_timings(study, tables["timing"], results / "timing")
    for kernels in ("online", "training"):
        compiled = results / "compiled" / kernels
        compiled.parent.mkdir(exist_ok=True)
        compiled.touch()
    files = [path for path in results.rglob("*") if path.is_file() and path.name[0] != "."]
    checksums.seal(results, files)


def _write_samples(study: Study, folder: Path) -> None:
    for name in ("training", "validation"):
        samples = taught(getattr(study.dataset, f"{name}_samples"))
        for shard, first in enumerate(range(0, len(samples), SHARD)):
            arrays = (a[first : first + SHARD] for a in (samples.phases, samples.rve))
            dataset.save(dataset.Dataset(*arrays), folder / f"shards/{name}_{shard}.npz")
        dataset.save(samples, folder / f"{name}.npz")


def _write_references(study: Study, folder: Path) -> None:
    for composite, control, load in product(study.composites, study.references.controls, LOADS):
        write_curve(_curve(load, 1.0), folder / composite / control / f"{load}.csv")


def _curve(load: str, stiffness: float) -> Curve:
    """A curve that bends."""
    strain, stress = np.zeros((2, paper_world.INCREMENTS + 1, 6))
    place = COMPONENTS.index(load)
    strain[:, place] = np.linspace(0, 0.04, len(strain))
    stress[:, place] = stiffness * np.tanh(50 * strain[:, place]) * (1 + strain[:, place]) / 20
    time, ones = np.linspace(0, 1, len(strain)), np.ones(len(strain), dtype=np.int64)
    return Curve(strain, stress, time, 3 * ones, ones)


def _write_networks(
    grid: Mapping[str, Network],
    training: pd.DataFrame,
    folder: Path,
    random: np.random.Generator,
) -> None:
    records = training.set_index("network").to_dict("index")
    for id, network in grid.items():
        record = {key: value if value == value else None for key, value in records[id].items()}
        decay = np.exp(-np.linspace(0, 8, EPOCHS)) * random.uniform(0.9, 1.1, EPOCHS)
        error = record["error_training"] + decay
        measured = np.where(np.arange(EPOCHS) % 10 == 0, error, np.nan)
        history = History(error**2, measured, error, 0.01 * decay, np.full(EPOCHS, 20.0))
        parameters = initialise(network.kind, network.layers, random)
        save(parameters, history, record, folder / f"{id}.npz")


def _write_predictions(
    study: Study, online: pd.DataFrame, folder: Path, random: np.random.Generator
) -> None:
    rows = online.reindex(columns=ONLINE).astype({"iterations": int, "active_nodes": int})
    rows["seconds_per_iteration_and_node"] = (
        rows["seconds"] / rows["iterations"] / rows["active_nodes"]
    )
    drawn: dict[str, list[Path]] = {kind: [] for kind in paper_world.SCHEMES}
    kinds = {id: network.kind for id, network in networks(study).items()}
    for number, (id, measures) in enumerate(rows.groupby("network", sort=False)):
        _write_table(measures, folder / f"{id}.csv")
        path, found = folder / f"{id}_curves.csv", drawn[kinds[id]]
        if len(found) < DRAWN:
            _write_table(_curves(measures, random), path)
            found.append(path)
        else:
            shutil.copyfile(found[number % DRAWN], path)


def _curves(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    names = ["composite", "control", "scheme", "load"]
    return pd.concat(
        to_frame(_curve(row["load"], 1 + random.normal(0, row["error"]))).assign(
            **{name: row[name] for name in names}
        )
        for row in rows.to_dict("records")
    )


def _write_timings(study: Study, timing: pd.DataFrame, folder: Path) -> None:
    rows = timing.reindex(columns=TIMING)
    for size, ids in timed_networks(study).items():
        _write_table(rows[rows["network"].isin(ids)], folder / f"online/{size}.csv")
    for kind in comparisons(study).depth:
        trained = rows["network"].isna() & (rows["kind"] == kind)
        _write_table(rows[trained], folder / f"training/{kind.lower()}.csv")


def _write_table(table: pd.DataFrame, path: Path) -> None:
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False)
