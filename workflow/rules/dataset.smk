# Samples are homogenised in parts of this size; a larger dataset only adds parts. They come before
# the references, since the trainings wait for them.
SHARD = 256


rule components:
    """What each phase's stiffness adds to the cell's linear problem, for all samples."""
    input:
        mesh=rules.cell.output.mesh,
    output:
        f"{OUT}/dataset/components.npz",
    priority: 1
    resources:
        mem_mb=2000,
    message:
        "Assembling the linear problem of the cell"
    script:
        "../scripts/components.py"


def samples_of(set):
    if set == "flowing_training":
        return max(network.flowing_samples for network in grid.values())
    return getattr(study.dataset, f"{set.removeprefix('flowing_')}_samples")


rule dataset_shard:
    """A part of the linear-elastic samples."""
    input:
        components=rules.components.output[0],
    output:
        f"{OUT}/dataset/shards/{{set}}_{{shard}}.npz",
    priority: 1
    resources:
        mem_mb=2000,
    params:
        first=lambda wildcards: int(wildcards.shard) * SHARD,
        end=lambda wildcards: min(
            (int(wildcards.shard) + 1) * SHARD, samples_of(wildcards.set)
        ),
        seed=study.dataset.seed,
        ranges=study.dataset.model_dump(
            exclude={"training_samples", "validation_samples", "seed", "flowing"}
        ),
        flowing=lambda wildcards: (
            study.dataset.flowing.model_dump(exclude={"phase"}) | {"phases": FLOWING}
            if wildcards.set.startswith("flowing")
            else None
        ),
    message:
        "Homogenising the {wildcards.set} samples, part {wildcards.shard}"
    script:
        "../scripts/dataset_shard.py"


rule dataset:
    """Linear-elastic samples for training or validation."""
    input:
        shards=lambda wildcards: expand(
            rules.dataset_shard.output,
            set=wildcards.set,
            shard=range(-(-samples_of(wildcards.set) // SHARD)),
        ),
    output:
        f"{OUT}/dataset/{{set}}.npz",
    priority: 1
    message:
        "Joining the {wildcards.set} samples"
    script:
        "../scripts/dataset.py"


MOMENTS = max((network.moments for network in grid.values()), default=0)


rule moments:
    """First moments of strain of flowing samples, as many as a network asks for."""
    input:
        mesh=rules.cell.output.mesh,
        samples=f"{OUT}/dataset/flowing_{{set}}.npz",
    output:
        f"{OUT}/dataset/moments_{{set}}.npz",
    priority: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        samples=lambda wildcards: min(MOMENTS, samples_of(f"flowing_{wildcards.set}")),
        flowing=FLOWING,
    message:
        "Averaging the strains of the flowing {wildcards.set} samples"
    script:
        "../scripts/moments.py"
