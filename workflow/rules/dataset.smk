rule dataset:
    """Linear-elastic samples for training or validation."""
    input:
        mesh=rules.cell.output.mesh,
        sources=sources("workflow/scripts/dataset.py"),
    output:
        f"{OUT}/dataset/{{set}}.npz",
    log:
        f"{LOGS}/dataset/{{set}}.log",
    benchmark:
        f"{BENCHMARKS}/dataset/{{set}}.tsv"
    resources:
        mem_mb=2000,
    params:
        samples=lambda wildcards: getattr(study.dataset, f"{wildcards.set}_samples"),
        seed=study.dataset.seed,
        ranges=study.dataset.model_dump(
            exclude={"training_samples", "validation_samples", "seed"}
        ),
    message:
        "Homogenising the {wildcards.set} samples"
    script:
        "../scripts/dataset.py"
