"""Assemble what the stiffness of each phase adds to the cell's linear problem."""

from rve.homogenisation.cell import discretise
from rve.homogenisation.components import assemble_components, save
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    cell = discretise(read(snakemake.input.mesh))
    save(assemble_components(cell), snakemake.output[0])
