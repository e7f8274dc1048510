"""Homogenise the cell for a set of random pairs of phases."""

from pathlib import Path

from rve import dataset
from rve.cell import discretise
from rve.homogenisation import assemble_components
from rve.mesh import read
from rve.sampling import SamplingRanges, sample_pairs
from workflow.study.job import job, progress

STREAMS = {"training": 0, "validation": 1}

with job(snakemake.log):
    parameters = snakemake.params
    pairs = sample_pairs(
        SamplingRanges(**parameters.ranges),
        parameters.samples,
        parameters.seed,
        STREAMS[snakemake.wildcards.set],
    )
    components = assemble_components(discretise(read(Path(snakemake.input.mesh))))
    data = dataset.compute(components, pairs, progress("samples", len(pairs)))
    dataset.save(data, Path(snakemake.output[0]))
