"""First moments of strain of the first samples in which phases yield."""

from rve.dataset.dataset import load
from rve.dataset.moments import save
from rve.dataset.samples import compute_moments
from rve.homogenisation.cell import discretise
from rve.microstructure.mesh import read
from workflow.study.run.job import Job, progress, script


@script
def main(snakemake: Job) -> None:
    cell = discretise(read(snakemake.input.mesh))
    samples = load(snakemake.input.samples).first(snakemake.params.samples)
    report = progress("samples", len(samples))
    moments = compute_moments(cell, samples, snakemake.params.flowing, report)
    save(moments, snakemake.output[0])
