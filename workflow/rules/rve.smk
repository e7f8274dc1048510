CELL = {
    "mesh": f"{OUT}/rve/mesh.msh",
    "statistics": f"{OUT}/rve/statistics.json",
}

if study.rve.mesh is None:

    rule cell:
        """Pack the fibres and mesh the cell."""
        output:
            **CELL,
        log:
            f"{LOGS}/cell.log",
        benchmark:
            f"{BENCHMARKS}/cell.tsv"
        resources:
            mem_mb=1000,
        params:
            sources=sources("workflow/scripts/cell.py"),
            rve=study.rve.model_dump(exclude={"mesh", "groups"}),
        message:
            "Packing and meshing the cell"
        script:
            "../scripts/cell.py"

else:

    rule cell:
        """Check and scale the mesh of the configuration."""
        output:
            **CELL,
        log:
            f"{LOGS}/cell.log",
        benchmark:
            f"{BENCHMARKS}/cell.tsv"
        resources:
            mem_mb=1000,
        params:
            sources=sources("workflow/scripts/own_cell.py"),
            # Not an input, where Snakemake would take a brace in its path for a wildcard.
            own={
                **study.rve.model_dump(include={"mesh", "groups"}),
                "sha256": checksums.sha256(study.rve.mesh),
            },
        message:
            "Reading the cell from {params.own[mesh]}"
        script:
            "../scripts/own_cell.py"
