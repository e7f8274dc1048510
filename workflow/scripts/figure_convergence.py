"""Draw how the references depend on mesh and packing."""

from pathlib import Path
from typing import Any

from evaluation.figures.convergence import convergence
from evaluation.figures.style import save
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    tables = (read_table(Path(path)) for path in snakemake.input.tables)
    figure = convergence(*tables, snakemake.params.element_size, snakemake.params.fibres)
    save(figure, Path(snakemake.output[0]))
