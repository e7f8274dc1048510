"""Check, scale and describe a mesh of the user's."""

from pathlib import Path
from typing import Any

from rve.files import replacing, write_json
from rve.microstructure.mesh import write
from rve.microstructure.own_mesh import load
from rve.microstructure.statistics import describe
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    own = snakemake.params.own
    mesh, lattice = load(own["mesh"], own["groups"])
    statistics = describe(mesh, lattice)
    with replacing(Path(snakemake.output.mesh)) as temporary:
        write(mesh, temporary)
    write_json(statistics, snakemake.output.statistics)
