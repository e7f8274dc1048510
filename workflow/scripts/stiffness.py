"""Homogenised elastic stiffness of every composite with one cell."""

from pathlib import Path

import numpy as np

from rve.files import replacing
from rve.homogenisation.cell import discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    components = assemble_components(discretise(read(Path(snakemake.input.mesh))))
    stiffness = {
        name: homogenise(components, *(law.stiffness for law in materials(**composite)))
        for name, composite in snakemake.params.composites.items()
    }
    with replacing(Path(snakemake.output[0])) as temporary:
        np.savez(temporary, **stiffness)
