# Paths of one's own are always predicted.
PREDICTED = [one for one in cases if one in (*study.online.controls, loads.OWN_PATHS)]
SCHEMES = study.online.schemes
COMPARISONS = comparisons.comparisons(study)
STUDY_SETTINGS = asdict(comparisons.settings(study, loads.path_components(cases)))
ONLINE_ROWS = f"{OUT}/online/{{network}}.csv"
ONLINE_CURVES = f"{OUT}/online/{{network}}_curves.csv"


# Ten seeds share the job of a prediction.
for digits, beginnings in blocks.blocks(grid, lambda name: 10).items():

    rule:
        name:
            f"online_{digits}".rstrip("_")
        input:
            networks=in_block(NETWORK, digits),
            records=in_block(RECORD, digits),
            references=references(PREDICTED),
        output:
            rows=in_block(ONLINE_ROWS, digits),
            curves=in_block(ONLINE_CURVES, digits),
        wildcard_constraints:
            block=blocks.one_of(beginnings),
        # Before further trainings: Snakemake looks up the inputs of all jobs that are ready, again and again.
        priority: 1
        group:
            "networks"
        resources:
            mem_mb=2000,
        params:
            composites=COMPOSITES,
            paths={control: cases[control] for control in PREDICTED},
            schemes=lambda wildcards: SCHEMES[OF_BLOCK[wildcards.block].kind],
            tolerance=study.online.tolerance,
            max_iterations=study.online.max_iterations,
        message:
            f"Predicting with {{wildcards.block}}{blocks.span(digits)}"
        script:
            "../scripts/online.py"


rule online_table:
    """Errors and costs of all predictions."""
    input:
        rows=expand(ONLINE_ROWS, network=grid),
    output:
        listed("online"),
    message:
        "Collecting the predictions"
    script:
        "../scripts/concatenate.py"


# Nothing else runs beside a job of so many threads; a cluster gives it a node of its own instead.
ALL_CORES = workflow.resource_settings.cores or 1
# The algorithms as printed are timed where the kinds are compared.
BY_DEPTH = set(COMPARISONS.depth_networks)
# Kind -> one network a depth, each trained for a few epochs.
TIMED = {
    kind.lower(): [grid[ids[0]] for ids in depths.values()]
    for kind, depths in COMPARISONS.depth.items()
}
TIMED_ONLINE = comparisons.timed_networks(study)


rule timing_online:
    """Time predictions; all cores are taken so that nothing else runs meanwhile."""
    input:
        networks=lambda wildcards: expand(NETWORK, network=TIMED_ONLINE[wildcards.size]),
        records=lambda wildcards: expand(RECORD, network=TIMED_ONLINE[wildcards.size]),
    output:
        f"{OUT}/timing/online/{{size}}.csv",
    threads: ALL_CORES
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        repeats=study.timing.repeats,
        composite=COMPOSITES[study.timing.composite],
        paths=cases[study.online.controls[0]],
        printed=loads.loads_under(study, "strain"),
        schemes=lambda wildcards: SCHEMES[grid[TIMED_ONLINE[wildcards.size][0]].kind],
        tolerance=study.online.tolerance,
        max_iterations=study.online.max_iterations,
        literal=lambda wildcards: [
            id for id in TIMED_ONLINE[wildcards.size] if id in BY_DEPTH
        ],
    message:
        "Timing predictions with {wildcards.size}, alone on the machine"
    script:
        "../scripts/timing_online.py"


def timed_trainings(wildcards):
    """Networks, each with each backend; a DMN that is timed with PyTorch as printed, too."""
    epochs = dict(study.timing.training_epochs)
    if wildcards.kind == "dmn" and "torch" in epochs:
        epochs["literal"] = epochs["torch"]
    return [
        (vars(network), training_settings(network) | {"backend": name, "epochs": n})
        for network in TIMED[wildcards.kind]
        for name, n in epochs.items()
    ]


rule timing_training:
    """Time trainings by depth; all cores are taken so that nothing else runs meanwhile."""
    input:
        training=f"{OUT}/dataset/training.npz",
        validation=f"{OUT}/dataset/validation.npz",
        statistics=lambda wildcards: cell_statistics(TIMED[wildcards.kind][0]),
    output:
        f"{OUT}/timing/training/{{kind}}.csv",
    threads: ALL_CORES
    resources:
        mem_mb=2000,
    params:
        repeats=study.timing.repeats,
        trainings=timed_trainings,
    message:
        "Timing the training of {wildcards.kind} networks, alone on the machine"
    script:
        "../scripts/timing_training.py"


rule timing_table:
    """All timings."""
    input:
        rows=expand(rules.timing_online.output, size=TIMED_ONLINE)
        + expand(rules.timing_training.output, kind=TIMED),
    output:
        listed("timing"),
    message:
        "Collecting the timings"
    script:
        "../scripts/concatenate.py"


# Networks of a recipe that differ in their seed alone, for each kind and depth.
ENSEMBLES = [
    (recipe, ids)
    for recipe, networks_of_recipe in COMPARISONS.recipes.items()
    for ids in comparisons.configurations(study).values()
    if set(ids) <= set(networks_of_recipe)
]
AVERAGED = [id for _, ids in ENSEMBLES for id in ids]


rule ensembles:
    """Means and spreads of the networks of a recipe."""
    input:
        networks=expand(NETWORK, network=AVERAGED),
        curves=expand(ONLINE_CURVES, network=AVERAGED),
        references=references(PREDICTED),
        held_out=HELD_OUT,
    output:
        listed("ensembles"),
    resources:
        runtime=30,
    params:
        groups=ENSEMBLES,
        schemes={kind: names[0] for kind, names in SCHEMES.items()},
    message:
        "Averaging networks"
    script:
        "../scripts/ensembles.py"


rule findings:
    """The verdict on each claim of the paper."""
    input:
        **({"beside": f"{BESIDE}/findings.csv"} if BESIDE else {}),
        training=rules.training_table.output[0],
        online=rules.online_table.output[0],
        timing=rules.timing_table.output[0],
    output:
        findings=listed("findings"),
        intervals=listed("intervals"),
    params:
        settings=STUDY_SETTINGS,
    message:
        "Judging the paper's claims"
    script:
        "../scripts/findings.py"
