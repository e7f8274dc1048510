"""Train one network."""

from pathlib import Path

from rve.dataset.dataset import load
from training.fit import Settings, train
from training.record import describe
from training.store import save
from workflow.study.job import job

with job(snakemake.log):
    network = snakemake.params.network
    training = load(Path(snakemake.input.training)).first(network["samples"])
    validation = load(Path(snakemake.input.validation))
    settings = Settings(**snakemake.params.settings)
    result = train(network["kind"], network["layers"], training, validation, settings)
    record = describe(result, settings, network["samples"])
    save(result.network, result.history, record, Path(snakemake.output.parameters))
