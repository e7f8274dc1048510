"""What figures are drawn from, read from the files of a study."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.measures.comparisons import StudySettings
from evaluation.measures.histories import read_histories
from evaluation.measures.tables import StudyTables, read_study_tables
from rve.microstructure.mesh import read
from rve.table import read_table

Files = Mapping[str, Any]
"""Name -> path of a file, or paths of several."""

_KEYS = ["composite", "control", "scheme", "load"]


def _references(files: Files) -> dict[str, dict[str, pd.DataFrame]]:
    """Composite -> load -> table of a reference."""
    curves: dict[str, dict[str, pd.DataFrame]] = {}
    for path in map(Path, files["references"]):
        composite, _, load = path.with_suffix("").parts[-3:]
        curves.setdefault(composite, {})[load] = read_table(path)
    return curves


def _tables(files: Files, study: StudySettings) -> StudyTables:
    training, online, timing = (Path(files[name]) for name in ("training", "online", "timing"))
    return read_study_tables(training, online, timing, study, files.get("ensembles"))


def _histories(files: Files, study: StudySettings) -> tuple[Any, ...]:
    tables = _tables(files, study)
    return tables, read_histories([Path(path) for path in files["networks"]], tables.training)


def _predictions(files: Files, study: StudySettings) -> tuple[Any, ...]:
    """Tables, references, and a function: networks -> curves of those that predicted any.

    Curves are those under the control with the first schemes, as far as they converged.
    """
    tables = _tables(files, study)
    rows = tables.first_scheme_predictions
    wanted = dict(iter(rows[rows["status"] == "ok"].groupby("network")[_KEYS]))
    paths = {path.name.removesuffix("_curves.csv"): path for path in map(Path, files["curves"])}

    @lru_cache  # Figures share networks, of which a study may have thousands.
    def read_curves(network: str) -> pd.DataFrame:
        return read_table(paths[network]).merge(wanted[network])

    def curves(networks: Iterable[str]) -> Iterator[pd.DataFrame]:
        return (read_curves(id) for id in networks if id in wanted)

    return tables, _references(files), curves


def _claims(files: Files, study: StudySettings) -> tuple[Any, ...]:
    beside = files.get("beside")
    return read_table(Path(files["intervals"])), read_table(Path(beside)) if beside else None


def _cell(files: Files, study: StudySettings) -> tuple[Any, ...]:
    statistics = json.loads(Path(files["statistics"]).read_text(encoding="utf-8"))
    return read(Path(files["mesh"])), statistics


def _convergence(files: Files, study: StudySettings) -> tuple[Any, ...]:
    tables = (read_table(Path(files[name])) for name in ("mesh", "packing"))
    return *tables, *(study.convergence or ())


SOURCES: dict[str, Callable[[Files, StudySettings], tuple[Any, ...]]] = {
    "cell": _cell,
    "references": lambda files, study: (_references(files),),
    "paths": lambda files, study: (_references(files), study.paths),
    "convergence": _convergence,
    "tables": lambda files, study: (_tables(files, study),),
    "histories": _histories,
    "predictions": _predictions,
    "claims": _claims,
}
"""What a figure is drawn from -> how it is read: the arguments of its function."""
