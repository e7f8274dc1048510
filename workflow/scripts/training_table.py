"""Collect the records of all networks."""

from rve.table import write_table
from training.networks_table import table
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    write_table(table(snakemake.input.networks), snakemake.output[0])
