"""Judge the paper's claims by the tables of the study."""

from pathlib import Path
from typing import Any

from evaluation.claims.table import findings, findings_table, intervals_table
from evaluation.measures.comparisons import study_settings
from evaluation.measures.tables import read_study_tables
from rve.files import replacing
from rve.table import read_table
from workflow.study.run.job import script


@script
def main(snakemake: Any) -> None:
    files, output = snakemake.input, snakemake.output
    settings = study_settings(snakemake.params.settings)
    tables = read_study_tables(
        Path(files.training), Path(files.online), Path(files.timing), settings
    )
    found = findings(tables)
    beside = files.get("beside")
    for table, path in (
        (findings_table(found, read_table(Path(beside)) if beside else None), output.findings),
        (intervals_table(found), output.intervals),
    ):
        with replacing(Path(path)) as temporary:
            table.to_csv(temporary, index=False)
