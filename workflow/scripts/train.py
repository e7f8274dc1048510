"""Train one network."""

import json
from pathlib import Path

from rve.dataset.dataset import join, load
from training.fit import Settings, train
from training.record import describe
from training.store import save
from workflow.study.job import job

with job(snakemake.log):
    network, files = snakemake.params.network, snakemake.input
    samples, flowing = network["samples"], network["flowing_samples"]
    training = [load(Path(files.training)).first(samples)]
    validation = [load(Path(files.validation))]
    if flowing:
        training.append(load(Path(files.flowing_training[0])).first(flowing))
        validation.append(load(Path(files.flowing_validation[0])))
    settings = dict(snakemake.params.settings)
    if network["initialisation"] == "coated":
        statistics = json.loads(Path(files.statistics[0]).read_text())
        settings["fibre_fraction"] = statistics["volume_fraction_meshed"]
    settings = Settings(**settings)
    result = train(network["kind"], network["layers"], join(training), join(validation), settings)
    record = describe(result, settings, samples, flowing)
    save(result.network, result.history, record, Path(snakemake.output.parameters))
