"""Engineering constants of every composite, by finite elements and by each network."""

from typing import Any

import numpy as np

from evaluation.measures.constants import FINITE_ELEMENTS, PACKING, constants
from rve.homogenisation.cell import discretise
from rve.homogenisation.elastic import elastic_stiffness
from rve.materials.composite import materials
from rve.materials.stiffness import is_positive_definite
from rve.microstructure.mesh import read
from rve.table import write_table
from training.homogenise import homogenise
from training.store import load as load_network
from training.store import load_record
from workflow.study.run.job import Job, progress, script


@script
def main(snakemake: Job) -> None:
    files, composites = snakemake.input, snakemake.params.composites
    laws: dict[str, Any] = {name: materials(**composite) for name, composite in composites.items()}
    cell = discretise(read(files.mesh))
    found = {name: {FINITE_ELEMENTS: elastic_stiffness(cell, pair)} for name, pair in laws.items()}
    for packing, file in zip(snakemake.params.packings, files.packings, strict=True):
        with np.load(file, allow_pickle=False) as stiffness:
            for name in composites:
                found[name][PACKING.format(**packing)] = stiffness[name]
    by_law = np.array([[law.stiffness for law in of_one] for of_one in laws.values()])
    phases = np.zeros((len(cell.phases), len(laws), 6, 6))  # a void, the last one, has none
    phases[: by_law.shape[1]] = by_law.swapaxes(0, 1)
    report = progress("networks", len(files.networks))
    for done, file in enumerate(files.networks, start=1):
        if load_record(file)["status"] == "ok":
            stiffnesses = homogenise(load_network(file), *phases)
            for name, stiffness in zip(composites, stiffnesses, strict=True):
                if is_positive_definite(stiffness):  # not if voids cut a network's matrix
                    found[name][file.stem] = stiffness
        report(done)
    write_table(constants(found), snakemake.output[0])
