FIGURES = f"{OUT}/figures"
# Plain names: beside an output of a rule, Snakemake hashes a list of n inputs n times.
TABLES = {
    name: f"{OUT}/tables/{name}.csv"
    for name in ("training", "online", "timing", *(["ensembles"] if ENSEMBLES else []))
}
NETWORK_TABLES = {**TABLES, "findings": rules.findings.output[0]} if grid else {}
CONVERGENCE_TABLES = rules.convergence_table.output if study.convergence else []
PICTURED = dict.fromkeys(COMPARISONS.batch_networks + COMPARISONS.depth_networks)
CURVES = references([study.online.controls[0]])
# Key of `evaluation.figures.sources.SOURCES` -> its files.
DRAWN_FROM = {
    "cell": dict(rules.cell.output.items()),
    "references": {"references": CURVES},
    "paths": {
        "references": references([loads.OWN_PATHS] if study.references.paths else [])
    },
    "convergence": dict(rules.convergence_table.output.items()),
    "tables": TABLES,
    "histories": {
        **TABLES,
        "networks": expand(NETWORK, network=PICTURED),
    },
    "predictions": {
        **TABLES,
        "references": CURVES,
        "curves": expand(ONLINE_CURVES, network=grid),
    },
    "claims": {
        **({"beside": f"{BESIDE}/intervals.csv"} if BESIDE else {}),
        "intervals": rules.findings.output.intervals,
    },
}


@cache
def drawn():
    """The figures of this study.

    Their records stand where they are drawn and bring matplotlib: jobs that do not need them leave
    them alone.
    """
    from evaluation.figures.catalogue import figures_of

    return figures_of(study_settings(STUDY_SETTINGS)).values()


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
known = drawn() if workflow.is_main_process or drawing else []
for source in dict.fromkeys(figure.source for figure in known):
    figures = [figure for figure in known if figure.source == source]

    rule:
        # The figures of a source.
        name:
            f"figures_{source}"
        input:
            **DRAWN_FROM[source],
        output:
            [shown(figure) for figure in figures],
        params:
            sources=sources(
                "workflow/scripts/figures.py", *(figure.module for figure in figures)
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
        tables=[*NETWORK_TABLES.values(), *CONVERGENCE_TABLES],
        references=references(cases),
    output:
        manifest=f"{OUT}/manifest.json",
        config=f"{OUT}/config.yaml",
    params:
        study=study.model_dump(mode="json", exclude_none=True),
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
        **NETWORK_TABLES,
        figures=lambda _: [f"{FIGURES}/{figure.name}.svg" for figure in drawn()],
        convergence=CONVERGENCE_TABLES,
        manifest=rules.manifest.output.manifest,
        config=rules.manifest.output.config,
        statistics=rules.cell.output.statistics,
        references=references(cases),
    output:
        report(f"{OUT}/report.html", category="Report"),
    params:
        sources=lambda _: sources(
            "workflow/scripts/report.py",
            *(figure.module for figure in drawn()),
        ),
        templates=digest(
            Path(workflow.basedir, "evaluation/report/templates").iterdir()
        ),
        settings=STUDY_SETTINGS,
    message:
        "Writing {output}"
    script:
        "../scripts/report.py"
