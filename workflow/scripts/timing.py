"""Time training and online prediction, alone on the machine and on one thread."""

import logging
from pathlib import Path

import pandas as pd
import torch
from threadpoolctl import threadpool_limits

from evaluation.timing import COLUMNS, online_seconds, training_seconds
from rve.composite import materials
from rve.dataset import load as load_dataset
from rve.errors import ConvergenceError
from rve.files import replacing
from rve.loading import piecewise_linear
from training.fit import Settings
from training.store import load, load_record
from training.tree import prune
from workflow.study.job import job, progress

with job(snakemake.log), threadpool_limits(1):
    torch.set_num_threads(1)
    parameters = snakemake.params
    timing = parameters.timing
    laws = materials(**parameters.composite)
    paths = [piecewise_linear(**case) for case in parameters.paths.values()]
    networks = [Path(path) for path in snakemake.input.networks]
    rows = []
    report = progress("measurements", len(networks) + len(parameters.trainings))
    for network in networks:
        record = load_record(network)
        for scheme in parameters.schemes[record["kind"]] if record["status"] == "ok" else ():
            tree = prune(load(network))
            try:
                seconds = online_seconds(
                    tree,
                    laws,
                    paths,
                    scheme,
                    parameters.tolerance,
                    parameters.max_iterations,
                    timing["repeats"],
                )
            except ConvergenceError as error:
                logging.warning("%s, %s is not timed: %s", network.stem, scheme, error)
                continue
            rows.append(
                {
                    "quantity": "online",
                    "network": network.stem,
                    "kind": record["kind"],
                    "layers": record["layers"],
                    "scheme": scheme,
                    "median_seconds": seconds,
                    "repeats": timing["repeats"],
                    "per": "1 load path" if len(paths) == 1 else f"{len(paths)} load paths",
                }
            )
        report(networks.index(network) + 1)
    validation = load_dataset(Path(snakemake.input.validation))
    training = load_dataset(Path(snakemake.input.training))
    for number, (network, settings) in enumerate(parameters.trainings, start=1):
        seconds = training_seconds(
            network["kind"],
            network["layers"],
            training.first(network["samples"]),
            validation,
            Settings(**settings),
            timing["repeats"],
        )
        rows.append(
            {
                "quantity": "training",
                "kind": network["kind"],
                "layers": network["layers"],
                "backend": settings["backend"],
                "median_seconds": seconds,
                "repeats": timing["repeats"],
                "per": "epoch",
            }
        )
        report(len(networks) + number)
    with replacing(Path(snakemake.output[0])) as temporary:
        pd.DataFrame(rows, columns=COLUMNS).to_csv(temporary, index=False)
