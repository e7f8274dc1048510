"""Collect the online measures of all networks."""

from pathlib import Path

import pandas as pd

from rve.files import replacing
from rve.table import read_table
from workflow.study.job import job

with job(snakemake.log), replacing(Path(snakemake.output[0])) as temporary:
    pd.concat([read_table(path) for path in snakemake.input.rows]).to_csv(temporary, index=False)
