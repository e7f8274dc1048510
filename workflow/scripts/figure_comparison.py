"""Draw the comparison of DMN and IMN by depth."""

from pathlib import Path

from evaluation.figures.comparison import comparison
from evaluation.figures.style import save
from evaluation.summary import (
    chosen_predictions,
    depth_values,
    online_times,
    prediction_errors,
)
from rve.table import read_table
from workflow.study.job import job

with job(snakemake.log):
    parameters = snakemake.params
    training, online, timing = (
        read_table(snakemake.input[name][0]) for name in ("training", "online", "timing")
    )
    ids = [id for layers in parameters.depth.values() for each in layers.values() for id in each]
    training = training[training["network"].isin(ids)]
    errors = prediction_errors(
        chosen_predictions(training, online, parameters.control, parameters.schemes)
    )
    errors = errors[errors["composite"] == parameters.composite]
    times = online_times(training, timing, parameters.schemes)
    save(comparison(depth_values(errors, times)), Path(snakemake.output[0]))
