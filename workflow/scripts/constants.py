"""Engineering constants of every composite, by finite elements and by each network."""

import numpy as np

from evaluation.measures.constants import FINITE_ELEMENTS, PACKING, constants
from rve.homogenisation.cell import discretise
from rve.homogenisation.elastic import elastic_stiffness
from rve.materials.composite import materials
from rve.microstructure.mesh import read
from rve.table import write_table
from training.homogenise import homogenise
from training.store import load as load_network
from training.store import load_record
from workflow.study.run.job import Job, progress, script


@script
def main(snakemake: Job) -> None:
    files, composites = snakemake.input, snakemake.params.composites
    laws = {name: materials(**composite) for name, composite in composites.items()}
    cell = discretise(read(files.mesh))
    found = {name: {FINITE_ELEMENTS: elastic_stiffness(cell, pair)} for name, pair in laws.items()}
    for packing, file in zip(snakemake.params.packings, files.packings, strict=True):
        with np.load(file, allow_pickle=False) as stiffness:
            for name in composites:
                found[name][PACKING.format(**packing)] = stiffness[name]
    p1, p2 = (np.array([pair[i].stiffness for pair in laws.values()]) for i in range(2))
    report = progress("networks", len(files.networks))
    for done, file in enumerate(files.networks, start=1):
        if load_record(file)["status"] == "ok":
            stiffnesses = homogenise(load_network(file), p1, p2)
            for name, stiffness in zip(composites, stiffnesses, strict=True):
                found[name][file.stem] = stiffness
        report(done)
    write_table(constants(found), snakemake.output[0])
