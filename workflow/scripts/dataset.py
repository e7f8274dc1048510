"""Join the parts of a set of linear-elastic samples."""

from pathlib import Path
from typing import Any

from rve.dataset.dataset import join, load, save
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    shards = [load(Path(path)) for path in snakemake.input.shards]
    save(join(shards), Path(snakemake.output[0]))
