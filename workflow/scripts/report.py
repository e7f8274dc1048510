"""Put figures, tables and their verdict on one page."""

import json

import pandas as pd
import yaml

from evaluation.claims.table import if_any_tested
from evaluation.measures.comparisons import StudySettings, study_settings
from evaluation.measures.tables import read_study_tables
from evaluation.report.page import PageContent, render
from rve.files import replacing
from rve.loads.curve import read_curve
from rve.loads.load_limits import large_strains
from rve.table import read_table
from workflow.study.config.validation import load_study, remarks
from workflow.study.plan import other_study
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    files = snakemake.input
    config = files.config.read_text(encoding="utf-8")
    resolved = yaml.safe_load(config)
    loaded = load_study(resolved)
    curves = {
        ", ".join(path.with_suffix("").parts[-3:]): read_curve(path) for path in files.references
    }
    study: StudySettings = study_settings(snakemake.params.settings)
    findings, tables = pd.DataFrame(), {path.stem: path for path in files.tables}
    if tables:
        if "findings" in tables:
            findings = if_any_tested(read_table(tables.pop("findings")))
        study = read_study_tables(settings=study, **tables)
    content = PageContent(
        config=resolved,
        config_text=config,
        manifest=json.loads(files.manifest.read_text(encoding="utf-8")),
        statistics=json.loads(files.statistics.read_text(encoding="utf-8")),
        study=study,
        findings=findings,
        convergence=list(map(read_table, files.convergence)),
        constants=read_table(files.constants),
        networks=read_table(files.networks) if tables else pd.DataFrame(),
        newton_iterations=sum(int(curve.iterations.sum()) for curve in curves.values()),
        remarks=[*remarks(loaded), *other_study.remarks(loaded)],
        large_strains=large_strains(curves),
        figures={path.stem: path.read_bytes() for path in files.figures},
    )
    with replacing(snakemake.output[0]) as temporary:
        temporary.write_text(render(content), encoding="utf-8")
