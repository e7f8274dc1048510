"""Draw the training histories of the sweeps over batch sizes."""

from pathlib import Path
from typing import Any

from evaluation.figures.histories import histories
from evaluation.figures.style import save
from evaluation.measures.histories import read_histories
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files = snakemake.input
    found = read_histories([Path(path) for path in files.networks], read_table(files.table))
    sweeps = {
        sweep: {label: [found[id] for id in ids if id in found] for label, ids in groups.items()}
        for sweep, groups in snakemake.params.sweeps.items()
    }
    save(histories(sweeps), Path(snakemake.output[0]))
