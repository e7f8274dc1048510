"""Collect the rows of many tables in one."""

from rve.table import read_tables, write_table
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    write_table(read_tables(snakemake.input.rows), snakemake.output[0])
