"""Compile the kernels of the trainings or the online schemes, once on this machine."""

from typing import Any

from evaluation.online import kernels as online
from training.compiled import kernels as training
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    if snakemake.wildcards.kernels == "online":
        online.LIBRARY.compile_once()
    else:
        training.LIBRARY.compile_once(snakemake.params.precision)
