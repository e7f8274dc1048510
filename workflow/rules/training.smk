from training.specification import own_settings
from workflow.study.plan.blocks import training_minutes

NETWORK = f"{TRAINED}/networks/{{network}}.npz"
RECORD = f"{TRAINED}/networks/{{network}}.json"
# A network, or the beginning of a block's names -> a network; those of a block differ in their seed.
OF_BLOCK = {name: one for id, one in grid.items() for name in (id, id[:-1])}


def in_block(file, digits):
    """The files of the networks of a block, in place of that of one."""
    return [file.replace("{network}", f"{{block}}{one}") for one in digits or [""]]


def of_block(value, digits):
    """A value of each network of a block; not by its output, which no rerun would heed."""
    return lambda wildcards: [
        value(grid[f"{wildcards.block}{one}"]) for one in digits or [""]
    ]


def training_settings(network):
    """The part of the configuration that the training of a network uses."""
    return study.training.model_dump() | own_settings(network)


def wanted_by(parameter, name):
    """A file of the dataset, for networks of which this parameter is not zero."""
    path = f"{OUT}/dataset/{name}.npz"
    return lambda wildcards: [path] * bool(
        getattr(OF_BLOCK[wildcards.block], parameter)
    )


# Where one network has moments, all are measured by those of samples that none has seen.
HELD_OUT = [f"{TRAINED}/dataset/moments_validation.npz"] if MOMENTS else []


COMPILED = expand(
    f"{OUT}/compiled/{{kernels}}",
    kernels=["online"]
    + ["training"] * (study.training.backend == "fused" and not study.networks_of),
)


rule compile:
    """Compile kernels beside the references: the first networks need not wait for it."""
    output:
        touch(f"{OUT}/compiled/{{kernels}}"),
    priority: 2
    params:
        precision=study.training.precision,
    message:
        "Compiling the kernels, {wildcards.kernels}, unless this machine has them"
    script:
        "../scripts/compile.py"


# One rule for each file: where several match, Snakemake makes a job of each and drops all but one.
to_train = {} if study.networks_of else grid
for digits, beginnings in blocks.trained_together(to_train, study.training).items():

    rule:
        name:
            f"train_{digits}".rstrip("_")
        input:
            training=f"{OUT}/dataset/training.npz",
            validation=f"{OUT}/dataset/validation.npz",
            flowing_training=wanted_by("flowing_samples", "flowing_training"),
            flowing_validation=wanted_by("flowing_samples", "flowing_validation"),
            moments=wanted_by("moments", "moments_training"),
            held_out=HELD_OUT,
            statistics=f"{OUT}/rve/statistics.json",
        output:
            parameters=in_block(NETWORK, digits),
            records=in_block(RECORD, digits),
        wildcard_constraints:
            block=blocks.one_of(beginnings),
        # The first network of a study of one recipe is soon there.
        priority: int(not digits and bool(blocks.first(grid)))
        group:
            "networks"
        resources:
            mem_mb=2000,
            runtime=lambda wildcards, count=len(digits or [0]): training_minutes(
                [OF_BLOCK[wildcards.block]] * count, study.training
            ),
        params:
            networks=of_block(vars, digits),
            settings=of_block(training_settings, digits),
        message:
            f"Training {{wildcards.block}}{blocks.span(digits)}"
        script:
            "../scripts/train.py"


rule training_table:
    """Errors and costs of all networks."""
    input:
        networks=expand(NETWORK, network=grid),
        records=expand(RECORD, network=grid),
    output:
        listed("training"),
    message:
        "Collecting the trained networks"
    script:
        "../scripts/training_table.py"
