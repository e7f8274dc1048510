"""Draw the figures that the tables alone make."""

from pathlib import Path
from typing import Any

from evaluation.figures.catalogue import FIGURES
from evaluation.figures.style import save
from evaluation.measures.tables import read_study_tables
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files = snakemake.input
    paths = Path(files.training), Path(files.online), Path(files.timing)
    tables = read_study_tables(*paths, snakemake.params.settings, files.get("ensembles"))
    for path in map(Path, snakemake.output):
        save(FIGURES[path.stem](tables), path)
