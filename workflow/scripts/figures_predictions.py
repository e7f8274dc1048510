"""Draw predicted stresses, each figure of a composite; one of the configurations to choose."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.figures.predictions import predictions
from evaluation.figures.style import save
from evaluation.measures.choice import choose
from evaluation.measures.tables import read_study_tables
from evaluation.naming.names import configuration_labels
from rve.table import read_table
from workflow.study.run.job import script

KEYS = ["composite", "control", "scheme", "load"]


@script
def main(snakemake: Any) -> None:
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
    wanted = {str(id): keys for id, keys in rows.groupby("network")[KEYS]}
    read = cache(lambda id: read_table(curves[id]).merge(wanted[id]))

    def predicted(composite: str, groups: Mapping[str, Sequence[str]]) -> dict[str, pd.DataFrame]:
        """Label of a line -> the predicted curves of its networks, where there are any."""
        found = {
            label: pd.concat([read(id) for id in ids if id in wanted] or [rows[KEYS].head(0)])
            for label, ids in groups.items()
        }
        parts = {label: table[table["composite"] == composite] for label, table in found.items()}
        return {label: part for label, part in parts.items() if len(part)}

    best = {}
    if choice := choose(tables):
        chosen = choice.chosen
        best[configuration_labels(tables)[chosen.ids[0]]] = chosen.ids
    for path in map(Path, snakemake.output):
        composite, groups = parameters.figures[path.stem]
        lines = predicted(composite, best if groups is None else groups)
        save(predictions(references[composite], lines), path)
