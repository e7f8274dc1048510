"""Pack the discs and mesh the cell, or check and scale a mesh of the user's; describe the cell."""

import json
import shutil

import numpy as np

from rve.errors import InputError
from rve.files import replacing, write_json
from rve.microstructure.discs import discs_of
from rve.microstructure.mesh import generate, load, read, write
from rve.microstructure.packing import pack_together
from rve.microstructure.statistics import describe, describe_packing
from workflow.study.run.checksums import sha256
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    rve, other = snakemake.params.rve, snakemake.input.other
    with replacing(snakemake.output.mesh) as temporary:
        if "mesh" in rve:
            mesh, lattice = load(rve["mesh"], rve["groups"])
            statistics = describe(mesh, lattice)
            write(mesh, temporary)
            if other and sha256(temporary) != sha256(other[0]):
                raise InputError(
                    f"{rve['mesh']}: is not the cell {other[0]} of the networks that this study "
                    "takes: it was edited since; remove networks_of to train networks for it"
                )
        elif other:
            shutil.copyfile(other[0], temporary)
            statistics = json.loads(other[1].read_text(encoding="utf-8"))
        else:
            kinds = discs_of(
                rve["fibres"], rve["volume_fraction"], rve.get("interphase"), rve.get("voids")
            )
            packings = pack_together(kinds, rve["minimum_gap"], rve["seed"])
            generate(packings, rve["element_size"], temporary)
            statistics = describe(read(temporary), np.eye(2)) | describe_packing(packings)
    write_json(statistics, snakemake.output.statistics)
