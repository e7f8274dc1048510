"""Time the predictions of the networks of a configuration, alone on the machine, on one thread."""

from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from evaluation.measures.timing import (
    COLUMNS,
    count_as_printed,
    count_by_tolerance,
    time_literal,
    time_online,
)
from rve.files import replacing
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from training.store import load, load_record
from workflow.study.run.job import job, progress

with job(snakemake), threadpool_limits(1):
    parameters = snakemake.params
    laws = materials(**parameters.composite)
    paths, strained = (
        [piecewise_linear(**case) for case in some.values()]
        for some in (parameters.paths, parameters.printed)
    )
    networks = [Path(path) for path in snakemake.input.networks]
    rows = []
    report = progress("networks", len(networks))
    for number, network in enumerate(networks, start=1):
        if load_record(network)["status"] == "ok":
            of_network = network.stem, load(network), laws
            limits = parameters.tolerance, parameters.max_iterations
            for measure in (time_online, time_literal)[: 2 if parameters.literal else 1]:
                rows += measure(*of_network, paths, parameters.schemes, *limits, parameters.repeats)
            if parameters.literal:
                rows += count_as_printed(*of_network, strained, *limits)
                most = parameters.max_iterations
                rows += count_by_tolerance(*of_network, paths, parameters.schemes, most)
        report(number)
    with replacing(Path(snakemake.output[0])) as temporary:
        pd.DataFrame(rows, columns=COLUMNS).to_csv(temporary, index=False)
