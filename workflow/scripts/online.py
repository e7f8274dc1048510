"""Predict all references with one network, or with several."""

from evaluation.measures.trial import Case, predict_cases
from rve.loads.curve import read_curve
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from rve.table import write_table
from training.store import load as load_network
from training.store import load_record
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    parameters, output = snakemake.params, snakemake.output
    cases = []
    for file in snakemake.input.references:
        composite, control, load = file.with_suffix("").parts[-3:]
        laws = materials(**parameters.composites[composite])
        path = piecewise_linear(**parameters.paths[control][load])
        cases.append(Case(composite, control, load, laws, path, read_curve(file)))
    limits = parameters.tolerance, parameters.max_iterations
    for file, *paths in zip(snakemake.input.networks, output.rows, output.curves, strict=True):
        trained = load_network(file) if load_record(file)["status"] == "ok" else None
        frames = predict_cases(file.stem, trained, cases, parameters.schemes, *limits)
        for frame, path in zip(frames, paths, strict=True):
            write_table(frame, path)
