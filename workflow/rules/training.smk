def training_settings(network):
    """The part of the configuration that the training of a network uses."""
    return {
        **study.training.model_dump(),
        "batch_size": network.batch_size,
        "eta": network.eta,
        "xi": network.xi,
        "initialisation": network.initialisation,
        "loss": network.loss,
        "seed": network.seed,
        **({"epochs": network.epochs} if network.epochs else {}),
        **({"learning_rate": network.learning_rate} if network.learning_rate else {}),
    }


def flowing(set):
    """The samples of a phase that flows, for networks that learn from some."""

    def wanted(wildcards):
        path = f"{OUT}/dataset/flowing_{set}.npz"
        return [path] if grid[wildcards.network].flowing_samples else []

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


rule train:
    """Train one network."""
    input:
        training=f"{OUT}/dataset/training.npz",
        validation=f"{OUT}/dataset/validation.npz",
        flowing_training=flowing("training"),
        flowing_validation=flowing("validation"),
        moments=lambda wildcards: moments_of(grid[wildcards.network]),
        held_out=HELD_OUT,
        statistics=lambda wildcards: cell_statistics(grid[wildcards.network]),
    output:
        parameters=f"{OUT}/networks/{{network}}.npz",
        record=f"{OUT}/networks/{{network}}.json",
    log:
        f"{LOGS}/networks/{{network}}.log",
    benchmark:
        f"{BENCHMARKS}/networks/{{network}}.tsv"
    resources:
        mem_mb=1000,
    params:
        sources=sources("workflow/scripts/train.py"),
        network=lambda wildcards: vars(grid[wildcards.network]),
        settings=lambda wildcards: training_settings(grid[wildcards.network]),
    message:
        "Training {wildcards.network}"
    script:
        "../scripts/train.py"


rule training_table:
    """Errors and costs of all networks."""
    input:
        networks=expand(rules.train.output.parameters, network=grid),
        records=expand(rules.train.output.record, network=grid),
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
