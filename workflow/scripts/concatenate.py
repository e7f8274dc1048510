"""Collect the rows of many tables in one."""

from pathlib import Path

import pandas as pd

from rve.files import replacing
from rve.table import read_table
from workflow.study.job import job

with job(snakemake), replacing(Path(snakemake.output[0])) as temporary:
    frames = [read_table(path) for path in snakemake.input.rows]
    pd.concat([frame for frame in frames if len(frame)] or frames[:1]).to_csv(
        temporary, index=False
    )
