"""Draw a figure that the tables alone make."""

from pathlib import Path

from evaluation.figures.catalogue import FIGURES
from evaluation.figures.style import save
from evaluation.measures.tables import read_study_tables
from workflow.study.job import job

with job(snakemake.log):
    files = snakemake.input
    tables = read_study_tables(
        Path(files.training), Path(files.online), Path(files.timing), snakemake.params.settings
    )
    save(FIGURES[snakemake.wildcards.figure](tables), Path(snakemake.output[0]))
