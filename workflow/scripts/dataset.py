"""Join the parts of a set of linear-elastic samples."""

from pathlib import Path

from rve.dataset.dataset import join, load, save
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    shards = [load(Path(path)) for path in snakemake.input.shards]
    save(join(shards), Path(snakemake.output[0]))
