"""Train one network, or several that differ in their seed alone."""

from rve.dataset.dataset import join, load
from rve.dataset.moments import load_moments
from training.fit import train
from training.record import describe
from training.store import save
from workflow.study.plan.start import settings_on
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    files, networks = snakemake.input, snakemake.params.networks
    samples, flowing = networks[0]["samples"], networks[0]["flowing_samples"]
    training = [load(files.training).first(samples)]
    validation = [load(files.validation)]
    if flowing:
        training.append(load(files.flowing_training[0]).first(flowing))
        validation.append(load(files.flowing_validation[0]))
    data = join(training), join(validation)
    names = "training", "validation", "flowing"
    measured = dict(zip(names, training[:1] + validation, strict=True)) if flowing else None
    count = networks[0]["moments"]
    moments = load_moments(files.moments[0]).first(count) if count else None
    held_out = load_moments(files.held_out[0]) if files.held_out else None
    of_all = zip(networks, snakemake.params.settings, snakemake.output.parameters, strict=True)
    for network, given, path in of_all:
        settings = settings_on(given, files.statistics)
        result = train(network["kind"], network["layers"], *data, settings, moments)
        record = describe(result, settings, network, held_out, measured)
        save(result.network, result.history, record, path)
