"""Homogenise the cell for a part of a set of random pairs of phases."""

from rve.dataset.dataset import save
from rve.dataset.samples import compute
from rve.dataset.sampling import FlowingRanges, SamplingRanges, sample_flowing_pairs, sample_pairs
from rve.homogenisation.components import load
from workflow.study.run.job import Job, progress, script

STREAMS = {"training": 0, "validation": 1, "flowing_training": 2, "flowing_validation": 3}


@script
def main(snakemake: Job) -> None:
    parameters = snakemake.params
    ranges = SamplingRanges(**parameters.ranges)
    first = parameters.first
    of_set = parameters.end, parameters.seed, STREAMS[snakemake.wildcards.set]
    flowing = FlowingRanges(**parameters.flowing) if parameters.flowing else None
    pairs = (
        sample_flowing_pairs(ranges, flowing, *of_set) if flowing else sample_pairs(ranges, *of_set)
    )[first:]
    components = load(snakemake.input.components)
    phases = [flowing.phase] if flowing else []
    shard = compute(components, pairs, first, phases, progress("samples", len(pairs)))
    save(shard, snakemake.output[0])
