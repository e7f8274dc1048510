"""Measure how the references depend on mesh and packing."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.measures.convergence import STIFFNESS, Response, mesh_errors, packing_scatter
from rve.loads.curve import read_curve
from rve.table import write_table
from workflow.study.run.job import script


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
                quantities = {STIFFNESS: stiffness[composite], **curves}
                found.append(
                    Response(
                        composite,
                        int(rve["fibres"]),
                        rve["element_size"],
                        statistics["elements"],
                        quantities,
                    )
                )
    return found


@script
def main(snakemake: Any) -> None:
    parameters = snakemake.params
    folder = Path(parameters.folder)
    write_table(
        mesh_errors(responses(parameters.meshes, folder, parameters.loads)), snakemake.output.mesh
    )
    write_table(
        packing_scatter(responses(parameters.packings, folder, parameters.loads)),
        snakemake.output.packing,
    )
