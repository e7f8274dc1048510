rule cell:
    """Pack the fibres and mesh the cell."""
    input:
        sources=sources("workflow/scripts/cell.py"),
    output:
        mesh=f"{OUT}/rve/mesh.msh",
        statistics=f"{OUT}/rve/statistics.json",
    log:
        f"{LOGS}/cell.log",
    benchmark:
        f"{BENCHMARKS}/cell.tsv"
    resources:
        mem_mb=500,
    params:
        rve=study.rve.model_dump(),
    message:
        "Packing and meshing the cell"
    script:
        "../scripts/cell.py"
