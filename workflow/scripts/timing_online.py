"""Time the predictions of networks of a kind and depth, alone on the machine, on one thread."""

from dataclasses import replace

import pandas as pd
from threadpoolctl import threadpool_limits

from evaluation.measures.tables import TIMING_COLUMNS
from evaluation.measures.timing import (
    OnlineTest,
    count_as_printed,
    count_by_tolerance,
    time_literal,
    time_online,
)
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from rve.table import write_table
from training.store import load, load_record
from workflow.study.run.job import Job, progress, script


@script
@threadpool_limits.wrap(limits=1)
def main(snakemake: Job) -> None:
    parameters = snakemake.params
    laws = materials(**parameters.composite)
    paths, strained = (
        [piecewise_linear(**case) for case in some.values()]
        for some in (parameters.paths, parameters.printed)
    )
    networks = snakemake.input.networks
    rows = []
    report = progress("networks", len(networks))
    for number, network in enumerate(networks, start=1):
        if load_record(network)["status"] == "ok":
            limits = parameters.schemes, parameters.tolerance, parameters.max_iterations
            test = OnlineTest(network.stem, load(network), laws, paths, *limits)
            rows += time_online(test, parameters.repeats)
            if network.stem in parameters.literal:
                rows += time_literal(test, parameters.repeats)
                rows += count_as_printed(replace(test, paths=strained))
                rows += count_by_tolerance(test)
        report(number)
    write_table(pd.DataFrame(rows, columns=TIMING_COLUMNS), snakemake.output[0])
