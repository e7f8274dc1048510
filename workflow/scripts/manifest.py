"""Write down with what the study was computed."""

import json
from pathlib import Path

import yaml

from evaluation.report.manifest import manifest
from rve.files import replacing
from workflow.study.plan.sources import ROOT, digest_of_all
from workflow.study.run.job import job

with job(snakemake):
    with replacing(Path(snakemake.output.manifest)) as temporary:
        described = manifest(ROOT, snakemake.params.seeds) | {"sources": digest_of_all()}
        temporary.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    with replacing(Path(snakemake.output.config)) as temporary:
        temporary.write_text(
            yaml.safe_dump(snakemake.params.study, sort_keys=False), encoding="utf-8"
        )
