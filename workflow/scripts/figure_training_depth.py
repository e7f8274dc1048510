"""Draw the training of DMN and IMN by depth."""

from pathlib import Path
from typing import Any

from evaluation.figures.style import save
from evaluation.figures.training_depth import training_depth
from evaluation.measures.histories import read_histories
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files = snakemake.input
    found = read_histories([Path(path) for path in files.networks], read_table(files.training))
    by_kind = {
        kind: {
            layers: [found[id] for id in ids if id in found] for layers, ids in by_layers.items()
        }
        for kind, by_layers in snakemake.params.depth.items()
    }
    save(training_depth(by_kind, read_table(files.timing)), Path(snakemake.output[0]))
