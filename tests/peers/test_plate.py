"""The plate with a hole of docs/examples in CalculiX and in scikit-fem, a network at every point.

Quadratic triangles of three points there, here quadratic wedges of three times these three, in
plane strain by equations: the same discrete problem, so that forces agree far closer than two
meshes of one problem would.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import yaml
from calculix import Array, Law, material, material_name, run
from exported import HOLLOW, LAWS, ROOT, THREE_PHASES, TREE, export
from fibre_cell import HEIGHT, Wedges, extrude
from numpy.typing import NDArray
from plate_with_hole import EDGE, pull, quarter_plate
from skfem import MeshTri

from evaluation.online import NetworkLaw
from rve.materials import materials
from rve.microstructure.mesh import Mesh

ELONGATION, STEPS = 0.01, 5
MILLIMETRES = 100.0  # an edge; forces are then large against the 1e-6 N that CalculiX neglects
TOLERANCE = 1e-6


def test_forces_equal_those_of_scikit_fem(cell_law: Law, tmp_path: Path) -> None:
    mesh = quarter_plate(around=6, outwards=5)
    expected, _ = pull(mesh, NetworkLaw(TREE, LAWS), ELONGATION * EDGE, STEPS)
    force = 1e-3 * pulled_in_calculix(mesh, cell_law, tmp_path)
    difference = np.abs(force / expected - 1).max()
    print(f"\nplate with a hole: forces differ by {difference:.1e}")
    assert expected[-1] < 0.9 * STEPS * expected[0], "the matrix should flow"
    assert difference < TOLERANCE


def test_forces_with_an_interphase_and_voids(tmp_path: Path) -> None:
    law = export(tmp_path, 3, HOLLOW, THREE_PHASES, "soft_interphase")
    config = yaml.safe_load((ROOT / THREE_PHASES).read_text())
    laws = materials(**config["composites"]["soft_interphase"])
    mesh = quarter_plate(around=3, outwards=3)
    expected, _ = pull(mesh, NetworkLaw(HOLLOW, laws), ELONGATION * EDGE, STEPS)
    force = 1e-3 * pulled_in_calculix(mesh, law, tmp_path)
    difference = np.abs(force / expected - 1).max()
    print(f"\nplate with a hole, four phases: forces differ by {difference:.1e}")
    assert expected[-1] < 0.9 * STEPS * expected[0], "the matrix should flow"
    assert difference < TOLERANCE


def pulled_in_calculix(mesh: MeshTri, law: Law, folder: Path) -> Array:
    """Forces at the end of each step over the edge and the thickness, MPa."""
    plane = quadratic(mesh)
    wedges = extrude(plane)
    x, y, _ = wedges.nodes.T
    sides = {"LEFT": np.isclose(x, 0), "BOTTOM": np.isclose(y, 0), "RIGHT": np.isclose(x, EDGE)}
    held = {1: sides["LEFT"] | sides["RIGHT"], 2: sides["BOTTOM"]}
    deck = ["*NODE, NSET=ALL"]
    for number, place in enumerate(MILLIMETRES * wedges.nodes, start=1):
        deck.append(", ".join([str(number), *(f"{value:.12e}" for value in place)]))
    deck.append("*ELEMENT, TYPE=C3D15, ELSET=PLATE")
    for number, nodes in enumerate(wedges.elements + 1, start=1):
        deck.append(", ".join(map(str, (number, *nodes))))
    for name, chosen in sides.items():
        deck += [f"*NSET, NSET={name}", *(f"{node + 1}," for node in np.flatnonzero(chosen))]
    deck += [
        *material(law, "PLATE", [0.0]),
        f"*SOLID SECTION, ELSET=PLATE, MATERIAL={material_name(law, 'PLATE')}",
        "*EQUATION",
        *_plane_strain(len(plane.nodes), wedges, held),
        f"*STEP, INC={STEPS}",
        "*STATIC, SOLVER=SPOOLES, DIRECT",
        f"1, {STEPS}",
        "*CONTROLS, PARAMETERS=FIELD",
        "1e-7, 1e-5, , , 1e-7",
        "*BOUNDARY",
        "ALL, 3, 3, 0",
        "LEFT, 1, 1, 0",
        "BOTTOM, 2, 2, 0",
        f"RIGHT, 1, 1, {ELONGATION * MILLIMETRES * EDGE:.12g}",
        "*NODE PRINT, NSET=RIGHT, TOTALS=ONLY",
        "RF",
        "*END STEP",
    ]
    force = run(deck, folder, law).printed["total force", "RIGHT"][:, 0, 0]
    return force / (HEIGHT * MILLIMETRES * MILLIMETRES)


def _plane_strain(
    plane: int, wedges: Wedges, held: Mapping[int, NDArray[np.bool_]]
) -> Iterable[str]:
    """Equal displacements in the plane of all nodes above each other, where none is prescribed.

    A network is not symmetric about the plane: stresses 23 and 31 would move the faces apart.
    """
    below = np.concatenate([np.arange(plane), np.arange(plane), wedges.upright])
    for node in range(plane, len(below)):
        for dof, prescribed in held.items():
            if not prescribed[node]:
                yield "2"
                yield f"{node + 1}, {dof}, 1, {below[node] + 1}, {dof}, -1"


def quadratic(mesh: MeshTri) -> Mesh:
    """With the middles of the straight edges, all elements counter-clockwise."""
    corners = mesh.t.T
    a, b, c = mesh.p.T[corners].transpose(1, 0, 2)
    clockwise = np.linalg.det(np.stack([b - a, c - a], axis=-1)) < 0
    corners[clockwise] = corners[clockwise][:, [0, 2, 1]]
    edges = np.sort(corners[:, [[0, 1], [1, 2], [2, 0]]], axis=-1)
    ends, middle = np.unique(edges.reshape(-1, 2), axis=0, return_inverse=True)
    nodes = np.concatenate([mesh.p.T, mesh.p.T[ends].mean(axis=1)])
    triangles = np.hstack([corners, middle.reshape(-1, 3) + mesh.p.shape[1]])
    return Mesh(nodes, triangles, np.zeros(len(triangles), dtype=np.int64))
