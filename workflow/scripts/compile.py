"""Compile the kernels of the trainings or the online schemes, once on this machine."""

from typing import Any

from evaluation.online import compiled as online
from training.compiled import compiled as training
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    if snakemake.wildcards.kernels == "online":
        online.load()
    else:
        training.load(snakemake.params.precision)
