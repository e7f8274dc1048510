"""Copy the network to use under a short name, and list what each network is for."""

import shutil

from evaluation.measures.chosen_network import catalogue, chosen_network
from evaluation.measures.statistics import with_configuration, with_schemes
from evaluation.online.known_error import constants, nonlinear_errors
from rve.files import replacing, write_json
from rve.materials.composite import declared_phases
from rve.table import read_table, write_table
from training.networks_table import read
from training.store import load_record
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    files, output, parameters = snakemake.input, snakemake.output, snakemake.params
    training = read(files.training)
    online = with_configuration(read_table(files.online), training)
    online = with_schemes(online, parameters.schemes)
    chosen = chosen_network(training)
    (network,) = (path for path in files.networks if path.stem == chosen.id)
    predictions = online[online["network"] == chosen.id]
    record = {"id": chosen.id, **load_record(network), "chosen": f"it has {chosen.reason}"}
    tests = nonlinear_errors(predictions.to_dict("records"), parameters.control)
    materials = {name: declared_phases(**phases) for name, phases in parameters.composites.items()}
    record["tested"] = {
        name: test | {"materials": constants(materials[name])} for name, test in tests.items()
    }
    under = online[online["control"] == parameters.control]
    write_table(catalogue(training, under, files.networks, chosen), output.table)
    write_json(record, output.record)
    with replacing(output.network) as temporary:
        shutil.copyfile(network, temporary)
