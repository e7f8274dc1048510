"""Judge the paper's claims by the tables of the study."""

from evaluation.claims.table import findings, findings_table, intervals_table
from evaluation.measures.comparisons import study_settings
from evaluation.measures.tables import read_study_tables
from rve.table import read_table, write_table
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    files, output = snakemake.input, snakemake.output
    settings = study_settings(snakemake.params.settings)
    tables = read_study_tables(files.training, files.online, settings, files.get("timing"))
    found = findings(tables)
    beside = read_table(files.beside) if files.get("beside") else None
    write_table(findings_table(found, beside), output.findings)
    write_table(intervals_table(found), output.intervals)
