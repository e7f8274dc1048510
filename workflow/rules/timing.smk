# Nothing else runs beside a job of so many threads; a cluster gives it a node of its own instead.
ALL_CORES = workflow.resource_settings.cores or 1
# The algorithms as printed are timed where the kinds are compared.
BY_DEPTH = set(COMPARISONS.depth_networks)
# Kind -> one network a depth, each trained for a few epochs.
TIMED = {
    kind.lower(): [grid[ids[0]] for ids in depths.values()]
    for kind, depths in COMPARISONS.depth.items()
    if not study.networks_of
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
        statistics=f"{OUT}/rve/statistics.json",
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


localrules:
    timing_table,


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
