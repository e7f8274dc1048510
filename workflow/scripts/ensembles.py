"""Measure the ensembles of every recipe, kind and depth."""

import pandas as pd

from evaluation.measures.ensembles import ensembles
from evaluation.measures.tables import ENSEMBLE_COLUMNS
from rve.dataset.moments import load_moments
from rve.loads.curve import from_frame, read_curve, read_curve_table
from rve.table import write_table
from training.store import load as load_network
from training.store import load_record
from workflow.study.run.job import Job, progress, script


@script
def main(snakemake: Job) -> None:
    files, parameters = snakemake.input, snakemake.params
    references = {path.with_suffix("").parts[-3:]: read_curve(path) for path in files.references}
    held_out = load_moments(files.held_out[0]) if files.held_out else None
    networks = {path.stem: path for path in files.networks}
    tables = {path.name.removesuffix("_curves.csv"): path for path in files.curves}
    keys = ["composite", "control", "load"]
    rows = []
    report = progress("ensembles", len(parameters.groups))
    for done, (recipe, ids) in enumerate(parameters.groups, start=1):
        trained = [id for id in ids if load_record(networks[id])["status"] == "ok"]
        members = [load_network(networks[id]) for id in trained]
        curves = []
        for id, network in zip(trained, members, strict=True):
            table = read_curve_table(tables[id])
            table = table[table["scheme"] == parameters.schemes[network.kind]]
            curves.append({key: from_frame(curve) for key, curve in table.groupby(keys)})
        if len(members) > 1:
            rows += ensembles(recipe, members, curves, references, held_out)
        report(done)
    write_table(pd.DataFrame(rows, columns=ENSEMBLE_COLUMNS), snakemake.output[0])
