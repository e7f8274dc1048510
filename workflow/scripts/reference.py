"""Nonlinear finite-element responses of composites to one load."""

import logging

from rve.homogenisation.cell import discretise
from rve.homogenisation.dns import Increment, simulate
from rve.loads.curve import write_curve
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    path = piecewise_linear(**snakemake.params.path)
    cell = discretise(read(snakemake.input.mesh))

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

    for composite, file in zip(snakemake.params.composites, snakemake.output, strict=True):
        curve = simulate(cell, materials(**composite), path, report)
        logging.info("%s: %d Newton iterations in all", file, curve.iterations.sum())
        write_curve(curve, file)
