REFERENCE = f"{OUT}/reference/{{composite}}/{{control}}/{{load}}.csv"


def share(element_size, paths):
    """The composites whose curves share a job: all where they take seconds, else one."""
    paths = [path for of_control in paths for path in of_control.values()]
    short = element_size and short_curves(element_size, paths)
    return list(study.composites) if short else ["{composite}"]


def simulated(wildcards):
    """The laws of the composites of a job."""
    names = (
        [wildcards.composite] if "composite" in wildcards.keys() else study.composites
    )
    return [study.composites[name].model_dump() for name in names]


# How long curves take in a mesh of the user's is not known.
SHARED = share(None if study.rve.mesh else study.rve.element_size, cases.values())
JOB = SHARED[0] if len(SHARED) == 1 else "all"


rule reference:
    """Nonlinear finite-element responses of a composite, or of all, to a load."""
    input:
        mesh=rules.cell.output.mesh,
    output:
        [REFERENCE.replace("{composite}", name) for name in SHARED],
    log:
        f"{LOGS}/reference/{JOB}/{{control}}/{{load}}.log",
    benchmark:
        f"{BENCHMARKS}/reference/{JOB}/{{control}}/{{load}}.tsv"
    resources:
        mem_mb=2000,
    params:
        composites=simulated,
        path=lambda wildcards: cases[wildcards.control][wildcards.load],
    message:
        "Simulating {output}"
    script:
        "../scripts/reference.py"


def references(controls):
    """The reference curves of all composites and loads under these controls."""
    return [
        path
        for control in controls
        for path in expand(
            REFERENCE,
            composite=study.composites,
            control=control,
            load=cases[control],
        )
    ]
