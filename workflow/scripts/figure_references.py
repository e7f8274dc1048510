"""Draw the nonlinear references: of the six loads, or along load paths with components."""

from pathlib import Path
from typing import Any

import pandas as pd

from evaluation.figures.references import paths, references
from evaluation.figures.style import save
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    curves: dict[str, dict[str, pd.DataFrame]] = {}
    for path in map(Path, snakemake.input.references):
        composite, _, load = path.with_suffix("").parts[-3:]
        curves.setdefault(composite, {})[load] = read_table(path)
    components = snakemake.params.components
    figure = paths(curves, components) if components else references(curves)
    save(figure, Path(snakemake.output[0]))
