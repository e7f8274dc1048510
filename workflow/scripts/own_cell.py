"""Check, scale and describe a mesh of the user's."""

import json
from pathlib import Path

from rve.files import replacing
from rve.microstructure.mesh import write
from rve.microstructure.own_mesh import load
from rve.microstructure.statistics import describe
from workflow.study.run.job import job

with job(snakemake):
    own = snakemake.params.own
    mesh, lattice = load(own["mesh"], own["groups"])
    statistics = describe(mesh, lattice)
    with replacing(Path(snakemake.output.mesh)) as temporary:
        write(mesh, temporary)
    with replacing(Path(snakemake.output.statistics)) as temporary:
        temporary.write_text(json.dumps(statistics, indent=2) + "\n", encoding="utf-8")
