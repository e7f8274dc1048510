"""Draw the predicted against the reference stresses of all curves."""

from pathlib import Path
from typing import Any

from evaluation.figures.parity import parity
from evaluation.figures.style import save
from evaluation.measures.parity import paired_stresses
from evaluation.measures.statistics import predictions_under, with_schemes
from evaluation.measures.tables import of_networks
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files, parameters = snakemake.input, snakemake.params
    rows = predictions_under(
        read_table(files.training), read_table(files.online), parameters.control
    )
    rows = with_schemes(rows[rows["status"] == "ok"], parameters.schemes)
    references = {
        path.with_suffix("").parts[-3::2]: read_table(path) for path in map(Path, files.references)
    }
    keys = ["composite", "control", "scheme", "load"]
    networks = {path.name.removesuffix("_curves.csv"): path for path in map(Path, files.curves)}
    predictions = (
        read_table(networks[str(name)]).merge(predicted[keys])
        for name, predicted in of_networks(rows, networks).groupby("network")
    )
    save(parity(paired_stresses(references, predictions)), Path(snakemake.output[0]))
