from workflow.study.comparisons import figures, predicted_composites

FIGURES = f"{OUT}/figures"
CONTROL = study.online.controls[0]
NETWORK_TABLES = (
    [rules.training_table.output, rules.online_table.output, rules.timing.output]
    if grid
    else []
)
CONVERGENCE_TABLES = (
    [rules.convergence_table.output.mesh, rules.convergence_table.output.packing]
    if study.convergence
    else []
)
SCHEMES = {kind: names[0] for kind, names in study.online.schemes.items()}


def first_batch_sweep(_):
    """Batch size -> networks, for the first sweep over batch sizes."""
    return next(iter(batch_comparisons(study).values()))


def first_batch_curves(wildcards):
    """The predictions of those networks."""
    ids = [id for group in first_batch_sweep(wildcards).values() for id in group]
    return expand(rules.online.output.curves, network=ids)


rule figure_cell:
    """Draw the cell and the order of its fibres."""
    input:
        mesh=rules.cell.output.mesh,
        statistics=rules.cell.output.statistics,
        sources=sources("workflow/scripts/figure_cell.py"),
    output:
        report(f"{FIGURES}/fig05.svg", category="Figures", labels={"figure": "5"}),
    log:
        f"{LOGS}/figures/fig05.log",
    message:
        "Drawing the cell"
    script:
        "../scripts/figure_cell.py"


rule figure_references:
    """Draw the nonlinear references."""
    input:
        references=references([CONTROL]),
        sources=sources("workflow/scripts/figure_references.py"),
    output:
        report(f"{FIGURES}/fig06.svg", category="Figures", labels={"figure": "6"}),
    log:
        f"{LOGS}/figures/fig06.log",
    params:
        components={},
    message:
        "Drawing the references"
    script:
        "../scripts/figure_references.py"


use rule figure_references as figure_paths with:
    input:
        references=references([OWN_PATHS] if study.references.paths else []),
        sources=sources("workflow/scripts/figure_references.py"),
    output:
        report(
            f"{FIGURES}/paths.svg", category="Figures", labels={"figure": "load paths"}
        ),
    log:
        f"{LOGS}/figures/paths.log",
    params:
        components=path_components(cases),
    message:
        "Drawing the load paths"


rule figure_histories:
    """Draw the training histories of the sweeps over batch sizes."""
    input:
        networks=expand(
            rules.train.output.parameters,
            network=dict.fromkeys(
                id
                for groups in batch_comparisons(study).values()
                for ids in groups.values()
                for id in ids
            ),
        ),
        table=rules.training_table.output,
        sources=sources("workflow/scripts/figure_histories.py"),
    output:
        report(f"{FIGURES}/fig07.svg", category="Figures", labels={"figure": "7"}),
    log:
        f"{LOGS}/figures/fig07.log",
    params:
        sweeps=batch_comparisons(study),
    message:
        "Drawing the training histories"
    script:
        "../scripts/figure_histories.py"


rule figure_predictions:
    """Draw the predicted stresses of a composite."""
    input:
        references=lambda wildcards: expand(
            rules.reference.output,
            composite=predicted_composites(study)[wildcards.figure],
            control=CONTROL,
            load=study.references.amplitudes,
        ),
        curves=first_batch_curves,
        training=rules.training_table.output,
        online=rules.online_table.output,
        sources=sources("workflow/scripts/figure_predictions.py"),
    output:
        report(
            f"{FIGURES}/{{figure}}.svg",
            category="Figures",
            labels=lambda wildcards: {"figure": wildcards.figure[3:].lstrip("0")},
        ),
    log:
        f"{LOGS}/figures/{{figure}}.log",
    wildcard_constraints:
        figure="fig08|fig09|fig10|fig08_[A-Za-z0-9_-]+",
    params:
        composite=lambda wildcards: predicted_composites(study)[wildcards.figure],
        control=CONTROL,
        schemes=SCHEMES,
        groups=first_batch_sweep,
    message:
        "Drawing the predictions, {wildcards.figure}"
    script:
        "../scripts/figure_predictions.py"


rule figure_comparison:
    """Draw the comparison of DMN and IMN by depth."""
    input:
        training=rules.training_table.output,
        online=rules.online_table.output,
        timing=rules.timing.output,
        sources=sources("workflow/scripts/figure_comparison.py"),
    output:
        report(f"{FIGURES}/fig17.svg", category="Figures", labels={"figure": "17"}),
    log:
        f"{LOGS}/figures/fig17.log",
    params:
        composite=study.timing.composite,
        control=CONTROL,
        schemes=SCHEMES,
        depth=depth_comparison(study),
    message:
        "Drawing DMN against IMN"
    script:
        "../scripts/figure_comparison.py"


rule manifest:
    """Write down with what the study was computed, once its tables are there."""
    input:
        tables=NETWORK_TABLES + CONVERGENCE_TABLES,
        references=references(cases),
        sources=sources("workflow/scripts/manifest.py"),
    output:
        manifest=f"{OUT}/manifest.json",
        config=f"{OUT}/config.yaml",
    log:
        f"{LOGS}/manifest.log",
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
        figures=expand(f"{FIGURES}/{{figure}}.svg", figure=figures(study)),
        networks=NETWORK_TABLES,
        convergence=CONVERGENCE_TABLES,
        manifest=rules.manifest.output.manifest,
        config=rules.manifest.output.config,
        statistics=rules.cell.output.statistics,
        references=references(cases),
        template=f"{workflow.basedir}/evaluation/templates/report.html.j2",
        sources=sources("workflow/scripts/report.py"),
    output:
        f"{OUT}/report.html",
    log:
        f"{LOGS}/report.log",
    benchmark:
        f"{BENCHMARKS}/report.tsv"
    params:
        batches=batch_comparisons(study),
        depth=depth_comparison(study),
        predicted=predicted_composites(study),
    message:
        "Writing {output}"
    script:
        "../scripts/report.py"
