"""Predict all references with one network."""

from pathlib import Path

from evaluation.measures.trial import Case, predict_cases
from rve.files import replacing
from rve.homogenisation.curve import read_curve
from rve.homogenisation.load_path import piecewise_linear
from rve.materials.composite import materials
from training.store import load as load_network
from training.store import load_record
from workflow.study.job import job

with job(snakemake.log):
    parameters, network = snakemake.params, Path(snakemake.input.network)
    cases = []
    for file in map(Path, snakemake.input.references):
        composite, control, load = file.with_suffix("").parts[-3:]
        cases.append(
            Case(
                composite,
                control,
                load,
                materials(**parameters.composites[composite]),
                piecewise_linear(**parameters.paths[control][load]),
                read_curve(file),
            )
        )
    rows, curves = predict_cases(
        network.stem,
        load_network(network) if load_record(network)["status"] == "ok" else None,
        cases,
        parameters.schemes,
        parameters.tolerance,
        parameters.max_iterations,
    )
    for frame, path in ((rows, snakemake.output.rows), (curves, snakemake.output.curves)):
        with replacing(Path(path)) as temporary:
            frame.to_csv(temporary, index=False)
