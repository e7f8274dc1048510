"""Draw the predicted stresses of a composite."""

from pathlib import Path

import pandas as pd

from evaluation.figures.predictions import predictions
from evaluation.figures.style import save
from evaluation.measures.statistics import predictions_under, with_schemes
from rve.table import read_table
from workflow.study.job import job

with job(snakemake.log):
    files, parameters = snakemake.input, snakemake.params
    rows = with_schemes(
        predictions_under(read_table(files.training), read_table(files.online), parameters.control),
        parameters.schemes,
    )
    rows = rows[(rows["status"] == "ok") & (rows["composite"] == parameters.composite)]
    keys = ["composite", "control", "scheme", "load"]
    curves = {
        path.name.removesuffix("_curves.csv"): read_table(path)
        for path in map(Path, files.curves)
        if path.name.removesuffix("_curves.csv") in set(rows["network"])
    }
    predicted = {
        label: pd.concat(
            [curves[id].merge(rows.loc[rows["network"] == id, keys]) for id in ids if id in curves]
        )
        for label, ids in parameters.groups.items()
        if curves.keys() & set(ids)
    }
    reference = {Path(path).stem: read_table(path) for path in files.references}
    save(predictions(reference, predicted), Path(snakemake.output[0]))
