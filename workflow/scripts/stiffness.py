"""Homogenised elastic stiffness of every composite with one cell."""

from rve.files import write_arrays
from rve.homogenisation.cell import discretise
from rve.homogenisation.elastic import elastic_stiffness
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    cell = discretise(read(snakemake.input.mesh))
    stiffness = {
        name: elastic_stiffness(cell, materials(**composite))
        for name, composite in snakemake.params.composites.items()
    }
    write_arrays(snakemake.output[0], **stiffness)
