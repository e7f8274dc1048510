FIGURES = f"{OUT}/figures"
# What a study keeps, by the names that the sources of figures call it: files, or lists of them.
# Plain paths: beside an output of a rule, Snakemake hashes a list of n inputs n times.
FILES = {
    "mesh": rules.cell.output.mesh,
    "statistics": rules.cell.output.statistics,
    "reference_curves": references([study.online.controls[0]]),
    "path_curves": references([loads.OWN_PATHS] if study.references.paths else []),
    "convergence_tables": (
        list(rules.convergence_table.output) if study.convergence else []
    ),
    "network_tables": expand(
        f"{OUT}/tables/{{name}}.csv",
        name=["training", "online"]
        + ["timing"] * bool(study.timing)
        + ["ensembles"] * bool(ENSEMBLES),
    ),
    "compared_networks": expand(
        NETWORK,
        network=dict.fromkeys(
            [*COMPARISONS.batch_networks, *COMPARISONS.depth_networks]
        ),
    ),
    "constants": rules.constants.output[0],
    "predicted_curves": expand(ONLINE_CURVES, network=grid),
    "findings": rules.findings.output.findings,
    "intervals": rules.findings.output.intervals,
    "beside": [f"{BESIDE}/intervals.csv"] if BESIDE else [],
}
NETWORK_TABLES = FILES["network_tables"] if grid else []
if COMPARISONS.in_paper:
    NETWORK_TABLES = [*NETWORK_TABLES, FILES["findings"]]


@cache
def drawn():
    """The figures of this study by their source.

    Their records stand where they are drawn and bring matplotlib: jobs that do not need them leave
    them alone.
    """
    from evaluation.figures.catalogue import figures_of

    found = {}
    for figure in figures_of(study_settings(STUDY_SETTINGS)).values():
        found.setdefault(figure.source, []).append(figure)
    return found


def drawn_from(source):
    """The files of a source of figures."""
    from evaluation.figures.sources import files_of

    return {name: FILES[name] for name in files_of(source)}


def shown(figure):
    """A figure as `snakemake --report` lists it."""
    return report(
        f"{FIGURES}/{figure.name}.svg",
        caption="../report/figure.rst",
        category="Figures",
        labels={
            "figure": figure.number or figure.name.replace("_", " "),
            "shows": figure.title,
        },
    )


drawing = any(word == "report" or word.startswith("figures_") for word in sys.argv)
for source, figures in (drawn() if workflow.is_main_process or drawing else {}).items():

    rule:
        # The figures of a source.
        name:
            f"figures_{source}"
        input:
            **drawn_from(source),
        output:
            [shown(figure) for figure in figures],
        group:
            "report"
        params:
            sources=sources(
                "workflow/scripts/figures.py",
                *(figure.module for figure in figures),
                laws=study.laws,
            ),
            settings=STUDY_SETTINGS,
            source=source,
        message:
            f"Drawing {', '.join(figure.name for figure in figures)}"
        script:
            "../scripts/figures.py"


rule manifest:
    """Write down with what the study was computed, once its tables are there."""
    input:
        tables=[*NETWORK_TABLES, FILES["constants"], *FILES["convergence_tables"]],
        references=references(cases),
    output:
        manifest=f"{OUT}/manifest.json",
        config=f"{OUT}/config.yaml",
    params:
        study=study.model_dump(mode="json", exclude_none=True),
        converted=CONVERTED,
        networks_of=other_study.origin(study.networks_of) if study.networks_of else None,
        seeds={
            **({} if study.rve.mesh else {"cell": [study.rve.seed]}),
            "linear samples": [study.dataset.seed],
            "networks": sorted({network.seed for network in grid.values()}),
        },
    message:
        "Writing the manifest"
    script:
        "../scripts/manifest.py"


rule report:
    """Put figures, tables and their verdict on one page."""
    input:
        tables=NETWORK_TABLES,
        figures=lambda _: [
            f"{FIGURES}/{figure.name}.svg" for of in drawn().values() for figure in of
        ],
        convergence=FILES["convergence_tables"],
        constants=FILES["constants"],
        networks=rules.chosen.output.table if grid else [],
        manifest=rules.manifest.output.manifest,
        config=rules.manifest.output.config,
        statistics=rules.cell.output.statistics,
        references=references(cases),
    output:
        report(f"{OUT}/report.html", category="Report"),
    params:
        sources=lambda _: sources(
            "workflow/scripts/report.py",
            *(figure.module for of in drawn().values() for figure in of),
            laws=study.laws,
        ),
        templates=digest(
            Path(workflow.basedir, "evaluation/report/templates").iterdir()
        ),
        settings=STUDY_SETTINGS,
    message:
        "Writing {output}"
    script:
        "../scripts/report.py"
