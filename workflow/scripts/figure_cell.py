"""Draw the cell, its mesh and the order of its fibres."""

import json
from pathlib import Path
from typing import Any

from evaluation.figures.cell import cell
from evaluation.figures.style import save
from rve.microstructure.mesh import read
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    statistics = json.loads(Path(snakemake.input.statistics).read_text(encoding="utf-8"))
    save(cell(read(Path(snakemake.input.mesh)), statistics), Path(snakemake.output[0]))
