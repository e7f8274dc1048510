"""What figures are drawn from, read from the files of a study: a function a source.

Its first argument are the settings of the study. The others are files that it reads: their names
are those of `FILES` in workflow/rules/report.smk. It returns the arguments of the functions that
draw its figures.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.figures.figure import Curves
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.histories import read_histories
from evaluation.measures.tables import read_study_tables
from rve.loads.curve import read_curve_table
from rve.microstructure.mesh import read
from rve.table import read_table

Files = Sequence[Path]
Source = Callable[..., tuple[Any, ...]]

SOURCES: dict[str, Source] = {}
"""Name of a source, as a figure has it -> how it is read."""

_KEYS = ["composite", "control", "scheme", "load"]


def files_of(source: str) -> list[str]:
    """Names of the files that a source is read from."""
    return list(signature(SOURCES[source]).parameters)[1:]


def _source(read: Source) -> Source:
    SOURCES[read.__name__] = read
    return read


@_source
def cell(study: StudySettings, mesh: Path, statistics: Path) -> tuple[Any, ...]:
    """The mesh of the cell, and what was measured of it."""
    return read(mesh), json.loads(statistics.read_text(encoding="utf-8"))


@_source
def references(study: StudySettings, reference_curves: Files) -> tuple[Any, ...]:
    """Composite -> load -> table of a reference."""
    curves: dict[str, dict[str, pd.DataFrame]] = {}
    for path in reference_curves:
        composite, _, load = path.with_suffix("").parts[-3:]
        curves.setdefault(composite, {})[load] = read_curve_table(path)
    return (curves,)


@_source
def paths(study: StudySettings, path_curves: Files) -> tuple[Any, ...]:
    """The same along the load paths of the study's own, and what these prescribe."""
    return *references(study, path_curves), study.paths


@_source
def convergence(study: StudySettings, convergence_tables: Files) -> tuple[Any, ...]:
    """The tables on mesh and packing, and the study's own element size and number of fibres."""
    return *map(read_table, convergence_tables), *(study.convergence or ())


@_source
def tables(study: StudySettings, network_tables: Files) -> tuple[Any, ...]:
    """The tables of the networks."""
    files = {path.stem: path for path in network_tables}
    return (read_study_tables(settings=study, **files),)


@_source
def histories(
    study: StudySettings, network_tables: Files, compared_networks: Files
) -> tuple[Any, ...]:
    """Tables, and the histories of the networks that are compared."""
    (found,) = tables(study, network_tables)
    return found, read_histories(compared_networks, found.training)


@_source
def predictions(
    study: StudySettings, network_tables: Files, reference_curves: Files, predicted_curves: Files
) -> tuple[Any, ...]:
    """Tables, references, and a function: networks -> curves of those that predicted any.

    Curves are those under the control with the first schemes, as far as they converged.
    """
    (found,) = tables(study, network_tables)
    curves = _predicted(found.first_scheme_predictions, predicted_curves)
    return found, *references(study, reference_curves), curves


@_source
def responses(
    study: StudySettings,
    network_tables: Files,
    reference_curves: Files,
    path_curves: Files,
    predicted_curves: Files,
) -> tuple[Any, ...]:
    """The same, with the references along own paths and with predictions along these."""
    (found,) = tables(study, network_tables)
    rows = pd.concat([found.first_scheme_predictions, found.path_predictions])
    curves = _predicted(rows, predicted_curves)
    return found, *references(study, reference_curves), *references(study, path_curves), curves


def _predicted(rows: pd.DataFrame, files: Files) -> Curves:
    """Networks -> the curves of these rows of online.csv, as far as they converged."""
    wanted = dict(iter(rows[rows["status"] == "ok"].groupby("network")[["network", *_KEYS]]))
    of_network = {path.name.removesuffix("_curves.csv"): path for path in files}

    @lru_cache  # Figures share networks, of which a study may have thousands.
    def read_curves(network: str) -> pd.DataFrame:
        return read_curve_table(of_network[network]).merge(wanted[network])

    def curves(networks: Iterable[str]) -> Iterator[pd.DataFrame]:
        return (read_curves(id) for id in networks if id in wanted)

    return curves


@_source
def claims(study: StudySettings, intervals: Path, beside: Files) -> tuple[Any, ...]:
    """The intervals of the claims, and those of the study beside, if there is one."""
    return tuple(map(read_table, (intervals, *beside)))
