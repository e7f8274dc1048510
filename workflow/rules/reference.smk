REFERENCE = f"{OUT}/reference/{{composite}}/{{control}}/{{load}}.csv"


def share(file, element_size, paths):
    """The curves of a job: of all composites where they take seconds, else of one."""
    short = element_size and blocks.short_curves(element_size, paths)
    names = COMPOSITES if short else ["{composite}"]
    return [file.replace("{composite}", name) for name in names]


def simulated(wildcards):
    """The laws of the composites of a job."""
    one = wildcards.get("composite")
    return [COMPOSITES[one]] if one else list(COMPOSITES.values())


rule reference:
    """Nonlinear finite-element responses of a composite, or of all, to a load."""
    input:
        mesh=rules.cell.output.mesh,
    output:
        # How long curves take in a mesh of the user's is not known.
        share(
            REFERENCE,
            None if study.rve.mesh else study.rve.element_size,
            [path for of_control in cases.values() for path in of_control.values()],
        ),
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
            REFERENCE, composite=COMPOSITES, control=control, load=cases[control]
        )
    ]
