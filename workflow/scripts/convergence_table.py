"""Measure how the references depend on mesh and packing."""

import json
from pathlib import Path

import numpy as np

from evaluation.measures.convergence import STIFFNESS, Response, mesh_errors, packing_scatter
from rve.files import replacing
from rve.loads.curve import read_curve
from workflow.study.run.job import job


def responses(cells: dict[str, dict[str, float]], folder: Path) -> list[Response]:
    """What the cells in a folder answer, a response a cell and composite."""
    found = []
    for name, rve in cells.items():
        statistics = json.loads((folder / name / "statistics.json").read_text(encoding="utf-8"))
        with np.load(folder / name / "stiffness.npz", allow_pickle=False) as stiffness:
            for composite in stiffness.files:
                curves = {
                    load: read_curve(folder / name / composite / f"{load}.csv").stress
                    for load in snakemake.params.loads
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


with job(snakemake):
    parameters = snakemake.params
    folder = Path(parameters.folder)
    for frame, path in (
        (mesh_errors(responses(parameters.meshes, folder)), snakemake.output.mesh),
        (packing_scatter(responses(parameters.packings, folder)), snakemake.output.packing),
    ):
        with replacing(Path(path)) as temporary:
            frame.to_csv(temporary, index=False)
