"""Draw our intervals against the paper's claims."""

from pathlib import Path

from evaluation.figures.claims import claims
from evaluation.figures.style import save
from rve.table import read_table
from workflow.study.job import job

with job(snakemake.log):
    save(claims(read_table(Path(snakemake.input[0]))), Path(snakemake.output[0]))
