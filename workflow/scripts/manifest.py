"""Write down with what the study was computed."""

import yaml

from evaluation.report.manifest import manifest
from rve.files import replacing, write_json
from rve.imports import ROOT
from workflow.study.plan.sources import digest_of_all
from workflow.study.run.job import Job, script


@script
def main(snakemake: Job) -> None:
    described = manifest(ROOT, snakemake.params.seeds) | {"sources": digest_of_all()}
    if other := snakemake.params.networks_of:
        described["networks_of"] = other
    write_json(described, snakemake.output.manifest)
    said = "".join(f"# converted: {line}\n" for line in snakemake.params.converted)
    config = said + yaml.safe_dump(snakemake.params.study, sort_keys=False)
    with replacing(snakemake.output.config) as temporary:
        temporary.write_text(config, encoding="utf-8")
