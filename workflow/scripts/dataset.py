"""Join the parts of a set of linear-elastic samples."""

from rve.dataset.dataset import join, load, save
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    save(join([load(path) for path in snakemake.input.shards]), snakemake.output[0])
