"""The whole study, from the packing of the fibres to the report; see README.md."""

import os
import shlex
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import min_version

# The packages beside this file, also for jobs: those that are installed may be of another version.
sys.path.insert(0, str(workflow.basedir))

from evaluation.measures.comparisons import study_settings
from rve.errors import InputError
from workflow.study.config import loads, text
from workflow.study.config.files import converted_lines, read_files
from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study, remarks
from workflow.study.plan import blocks, comparisons, other_study
from workflow.study.plan.extras import check_torch
from workflow.study.plan.grid import flowing_phases, networks
from workflow.study.plan.sources import digest, sources
from workflow.study.run import alone, checksums, installed, template
from workflow.study.run.progress import Progress
from workflow.study.run.quiet import Errors

min_version("9.0")

# Figures are files; a notebook's setting would ask for a package that may not be there.
os.environ["MPLBACKEND"] = "svg"
OTHER_CODE = installed.other_code() if workflow.is_main_process else None
installed.use_this_code()
# Snakemake puts the interpreter into a command of the shell without quotes.
sys.executable = shlex.quote(sys.executable)


if workflow.is_main_process and template.WORD in sys.argv[1:]:
    sys.exit(template.write(sys.argv))


configfile: f"{workflow.basedir}/config.yaml"


hushed = {str(what) for what in workflow.output_settings.quiet or ()}
if workflow.is_main_process:
    logger.addHandler(
        Errors(quiet=bool(hushed & {"all", "rules"}), hidden="all" in hushed)
    )


try:
    if workflow.is_main_process:
        alone.check_writable()
        text.check_configfiles(sys.argv[1:])
    # Each file has its own units, and an overlay its base, so that what Snakemake merged will not do.
    configuration = read_files(
        workflow.overwrite_configfiles, workflow.config_settings.config
    )
    if workflow.is_main_process:
        text.check_files(configuration.files)
    study = load_study(
        configuration.raw,
        read_mesh=workflow.is_main_process,
        written=configuration.written,
    )
    other_study.check_networks(study)
    check_torch(study)
    grid = networks(study)
    cases = loads.load_cases(study)
    FLOWING = None if study.networks_of else flowing_phases(study)
except (ConfigError, InputError) as error:
    # Not a WorkflowError, which Snakemake frames with places in this file.
    sys.exit(str(error))

config.clear()
config.update(configuration.raw)  # for scripts
CONVERTED = converted_lines(configuration.written)
if workflow.is_main_process:
    if CONVERTED:
        logger.info("Read, and converted to GPa, fractions and seconds:")
    for line in CONVERTED:
        logger.info(f"  {line}")
    for remark in filter(
        None, [OTHER_CODE, *remarks(study), *other_study.remarks(study)]
    ):
        logger.warning(remark)

OUT = f"results/{study.study}"
# The folder of the cell and the networks.
TRAINED = f"results/{study.networks_of or study.study}"
if not workflow.is_main_process:
    alone.join(Path(OUT))

COMPOSITES = {name: one.laws for name, one in study.composites.items()}
BESIDE = study.findings.beside and f"results/{study.findings.beside}/tables"

if BESIDE and not Path(BESIDE, "findings.csv").exists():
    sys.exit(
        f"findings.beside: {BESIDE}/findings.csv is not there; run that study first"
    )


report: "workflow/report/workflow.rst"


def listed(table):
    """A table as `snakemake --report` lists it."""
    return report(
        f"{OUT}/tables/{table}.csv",
        caption="../report/table.rst",
        category="Tables",
        labels={"table": f"{table}.csv"},
    )


wildcard_constraints:
    composite="[^/]+",
    control="stress|strain|path",
    load="[^/]+",
    set="(flowing_)?(training|validation)",
    shard=r"\d+",
    network="[^/]+",


include: "workflow/rules/rve.smk"
include: "workflow/rules/dataset.smk"
include: "workflow/rules/reference.smk"
include: "workflow/rules/convergence.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/evaluation.smk"


if study.timing:

    include: "workflow/rules/timing.smk"


include: "workflow/rules/report.smk"


for each in workflow.rules:
    if each.script:
        # The log and the costs of a job have the name of the rule and its wildcards.
        each.log_modifier = each.benchmark_modifier = each.output_modifier
        parts = [f"{{{wildcard}}}" for wildcard in sorted(each.wildcard_names)]
        of = "/".join([each.name, *parts])
        each.set_log(f"{OUT}/logs/{of}.log")
        if not each.name.startswith("timing"):  # these are alone on the machine
            each.benchmark = f"{OUT}/benchmarks/{of}.tsv"
        # Its jobs run again when code is edited that the script imports.
        if "sources" not in each.params.keys():
            code = f"workflow/scripts/{Path(each.script).name}"
            each.set_params(sources=sources(code, laws=study.laws))


localrules:
    all,
    convergence_table,
    training_table,
    online_table,
    chosen,
    findings,
    manifest,


onstart:
    try:
        alone.claim(Path(OUT))
    except InputError as error:
        raise WorkflowError(str(error))
    checksums.tidy(Path(OUT))
    # For its limit of jobs a second, Snakemake looks for jobs again a second after each look, and so
    # ever more often: after a hundred jobs, a hundred times a second.
    workflow.scheduler.job_rate_limiter = None
    planned = workflow.dag.needrun_jobs()
    logger.addHandler(
        Progress(
            (job.rule.name, job.wildcards_dict, len(job.output)) for job in planned
        )
    )


rule all:
    default_target: True
    input:
        f"{OUT}/report.html",
        references(cases),
        [*COMPILED, rules.chosen.output.network] if grid else [],
