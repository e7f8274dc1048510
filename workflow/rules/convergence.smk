from itertools import product

CONVERGENCE = f"{OUT}/convergence"
# What `rve` is for the study's own packing with each element size, and for packings of any size,
# whose elements keep their size in proportion to a fibre.
MESHES, PACKINGS = {}, {}
if study.convergence:
    packed = study.rve.model_dump(exclude={"mesh", "groups"})
    for number, size in enumerate(study.convergence.element_sizes, start=1):
        MESHES[f"mesh{number}"] = packed | {"element_size": size}
    seeds = range(1, study.convergence.seeds + 1)
    for fibres, seed in product(study.convergence.fibres, seeds):
        size = study.rve.element_size * (study.rve.fibres / fibres) ** 0.5
        own = {"fibres": fibres, "seed": seed, "element_size": size}
        PACKINGS[f"fibres{fibres}_seed{seed}"] = packed | own
CELLS = MESHES | PACKINGS
COMPARED_LOADS = study.convergence.loads if study.convergence else []
COMPARED = {load: cases[study.references.controls[0]][load] for load in COMPARED_LOADS}
ANSWER = f"{CONVERGENCE}/{{cell}}/{{composite}}/{{load}}.csv"


use rule cell as convergence_cell with:
    input:
        other=[],
    output:
        mesh=f"{CONVERGENCE}/{{cell}}/mesh.msh",
        statistics=f"{CONVERGENCE}/{{cell}}/statistics.json",
    params:
        rve=lambda wildcards: CELLS[wildcards.cell],
    message:
        "Packing and meshing {wildcards.cell}"


use rule reference as convergence_reference with:
    input:
        mesh=rules.convergence_cell.output.mesh,
    output:
        share(
            ANSWER,
            min([cell["element_size"] for cell in CELLS.values()], default=None),
            COMPARED.values(),
        ),
    params:
        composites=simulated,
        path=lambda wildcards: COMPARED[wildcards.load],


rule convergence_stiffness:
    """Homogenised stiffness of every composite with one cell."""
    input:
        mesh=rules.convergence_cell.output.mesh,
    output:
        f"{CONVERGENCE}/{{cell}}/stiffness.npz",
    resources:
        mem_mb=2000,
    params:
        composites=COMPOSITES,
    message:
        "Homogenising {wildcards.cell}"
    script:
        "../scripts/stiffness.py"


rule convergence_table:
    """Dependence of the references on mesh and packing."""
    input:
        statistics=expand(rules.convergence_cell.output.statistics, cell=CELLS),
        stiffness=expand(rules.convergence_stiffness.output, cell=CELLS),
        curves=expand(ANSWER, cell=CELLS, composite=COMPOSITES, load=COMPARED_LOADS),
    output:
        mesh=listed("convergence_mesh"),
        packing=listed("convergence_packing"),
    params:
        folder=CONVERGENCE,
        meshes=MESHES,
        packings=PACKINGS,
        loads=COMPARED_LOADS,
    message:
        "Comparing meshes and packings"
    script:
        "../scripts/convergence_table.py"
