"""Homogenise the cell for a part of a set of random pairs of phases."""

from pathlib import Path

from rve.dataset.dataset import save
from rve.dataset.samples import compute
from rve.dataset.sampling import SamplingRanges, sample_pairs
from rve.homogenisation.components import load
from workflow.study.job import job, progress

STREAMS = {"training": 0, "validation": 1}

with job(snakemake.log):
    parameters = snakemake.params
    ranges = SamplingRanges(**parameters.ranges)
    stream = STREAMS[snakemake.wildcards.set]
    pairs = sample_pairs(ranges, parameters.end, parameters.seed, stream)[parameters.first :]
    components = load(Path(snakemake.input.components))
    report = progress("samples", len(pairs))
    shard = compute(components, pairs, parameters.first, report)
    save(shard, Path(snakemake.output[0]))
