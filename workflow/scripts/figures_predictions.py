"""Draw predicted stresses, each figure of a composite; one of the configurations to choose."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

from evaluation.figures.predictions import predictions
from evaluation.figures.style import save
from evaluation.formatting import configuration_name
from evaluation.measures.choice import choose
from evaluation.measures.tables import read_study_tables
from rve.table import read_table
from workflow.study.job import job

KEYS = ["composite", "control", "scheme", "load"]

with job(snakemake):
    files, parameters = snakemake.input, snakemake.params
    tables = read_study_tables(
        Path(files.training), Path(files.online), Path(files.timing), parameters.settings
    )
    rows = tables.first_scheme_predictions
    rows = rows[rows["status"] == "ok"]
    references: dict[str, dict[str, pd.DataFrame]] = {}
    for path in map(Path, files.references):
        composite, _, load = path.with_suffix("").parts[-3:]
        references.setdefault(composite, {})[load] = read_table(path)
    curves = {path.name.removesuffix("_curves.csv"): path for path in map(Path, files.curves)}
    read = cache(lambda id: read_table(curves[id]))

    def predicted(composite: str, groups: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
        """Label of a line -> the predicted curves of its networks, where there are any."""
        wanted = rows[rows["composite"] == composite]
        found = {
            label: [
                read(id).merge(wanted.loc[wanted["network"] == id, KEYS])
                for id in ids
                if id in set(wanted["network"])
            ]
            for label, ids in groups.items()
        }
        return {label: pd.concat(parts) for label, parts in found.items() if parts}

    chosen = choose(tables)
    best = {configuration_name(chosen[0].shared): chosen[0].ids} if chosen else {}
    for path in map(Path, snakemake.output):
        composite, groups = parameters.figures[path.stem]
        lines = predicted(composite, best if groups is None else groups)
        save(predictions(references[composite], lines), path)
