"""Draw a figure that the tables alone make."""

from pathlib import Path

from evaluation.figures.catalogue import FIGURES
from evaluation.figures.style import save
from evaluation.measures.tables import read_measured
from workflow.study.job import job

with job(snakemake.log):
    files = snakemake.input
    measured = read_measured(
        Path(files.training), Path(files.online), Path(files.timing), snakemake.params.reading
    )
    save(FIGURES[snakemake.wildcards.figure](measured), Path(snakemake.output[0]))
