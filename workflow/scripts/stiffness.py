"""Homogenised elastic stiffness of every composite with one cell."""

from rve.files import write_arrays
from rve.homogenisation.cell import discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    components = assemble_components(discretise(read(snakemake.input.mesh)))
    stiffness = {
        name: homogenise(components, *(law.stiffness for law in materials(**composite)))
        for name, composite in snakemake.params.composites.items()
    }
    write_arrays(snakemake.output[0], **stiffness)
