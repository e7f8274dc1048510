"""Put figures, tables and their verdict on one page."""

import json
from pathlib import Path

import pandas as pd
import yaml

from evaluation.report import Results, render
from rve.curve import read_curve
from rve.files import replacing
from rve.table import read_table
from workflow.study.job import job

with job(snakemake.log):
    files = snakemake.input
    config = Path(files.config).read_text()
    iterations = sum(int(read_curve(Path(path)).iterations.sum()) for path in files.references)
    training, online, timing = (
        map(read_table, files.networks) if files.networks else [pd.DataFrame()] * 3
    )
    results = Results(
        config=yaml.safe_load(config),
        config_text=config,
        manifest=json.loads(Path(files.manifest).read_text()),
        statistics=json.loads(Path(files.statistics).read_text()),
        training=training,
        online=online,
        timing=timing,
        convergence=[read_table(path) for path in files.convergence],
        newton_iterations=iterations,
        batches=snakemake.params.batches,
        depth=snakemake.params.depth,
        predicted=snakemake.params.predicted,
        figures={Path(path).stem: Path(path).read_bytes() for path in files.figures},
    )
    with replacing(Path(snakemake.output[0])) as temporary:
        temporary.write_text(render(results), encoding="utf-8")
