"""Pack the fibres, mesh the cell, describe it."""

from pathlib import Path
from typing import Any

import numpy as np

from rve.files import replacing, write_json
from rve.microstructure.mesh import generate, read
from rve.microstructure.packing import pack
from rve.microstructure.statistics import describe, describe_packing
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    rve = snakemake.params.rve
    packing = pack(rve["fibres"], rve["volume_fraction"], rve["minimum_gap"], rve["seed"])
    mesh = Path(snakemake.output.mesh)
    with replacing(mesh) as temporary:
        generate(packing, rve["element_size"], temporary)
    statistics = describe(read(mesh), lattice=np.eye(2)) | describe_packing(packing)
    write_json(statistics, snakemake.output.statistics)
