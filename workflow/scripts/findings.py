"""Judge the paper's claims by the tables of the study."""

from pathlib import Path

from evaluation.findings.table import findings, findings_table
from evaluation.measures.tables import read_study_tables
from rve.files import replacing
from workflow.study.job import job

with job(snakemake.log), replacing(Path(snakemake.output[0])) as temporary:
    files = snakemake.input
    tables = read_study_tables(
        Path(files.training), Path(files.online), Path(files.timing), snakemake.params.settings
    )
    findings_table(findings(tables)).to_csv(temporary, index=False)
