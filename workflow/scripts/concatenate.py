"""Collect the rows of many tables in one."""

from pathlib import Path

from rve.files import replacing
from rve.table import read_tables
from workflow.study.run.job import job

with job(snakemake), replacing(Path(snakemake.output[0])) as temporary:
    read_tables([Path(path) for path in snakemake.input.rows]).to_csv(temporary, index=False)
