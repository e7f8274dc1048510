"""Cells that the tests draw with gmsh, as a user would."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@contextmanager
def gmsh_session() -> Iterator[None]:
    """A quiet gmsh."""
    gmsh.initialize()
    try:
        gmsh.option.setNumber("General.Verbosity", 0)
        yield
    finally:
        gmsh.finalize()


@contextmanager
def drawing(path: Path, order: int = 2, version: float = 4.1) -> Iterator[None]:
    """A gmsh model that is meshed and written at the end."""
    with gmsh_session():
        yield
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(order)
        gmsh.option.setNumber("Mesh.MshFileVersion", version)
        gmsh.write(str(path))


def rectangles(x: Sequence[float], names: Sequence[str | None]) -> None:
    """Rectangles side by side, of the height 1, in groups of these names; None is in no group."""
    occ = gmsh.model.occ
    surfaces = [(2, occ.addRectangle(a, 0, 0, b - a, 1)) for a, b in pairwise(x)]
    occ.fragment(surfaces, [])
    occ.synchronize()
    for name in dict.fromkeys(name for name in names if name is not None):
        group = [tag for (_, tag), own in zip(surfaces, names, strict=True) if own == name]
        gmsh.model.addPhysicalGroup(2, group, name=name)


def periodic_square(radius: float, size: float, inclusion: str = "fibre") -> None:
    """A unit square with an inclusion in its middle, opposite sides with the same nodes."""
    occ = gmsh.model.occ
    square = (2, occ.addRectangle(0, 0, 0, 1, 1))
    disc = (2, occ.addDisk(0.5, 0.5, 0, radius, radius))
    occ.fragment([square], [disc])
    occ.synchronize()
    for axis in range(2):
        box = [-0.01, -0.01, -0.01, 1.01, 1.01, 0.01]
        sides = []
        for place in (1, 0):
            box[axis], box[axis + 3] = place - 0.01, place + 0.01
            sides.append([tag for _, tag in gmsh.model.getEntitiesInBoundingBox(*box, dim=1)])
        shift = np.eye(4)
        shift[axis, 3] = 1
        gmsh.model.mesh.setPeriodic(1, *sides, shift.ravel().tolist())
    gmsh.model.addPhysicalGroup(2, [disc[1]], name=inclusion)
    gmsh.model.addPhysicalGroup(2, [3], name="matrix")
    gmsh.option.setNumber("Mesh.MeshSizeMax", size)


def rhombus_of_a_hexagonal_array(path: Path, fraction: float, size: float) -> None:
    """The primitive cell of a hexagonal array of distance 1: a rhombus, its fibre in the middle."""
    first, second = np.array([1, 0]), np.array([0.5, np.sqrt(0.75)])
    corners = [np.zeros(2), first, first + second, second]
    with drawing(path):
        occ = gmsh.model.occ
        points = [occ.addPoint(*corner, 0) for corner in corners]
        lines = [occ.addLine(a, b) for a, b in zip(points, points[1:] + points[:1], strict=True)]
        cell = (2, occ.addPlaneSurface([occ.addCurveLoop(lines)]))
        radius = np.sqrt(fraction * second[1] / np.pi)
        fibre = (2, occ.addDisk(*corners[2] / 2, 0, radius, radius))
        _, (inside, (fibre,)) = occ.fragment([cell], [fibre])
        occ.synchronize()
        for moved, fixed, (x, y) in ((lines[1], lines[3], first), (lines[2], lines[0], second)):
            shift = [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, 0, 0, 0, 0, 1]
            gmsh.model.mesh.setPeriodic(1, [moved], [fixed], shift)
        gmsh.model.addPhysicalGroup(2, [tag for _, tag in set(inside) - {fibre}], name="matrix")
        gmsh.model.addPhysicalGroup(2, [fibre[1]], name="fibre")
        gmsh.option.setNumber("Mesh.MeshSizeMax", size)
