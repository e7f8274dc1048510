"""Time the training of a kind and depth, alone on the machine, on one thread."""

from pathlib import Path

import pandas as pd
import torch
from threadpoolctl import threadpool_limits

from evaluation.measures.timing import COLUMNS, time_training
from rve.dataset.dataset import load
from rve.files import replacing
from workflow.study.job import job, progress
from workflow.study.start import settings_on

with job(snakemake), threadpool_limits(1):
    torch.set_num_threads(1)
    network, settings = snakemake.params.network, snakemake.params.settings
    training = load(Path(snakemake.input.training)).first(network["samples"])
    validation = load(Path(snakemake.input.validation))
    rows = []
    report = progress("backends", len(settings))
    for number, of_backend in enumerate(settings, start=1):
        rows.append(
            time_training(
                network["kind"],
                network["layers"],
                training,
                validation,
                settings_on(of_backend, snakemake.input.statistics),
                snakemake.params.repeats,
            )
        )
        report(number)
    with replacing(Path(snakemake.output[0])) as temporary:
        pd.DataFrame(rows, columns=COLUMNS).to_csv(temporary, index=False)
