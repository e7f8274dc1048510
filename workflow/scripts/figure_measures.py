"""Draw a figure that the tables alone make."""

from pathlib import Path

from evaluation.figures.catalogue import FIGURES
from evaluation.figures.style import save
from evaluation.measures.tables import read_study_tables
from workflow.study.job import job

with job(snakemake):
    files = snakemake.input
    paths = Path(files.training), Path(files.online), Path(files.timing)
    tables = read_study_tables(*paths, snakemake.params.settings, files.get("ensembles"))
    save(FIGURES[snakemake.wildcards.figure](tables), Path(snakemake.output[0]))
