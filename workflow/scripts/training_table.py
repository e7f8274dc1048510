"""Collect the records of all networks."""

from pathlib import Path

from rve.files import replacing
from training.table import table
from workflow.study.run.job import job

with job(snakemake), replacing(Path(snakemake.output[0])) as temporary:
    table([Path(path) for path in snakemake.input.networks]).to_csv(temporary, index=False)
