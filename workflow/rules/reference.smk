rule reference:
    """Nonlinear finite-element response of a composite to a load."""
    input:
        mesh=rules.cell.output.mesh,
        sources=sources("workflow/scripts/reference.py"),
    output:
        f"{OUT}/reference/{{composite}}/{{control}}/{{load}}.csv",
    log:
        f"{LOGS}/reference/{{composite}}/{{control}}/{{load}}.log",
    benchmark:
        f"{BENCHMARKS}/reference/{{composite}}/{{control}}/{{load}}.tsv"
    resources:
        mem_mb=2000,
    params:
        composite=lambda wildcards: study.composites[wildcards.composite].model_dump(),
        amplitude=lambda wildcards: study.references.amplitudes[wildcards.load],
        increments=study.references.increments,
    message:
        "Simulating {wildcards.composite}, load {wildcards.load}, {wildcards.control} control"
    script:
        "../scripts/reference.py"


def references(controls):
    """The reference curves of all composites and loads."""
    return expand(
        rules.reference.output,
        composite=study.composites,
        control=controls,
        load=study.references.amplitudes,
    )
