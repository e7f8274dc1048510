"""Time trainings of a kind by depth, alone on the machine, on one thread."""

import pandas as pd
from threadpoolctl import threadpool_limits

from evaluation.measures.tables import TIMING_COLUMNS
from evaluation.measures.timing import time_training
from rve.dataset.dataset import load
from rve.table import write_table
from workflow.study.plan.start import settings_on
from workflow.study.run.job import Job, progress, script


@script
@threadpool_limits.wrap(limits=1)
def main(snakemake: Job) -> None:
    files, trainings = snakemake.input, snakemake.params.trainings
    if any(settings["backend"] != "fused" for _, settings in trainings):
        import torch

        torch.set_num_threads(1)
    training, validation = load(files.training), load(files.validation)
    rows = []
    report = progress("trainings", len(trainings))
    for number, (network, settings) in enumerate(trainings, start=1):
        data = training.first(network["samples"]), validation
        given = settings_on(settings, files.statistics)
        size = network["kind"], network["layers"]
        rows.append(time_training(*size, *data, given, snakemake.params.repeats))
        report(number)
    write_table(pd.DataFrame(rows, columns=TIMING_COLUMNS), snakemake.output[0])
