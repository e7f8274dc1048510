from workflow.study.plan.convergence import compared_cells

CONVERGENCE = f"{OUT}/convergence"
MESHES, PACKINGS = compared_cells(study)
COMPARED_LOADS = study.convergence.loads if study.convergence else []
COMPARED = {load: cases[study.references.controls[0]][load] for load in COMPARED_LOADS}
ANSWER = f"{CONVERGENCE}/{{cell}}/{{composite}}/{{load}}.csv"
ANSWERS = share(
    min([cell["element_size"] for cell in (MESHES | PACKINGS).values()], default=None),
    [COMPARED],
)
ANSWER_JOB = ANSWERS[0] if len(ANSWERS) == 1 else "all"


rule convergence_cell:
    """Pack and mesh a cell for comparison."""
    output:
        mesh=f"{CONVERGENCE}/{{cell}}/mesh.msh",
        statistics=f"{CONVERGENCE}/{{cell}}/statistics.json",
    log:
        f"{LOGS}/convergence/{{cell}}/cell.log",
    benchmark:
        f"{BENCHMARKS}/convergence/{{cell}}/cell.tsv"
    resources:
        mem_mb=1000,
    params:
        rve=lambda wildcards: (MESHES | PACKINGS)[wildcards.cell],
    message:
        "Packing and meshing {wildcards.cell}"
    script:
        "../scripts/cell.py"


use rule reference as convergence_reference with:
    input:
        mesh=rules.convergence_cell.output.mesh,
    output:
        [ANSWER.replace("{composite}", name) for name in ANSWERS],
    log:
        f"{LOGS}/convergence/{{cell}}/{ANSWER_JOB}_{{load}}.log",
    benchmark:
        f"{BENCHMARKS}/convergence/{{cell}}/{ANSWER_JOB}_{{load}}.tsv"
    params:
        composites=simulated,
        path=lambda wildcards: COMPARED[wildcards.load],


rule convergence_stiffness:
    """Homogenised stiffness of every composite with one cell."""
    input:
        mesh=rules.convergence_cell.output.mesh,
    output:
        f"{CONVERGENCE}/{{cell}}/stiffness.npz",
    log:
        f"{LOGS}/convergence/{{cell}}/stiffness.log",
    resources:
        mem_mb=2000,
    params:
        composites={name: c.model_dump() for name, c in study.composites.items()},
    message:
        "Homogenising {wildcards.cell}"
    script:
        "../scripts/stiffness.py"


rule convergence_table:
    """Dependence of the references on mesh and packing."""
    input:
        statistics=expand(
            rules.convergence_cell.output.statistics, cell=MESHES | PACKINGS
        ),
        stiffness=expand(rules.convergence_stiffness.output, cell=MESHES | PACKINGS),
        curves=expand(
            ANSWER,
            cell=MESHES | PACKINGS,
            composite=study.composites,
            load=COMPARED_LOADS,
        ),
    output:
        mesh=listed("convergence_mesh"),
        packing=listed("convergence_packing"),
    log:
        f"{LOGS}/convergence_table.log",
    params:
        folder=CONVERGENCE,
        meshes=MESHES,
        packings=PACKINGS,
        loads=COMPARED_LOADS,
    message:
        "Comparing meshes and packings"
    script:
        "../scripts/convergence_table.py"
