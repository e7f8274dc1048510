"""Compile the online schemes, once on this machine."""

from evaluation.online.compiled import load
from workflow.study.job import job

with job(snakemake):
    load()
