"""Judge the paper's claims by the tables of the study."""

from pathlib import Path

from evaluation.findings import findings, table
from evaluation.measures.tables import read_measured
from rve.files import replacing
from workflow.study.job import job

with job(snakemake.log), replacing(Path(snakemake.output[0])) as temporary:
    files = snakemake.input
    measured = read_measured(
        Path(files.training), Path(files.online), Path(files.timing), snakemake.params.reading
    )
    table(findings(measured)).to_csv(temporary, index=False)
