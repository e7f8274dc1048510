"""Measure how the references depend on mesh and packing."""

import json
from pathlib import Path

import numpy as np

from evaluation.measures.convergence import STIFFNESS, Response, mesh_errors, packing_scatter
from rve.loads.curve import read_curve
from rve.table import write_table
from workflow.study.run.job import Job, script


def responses(cells: dict[str, dict[str, float]], folder: Path, loads: list[str]) -> list[Response]:
    """What the cells in a folder answer, a response a cell and composite."""
    found = []
    for name, rve in cells.items():
        statistics = json.loads((folder / name / "statistics.json").read_text(encoding="utf-8"))
        with np.load(folder / name / "stiffness.npz", allow_pickle=False) as stiffness:
            for composite in stiffness.files:
                curves = {
                    load: read_curve(folder / name / composite / f"{load}.csv").stress
                    for load in loads
                }
                size = int(rve["fibres"]), rve["element_size"], statistics["elements"]
                found.append(
                    Response(composite, *size, {STIFFNESS: stiffness[composite], **curves})
                )
    return found


@script
def main(snakemake: Job) -> None:
    parameters = snakemake.params
    folder = Path(parameters.folder)
    meshes = responses(parameters.meshes, folder, parameters.loads)
    packings = responses(parameters.packings, folder, parameters.loads)
    write_table(mesh_errors(meshes), snakemake.output.mesh)
    write_table(packing_scatter(packings), snakemake.output.packing)
