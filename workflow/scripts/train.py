"""Train one network."""

from pathlib import Path

from rve.dataset.dataset import join, load
from training.fit import train
from training.record import describe
from training.store import save
from workflow.study.job import job
from workflow.study.start import settings_on

with job(snakemake.log):
    network, files = snakemake.params.network, snakemake.input
    samples, flowing = network["samples"], network["flowing_samples"]
    training = [load(Path(files.training)).first(samples)]
    validation = [load(Path(files.validation))]
    if flowing:
        training.append(load(Path(files.flowing_training[0])).first(flowing))
        validation.append(load(Path(files.flowing_validation[0])))
    settings = settings_on(snakemake.params.settings, files.statistics)
    result = train(network["kind"], network["layers"], join(training), join(validation), settings)
    record = describe(result, settings, samples, flowing)
    save(result.network, result.history, record, Path(snakemake.output.parameters))
