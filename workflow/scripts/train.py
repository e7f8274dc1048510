"""Train one network."""

from pathlib import Path

from rve.dataset.dataset import join, load
from rve.dataset.moments import load as load_moments
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
    moments = None
    if network["moments"]:
        moments = load_moments(Path(files.moments[0])).first(network["moments"])
    settings = settings_on(snakemake.params.settings, files.statistics)
    of_network = network["kind"], network["layers"]
    result = train(*of_network, join(training), join(validation), settings, moments)
    held_out = load_moments(Path(files.held_out[0])) if files.held_out else None
    record = describe(result, settings, samples, flowing, network["moments"], held_out)
    save(result.network, result.history, record, Path(snakemake.output.parameters))
