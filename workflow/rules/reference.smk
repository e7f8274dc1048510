rule reference:
    """Nonlinear finite-element response of a composite to a load."""
    input:
        mesh=rules.cell.output.mesh,
    output:
        f"{OUT}/reference/{{composite}}/{{control}}/{{load}}.csv",
    log:
        f"{LOGS}/reference/{{composite}}/{{control}}/{{load}}.log",
    benchmark:
        f"{BENCHMARKS}/reference/{{composite}}/{{control}}/{{load}}.tsv"
    resources:
        mem_mb=2000,
    params:
        sources=sources("workflow/scripts/reference.py"),
        composite=lambda wildcards: study.composites[wildcards.composite].model_dump(),
        path=lambda wildcards: cases[wildcards.control][wildcards.load],
    message:
        "Simulating {wildcards.composite}, {wildcards.control} {wildcards.load}"
    script:
        "../scripts/reference.py"


def references(controls):
    """The reference curves of all composites and loads under these controls."""
    return [
        path
        for control in controls
        for path in expand(
            rules.reference.output,
            composite=study.composites,
            control=control,
            load=cases[control],
        )
    ]
