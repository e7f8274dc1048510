"""Pack the fibres and mesh the cell, or check and scale a mesh of the user's; describe the cell."""

import numpy as np

from rve.files import replacing, write_json
from rve.microstructure.mesh import generate, load, read, write
from rve.microstructure.packing import pack
from rve.microstructure.statistics import describe, describe_packing
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    rve = snakemake.params.rve
    with replacing(snakemake.output.mesh) as temporary:
        if "mesh" in rve:
            mesh, lattice = load(rve["mesh"], rve["groups"])
            statistics = describe(mesh, lattice)
            write(mesh, temporary)
        else:
            packing = pack(rve["fibres"], rve["volume_fraction"], rve["minimum_gap"], rve["seed"])
            generate(packing, rve["element_size"], temporary)
            statistics = describe(read(temporary), np.eye(2)) | describe_packing(packing)
    write_json(statistics, snakemake.output.statistics)
