"""Nonlinear finite-element response of one composite to one load."""

import logging
from pathlib import Path

from rve.homogenisation.cell import discretise
from rve.homogenisation.dns import Increment, simulate
from rve.loads.curve import write_curve
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from workflow.study.run.job import job

with job(snakemake):
    path = piecewise_linear(**snakemake.params.path)
    cell = discretise(read(Path(snakemake.input.mesh)))

    def report(number: int, increment: Increment) -> None:
        """Tell how the increment converged."""
        logging.info(
            "increment %d of %d: %d Newton iterations, relative residual %.1e%s",
            number,
            len(path.targets),
            increment.iterations,
            increment.residuals[-1],
            "" if increment.step == 1 else f", after bisections down to {increment.step:g}",
        )

    curve = simulate(cell, materials(**snakemake.params.composite), path, report)
    logging.info("%d Newton iterations in all", curve.iterations.sum())
    write_curve(curve, Path(snakemake.output[0]))
