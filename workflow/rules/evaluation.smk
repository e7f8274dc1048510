# Paths of one's own are always predicted.
PREDICTED = [
    control
    for control in cases
    if control in study.online.controls or control == OWN_PATHS
]


rule online:
    """Predict all references with one network."""
    input:
        network=rules.train.output.parameters,
        record=rules.train.output.record,
        references=references(PREDICTED),
        sources=sources("workflow/scripts/online.py"),
    output:
        rows=f"{OUT}/online/{{network}}.csv",
        curves=f"{OUT}/online/{{network}}_curves.csv",
    log:
        f"{LOGS}/online/{{network}}.log",
    benchmark:
        f"{BENCHMARKS}/online/{{network}}.tsv"
    resources:
        mem_mb=500,
    params:
        composites={name: c.model_dump() for name, c in study.composites.items()},
        paths={control: cases[control] for control in PREDICTED},
        schemes=lambda wildcards: study.online.schemes[grid[wildcards.network].kind],
        tolerance=study.online.tolerance,
        max_iterations=study.online.max_iterations,
    message:
        "Predicting with {wildcards.network}"
    script:
        "../scripts/online.py"


rule online_table:
    """Errors and costs of all predictions."""
    input:
        rows=expand(rules.online.output.rows, network=grid),
        sources=sources("workflow/scripts/online_table.py"),
    output:
        f"{OUT}/tables/online.csv",
    log:
        f"{LOGS}/online_table.log",
    message:
        "Collecting the predictions"
    script:
        "../scripts/online_table.py"


def timed_trainings(_):
    """Network and settings of one training a kind, depth and backend, for a few epochs."""
    first = [
        grid[ids[0]]
        for depths in depth_comparison(study).values()
        for ids in depths.values()
    ]
    return [
        (
            vars(network),
            training_settings(network) | {"backend": backend, "epochs": epochs},
        )
        for network in first
        for backend, epochs in study.timing.training_epochs.items()
    ]


rule timing:
    """Time training and prediction; all cores are taken so that nothing else runs meanwhile."""
    input:
        networks=rules.training_table.input.networks,
        records=rules.training_table.input.records,
        training=f"{OUT}/dataset/training.npz",
        validation=f"{OUT}/dataset/validation.npz",
        sources=sources("workflow/scripts/timing.py"),
    output:
        f"{OUT}/tables/timing.csv",
    log:
        f"{LOGS}/timing.log",
    benchmark:
        f"{BENCHMARKS}/timing.tsv"
    threads: workflow.cores
    resources:
        mem_mb=1000,
    params:
        timing=study.timing.model_dump(),
        composite=study.composites[study.timing.composite].model_dump(),
        paths=cases[study.timing.control],
        schemes=dict(study.online.schemes),
        tolerance=study.online.tolerance,
        max_iterations=study.online.max_iterations,
        trainings=timed_trainings,
    message:
        "Timing, alone on the machine"
    script:
        "../scripts/timing.py"
