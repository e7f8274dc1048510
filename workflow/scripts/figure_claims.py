"""Draw our intervals against the paper's claims."""

from pathlib import Path
from typing import Any

from evaluation.figures.claims import claims
from evaluation.figures.style import save
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files = snakemake.input
    beside = files.get("beside")
    figure = claims(read_table(Path(files.intervals)), read_table(Path(beside)) if beside else None)
    save(figure, Path(snakemake.output[0]))
