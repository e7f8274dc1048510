FIGURES = f"{OUT}/figures"
CONTROL = study.online.controls[0]
# Plain names: beside an output of a rule, Snakemake hashes a list of n inputs n times.
TABLES = {
    name: f"{OUT}/tables/{name}.csv"
    for name in ("training", "online", "timing", *(["ensembles"] if ENSEMBLES else []))
}
NETWORK_TABLES = {**TABLES, "findings": rules.findings.output[0]} if grid else {}
CONVERGENCE_TABLES = (
    [rules.convergence_table.output.mesh, rules.convergence_table.output.packing]
    if study.convergence
    else []
)


rule figure_cell:
    """Draw the cell and the order of its fibres."""
    input:
        mesh=rules.cell.output.mesh,
        statistics=rules.cell.output.statistics,
    output:
        shown("fig05"),
    log:
        f"{LOGS}/figures/fig05.log",
    params:
        sources=sources("workflow/scripts/figure_cell.py"),
    message:
        "Drawing the cell"
    script:
        "../scripts/figure_cell.py"


rule figure_references:
    """Draw the nonlinear references."""
    input:
        references=references([CONTROL]),
    output:
        shown("fig06"),
    log:
        f"{LOGS}/figures/fig06.log",
    params:
        sources=sources("workflow/scripts/figure_references.py"),
        components={},
    message:
        "Drawing the references"
    script:
        "../scripts/figure_references.py"


use rule figure_references as figure_paths with:
    input:
        references=references([OWN_PATHS] if study.references.paths else []),
    output:
        shown("paths"),
    log:
        f"{LOGS}/figures/paths.log",
    params:
        sources=sources("workflow/scripts/figure_references.py"),
        components=path_components(cases),
    message:
        "Drawing the load paths"


rule figure_histories:
    """Draw the training histories of the sweeps over batch sizes."""
    input:
        networks=expand(
            NETWORK,
            network=dict.fromkeys(
                id
                for groups in batch_comparisons(study).values()
                for ids in groups.values()
                for id in ids
            ),
        ),
        table=TABLES["training"],
    output:
        shown("fig07"),
    log:
        f"{LOGS}/figures/fig07.log",
    params:
        sources=sources("workflow/scripts/figure_histories.py"),
        sweeps=batch_comparisons(study),
    message:
        "Drawing the training histories"
    script:
        "../scripts/figure_histories.py"


rule figure_training_depth:
    """Draw the training of DMN and IMN by depth."""
    input:
        networks=expand(
            NETWORK,
            network=depth_networks(study),
        ),
        training=TABLES["training"],
        timing=TABLES["timing"],
    output:
        shown("fig14"),
    log:
        f"{LOGS}/figures/fig14.log",
    params:
        sources=sources("workflow/scripts/figure_training_depth.py"),
        depth=depth_comparison(study),
    message:
        "Drawing the training of DMN and IMN"
    script:
        "../scripts/figure_training_depth.py"


# Figure of predicted stresses -> the composite, and the networks of each line; None: the best ones.
PREDICTIONS = {
    figure: (composite, batch_comparisons(study)[sweep])
    for figure, (sweep, composite) in predicted_stresses(study).items()
}
if pictured_recipes(study):
    PREDICTIONS["recipe_stresses"] = study.timing.composite, pictured_recipes(study)
if grid:
    PREDICTIONS["choice"] = study.timing.composite, None


rule figures_predictions:
    """Draw predicted stresses, each figure of a composite."""
    input:
        references=references([CONTROL]),
        curves=expand(ONLINE_CURVES, network=grid),
        training=TABLES["training"],
        online=TABLES["online"],
        timing=TABLES["timing"],
    output:
        [shown(figure) for figure in PREDICTIONS],
    log:
        f"{LOGS}/figures/predictions.log",
    params:
        sources=sources("workflow/scripts/figures_predictions.py"),
        settings=STUDY_SETTINGS,
        figures=PREDICTIONS,
    message:
        "Drawing the predictions"
    script:
        "../scripts/figures_predictions.py"


rule figure_parity:
    """Draw the predicted against the reference stresses of all curves."""
    input:
        references=references([CONTROL]),
        curves=expand(ONLINE_CURVES, network=paired_networks(list(grid))),
        training=TABLES["training"],
        online=TABLES["online"],
    output:
        shown("parity"),
    log:
        f"{LOGS}/figures/parity.log",
    params:
        sources=sources("workflow/scripts/figure_parity.py"),
        control=CONTROL,
        schemes=FIRST_SCHEMES,
    message:
        "Drawing predicted against reference stresses"
    script:
        "../scripts/figure_parity.py"


rule figure_claims:
    """Draw our intervals against the paper's claims."""
    input:
        **({"beside": f"{BESIDE}/intervals.csv"} if BESIDE else {}),
        intervals=rules.findings.output.intervals,
    output:
        shown("claims"),
    log:
        f"{LOGS}/figures/claims.log",
    params:
        sources=sources("workflow/scripts/figure_claims.py"),
    message:
        "Drawing the claims"
    script:
        "../scripts/figure_claims.py"


rule figures_measures:
    """Draw the figures that the tables alone make."""
    input:
        **TABLES,
    output:
        [shown(figure) for figure in table_figures(study)],
    log:
        f"{LOGS}/figures/measures.log",
    params:
        sources=sources("workflow/scripts/figures_measures.py"),
        settings=STUDY_SETTINGS,
    message:
        "Drawing the measures"
    script:
        "../scripts/figures_measures.py"


rule manifest:
    """Write down with what the study was computed, once its tables are there."""
    input:
        tables=[*NETWORK_TABLES.values(), *CONVERGENCE_TABLES],
        references=references(cases),
    output:
        manifest=f"{OUT}/manifest.json",
        config=f"{OUT}/config.yaml",
    log:
        f"{LOGS}/manifest.log",
    params:
        sources=sources("workflow/scripts/manifest.py"),
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
        figures=expand(f"{FIGURES}/{{figure}}.svg", figure=figures(study)),
        convergence=CONVERGENCE_TABLES,
        manifest=rules.manifest.output.manifest,
        config=rules.manifest.output.config,
        statistics=rules.cell.output.statistics,
        references=references(cases),
    output:
        report(f"{OUT}/report.html", category="Report"),
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{BENCHMARKS}/report.tsv"
    params:
        sources=sources("workflow/scripts/report.py"),
        templates=digest(
            Path(workflow.basedir, "evaluation/report/templates").iterdir()
        ),
        settings=STUDY_SETTINGS,
        predicted=predicted_stresses(study),
    message:
        "Writing {output}"
    script:
        "../scripts/report.py"
