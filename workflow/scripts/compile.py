"""Compile the kernels of the trainings or the online schemes, once on this machine."""

from evaluation.online import kernels as online
from training.compiled import kernels as training
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    if snakemake.wildcards.kernels == "online":
        online.LIBRARY.compile_once()
    else:
        training.LIBRARY.compile_once(snakemake.params.precision)
