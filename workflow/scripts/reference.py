"""Nonlinear finite-element response of one composite to one load."""

import logging
from pathlib import Path

from rve.cell import discretise
from rve.composite import materials
from rve.curve import write_curve
from rve.dns import simulate
from rve.loading import monotonic
from rve.mesh import read
from workflow.study.job import job, progress

with job(snakemake.log):
    parameters, wildcards = snakemake.params, snakemake.wildcards
    path = monotonic(wildcards.load, parameters.amplitude, parameters.increments, wildcards.control)
    cell = discretise(read(Path(snakemake.input.mesh)))
    report = progress("increments", parameters.increments)
    curve = simulate(cell, materials(**parameters.composite), path, report)
    logging.info("%d Newton iterations", curve.iterations.sum())
    write_curve(curve, Path(snakemake.output[0]))
