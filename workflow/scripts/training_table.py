"""Collect the records of all networks."""

from pathlib import Path

from rve.table import write_table
from training.table import table
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    write_table(table([Path(path) for path in snakemake.input.networks]), snakemake.output[0])
