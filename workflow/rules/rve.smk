rule cell:
    """Pack the fibres and mesh the cell; or check and scale the mesh of the configuration."""
    input:
        other=(
            expand(f"{TRAINED}/rve/{{file}}", file=["mesh.msh", "statistics.json"])
            if study.networks_of
            else []
        ),
    output:
        mesh=f"{OUT}/rve/mesh.msh",
        statistics=f"{OUT}/rve/statistics.json",
    resources:
        mem_mb=1000,
    params:
        # A mesh is no input, where Snakemake would take a brace in its path for a wildcard.
        rve=(
            study.rve.model_dump(include={"mesh", "groups"})
            | {"sha256": checksums.sha256(study.rve.mesh)}
            if study.rve.mesh
            else study.rve.model_dump(exclude={"mesh", "groups"})
        ),
    message:
        "Reading the cell from {params.rve[mesh]}"
        if study.rve.mesh
        else (
            f"Taking the cell of {study.networks_of}"
            if study.networks_of
            else "Packing and meshing the cell"
        )
    script:
        "../scripts/cell.py"
