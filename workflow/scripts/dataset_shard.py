"""Homogenise the cell for a part of a set of random phases."""

from rve.dataset.dataset import save
from rve.dataset.samples import compute
from rve.dataset.sampling import FlowingRanges, SamplingRanges, sample_flowing, sample_phases
from rve.homogenisation.components import load
from workflow.study.run.job import Job, progress, script

STREAMS = {"training": 0, "validation": 1, "flowing_training": 2, "flowing_validation": 3}


@script
def main(snakemake: Job) -> None:
    parameters, components = snakemake.params, load(snakemake.input.components)
    ranges, first = SamplingRanges(**parameters.ranges), parameters.first
    of_set = components.phases, parameters.end, parameters.seed, STREAMS[snakemake.wildcards.set]
    flowing = FlowingRanges(**parameters.flowing) if parameters.flowing else None
    phases = sample_flowing(ranges, flowing, *of_set) if flowing else sample_phases(ranges, *of_set)
    yielding = flowing.phases if flowing else ()
    report = progress("samples", parameters.end - first)
    save(compute(components, phases[first:], first, yielding, report), snakemake.output[0])
