"""Draw the predicted stresses of a composite."""

from pathlib import Path

import pandas as pd

from evaluation.figures.predictions import predictions
from evaluation.figures.style import save
from evaluation.formatting import configuration_name
from evaluation.measures.choice import choose
from evaluation.measures.tables import read_study_tables
from rve.table import read_table
from workflow.study.job import job

with job(snakemake):
    files, parameters = snakemake.input, snakemake.params
    tables = read_study_tables(
        Path(files.training), Path(files.online), Path(files.timing), parameters.settings
    )
    groups = parameters.groups
    if groups is None:
        chosen = choose(tables)
        groups = {configuration_name(chosen[0].shared): chosen[0].ids} if chosen else {}
    rows = tables.first_scheme_predictions
    rows = rows[(rows["status"] == "ok") & (rows["composite"] == parameters.composite)]
    keys = ["composite", "control", "scheme", "load"]
    drawn = {id for ids in groups.values() for id in ids} & set(rows["network"])
    curves = {
        id: read_table(path)
        for path in map(Path, files.curves)
        if (id := path.name.removesuffix("_curves.csv")) in drawn
    }
    predicted = {
        label: pd.concat(
            [curves[id].merge(rows.loc[rows["network"] == id, keys]) for id in ids if id in curves]
        )
        for label, ids in groups.items()
        if curves.keys() & set(ids)
    }
    reference = {Path(path).stem: read_table(path) for path in files.references}
    save(predictions(reference, predicted), Path(snakemake.output[0]))
