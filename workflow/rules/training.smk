from training.specification import own_settings
from workflow.study.plan.resources import training_minutes

TRAINED_TOGETHER = blocks(
    [
        id
        for id, network in grid.items()
        if short(network) and study.training.backend == "fused"
    ]
)


def in_block(files, half):
    """The files of five networks instead of one; the wildcard is named as the half."""
    return [
        file.replace("{network}", network)
        for file in files
        for network in five(f"{{{half}}}", half)
    ]


def trained(wildcards):
    """The networks of a job."""
    ids = [wildcards.get("network")]
    for half in HALVES:
        if half in wildcards.keys():
            ids = five(wildcards[half], half)
    return [grid[id] for id in ids]


def flowing(set):
    """The samples in which one phase yields, for networks that are trained on some."""

    def wanted(wildcards):
        path = f"{OUT}/dataset/flowing_{set}.npz"
        return [path] if trained(wildcards)[0].flowing_samples else []

    return wanted


def moments_of(network):
    """The first moments of strain, for networks whose training they end."""
    return [f"{OUT}/dataset/moments_training.npz"] if network.moments else []


def cell_statistics(network):
    """The volume fraction of the fibres, for a coated start."""
    coated = network.initialisation == "coated"
    return [f"{OUT}/rve/statistics.json"] if coated else []


# Where one network has moments, all are measured by those of samples that none has seen.
HELD_OUT = [f"{OUT}/dataset/moments_validation.npz"] if MOMENTS else []


COMPILED = expand(
    f"{OUT}/compiled/{{kernels}}",
    kernels=["online"] + ["training"] * (study.training.backend == "fused"),
)


rule compile:
    """Compile kernels beside the references: the first networks need not wait for it."""
    output:
        touch(f"{OUT}/compiled/{{kernels}}"),
    log:
        f"{LOGS}/compiled/{{kernels}}.log",
    priority: 2
    params:
        precision=study.training.precision,
    message:
        "Compiling the kernels, {wildcards.kernels}, unless this machine has them"
    script:
        "../scripts/compile.py"


rule train:
    """Train one network."""
    input:
        training=f"{OUT}/dataset/training.npz",
        validation=f"{OUT}/dataset/validation.npz",
        flowing_training=flowing("training"),
        flowing_validation=flowing("validation"),
        moments=lambda wildcards: moments_of(trained(wildcards)[0]),
        held_out=HELD_OUT,
        statistics=lambda wildcards: cell_statistics(trained(wildcards)[0]),
    output:
        parameters=[f"{OUT}/networks/{{network}}.npz"],
        records=[f"{OUT}/networks/{{network}}.json"],
    log:
        f"{LOGS}/networks/{{network}}.log",
    benchmark:
        f"{BENCHMARKS}/networks/{{network}}.tsv"
    # One rule for each file: where several match, Snakemake makes a job of each and drops all but one.
    wildcard_constraints:
        network=one_of(single(grid, TRAINED_TOGETHER)),
    resources:
        mem_mb=2000,
        runtime=lambda wildcards: training_minutes(trained(wildcards), study.training),
    params:
        sources=sources("workflow/scripts/train.py"),
        networks=lambda wildcards: [vars(network) for network in trained(wildcards)],
        settings=lambda wildcards: [
            study.training.model_dump() | own_settings(network)
            for network in trained(wildcards)
        ],
    message:
        "Training {wildcards.network}"
    script:
        "../scripts/train.py"


use rule train as train_first_five with:
    output:
        parameters=in_block(rules.train.output.parameters, "first"),
        records=in_block(rules.train.output.records, "first"),
    log:
        f"{LOGS}/networks/{{first}}0-4.log",
    benchmark:
        f"{BENCHMARKS}/networks/{{first}}0-4.tsv"
    wildcard_constraints:
        first=one_of(TRAINED_TOGETHER["first"]),
    message:
        "Training {wildcards.first}0 to 4"


use rule train as train_second_five with:
    output:
        parameters=in_block(rules.train.output.parameters, "second"),
        records=in_block(rules.train.output.records, "second"),
    log:
        f"{LOGS}/networks/{{second}}5-9.log",
    benchmark:
        f"{BENCHMARKS}/networks/{{second}}5-9.tsv"
    wildcard_constraints:
        second=one_of(TRAINED_TOGETHER["second"]),
    message:
        "Training {wildcards.second}5 to 9"


rule training_table:
    """Errors and costs of all networks."""
    input:
        networks=expand(rules.train.output.parameters, network=grid),
        records=expand(rules.train.output.records, network=grid),
    output:
        listed("training"),
    log:
        f"{LOGS}/training_table.log",
    params:
        sources=sources("workflow/scripts/training_table.py"),
    message:
        "Collecting the trained networks"
    script:
        "../scripts/training_table.py"
