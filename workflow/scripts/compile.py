"""Compile the kernels of the trainings or the online schemes, once on this machine."""

from evaluation.online.kernels import LIBRARY as ONLINE
from training.compiled.kernels import LIBRARY as TRAINING
from workflow.study.run.job import job

with job(snakemake):
    if snakemake.wildcards.kernels == "online":
        ONLINE.compile_once()
    else:
        TRAINING.compile_once(snakemake.params.precision)
