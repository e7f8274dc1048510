"""A microstructure that the user meshed: its checks, and its scaling to a cell of unit area.

First-order homogenisation knows no length, so the file may be in any unit. Once scaled, the areas
of the integration points are their weights in every mean over the cell, as for packed fibres.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from rve.errors import InputError
from rve.microstructure.lattice import Parallelogram, outline, periodic_numbering
from rve.microstructure.mesh import Mesh, jacobian_determinants, read
from rve.microstructure.phases import BY_NAME, Groups
from rve.microstructure.places import PLACE_TOLERANCE, coordinates, tolerance

Array = NDArray[np.float64]

_MIRRORED = [0, 2, 1, 5, 4, 3]


def load(path: Path, groups: Groups = BY_NAME) -> tuple[Mesh, Array]:
    """Read, check and scale a mesh of the user's.

    Args:
        path: the .msh file.
        groups: its physical groups of each phase that has no usual name.

    Returns:
        The mesh, a corner at the origin and its area 1, and the edges (2, 2) of the cell, two
        vectors of its lattice, in the file's unit of length.

    Raises:
        InputError: the file is not such a mesh, or the elements do not fill a parallelogram, are
            folded, overlap, are not connected or not periodic.
    """
    mesh = read(path, groups)
    try:
        cell = outline(mesh.nodes)
        mesh = _counter_clockwise(mesh)
        _check_cover(mesh, cell)
        _check_periodicity(mesh.nodes)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return replace(mesh, nodes=(mesh.nodes - cell.origin) / np.sqrt(cell.area)), cell.vectors


def _counter_clockwise(mesh: Mesh) -> Mesh:
    """The mesh with all elements counter-clockwise.

    The order of an element's nodes says nothing about the cell: gmsh turns it with the direction
    in which a surface's boundary was drawn. An element that lies on others shows by its edges.
    """
    jacobian = jacobian_determinants(mesh)
    folded = (jacobian.min(axis=1) <= 0) & (jacobian.max(axis=1) >= 0)
    if folded.any():
        corners = mesh.nodes[mesh.triangles[folded.argmax(), :3]]
        raise InputError(
            f"the element near {coordinates(corners.mean(axis=0))} is folded or flat; use smaller "
            "elements there, or gmsh's `Mesh.HighOrderOptimize`"
        )
    clockwise = jacobian[:, :1] < 0
    triangles = np.where(clockwise, mesh.triangles[:, _MIRRORED], mesh.triangles)
    return replace(mesh, triangles=triangles)


def _check_cover(mesh: Mesh, cell: Parallelogram) -> None:
    """Elements that meet one another at every edge within the parallelogram cover it once."""
    covered = jacobian_determinants(mesh)[:, 3:].sum() / 6 / cell.area
    inner = _inner_boundary(mesh, cell)
    if len(doubled := _doubled(inner, tolerance(mesh.nodes))):
        raise InputError(
            f"the elements on both sides of the edge at {coordinates(doubled[0])} are not "
            "connected, since its nodes are doubled; merge them with gmsh's `Coherence Mesh;`, "
            "or cut the surfaces from each other (`BooleanFragments`) before meshing"
        )
    if covered > 1 + PLACE_TOLERANCE:
        where = f"near {coordinates(inner[0])}" if len(inner) else "everywhere"
        raise InputError(
            f"elements overlap {where}: together they have {covered:.6g} times the area of the "
            "parallelogram around them; cut the surfaces from each other (`BooleanFragments`) "
            "before meshing"
        )
    if len(inner):
        raise InputError(
            f"the elements fill {covered:.6g} of the parallelogram around them; the edge at "
            f"{coordinates(inner[0])} belongs to one element only. Let the edges of the cell be "
            "straight, and mesh holes, with common nodes: a network has two phases, so that pores "
            "in a matrix are meshed as the fibre, with a soft elastic law"
        )


def _inner_boundary(mesh: Mesh, cell: Parallelogram) -> Array:
    """Middles (k, 2) of the edges within the cell that have an element on one side only."""
    start, middle = mesh.triangles[:, :3], mesh.triangles[:, 3:]
    end = np.roll(start, -1, axis=1)
    directed = middle * len(mesh.nodes) + start
    repeated = np.setdiff1d(np.arange(directed.size), np.unique(directed, return_index=True)[1])
    if len(repeated):
        raise InputError(
            "elements overlap: two lie on the same side of their common edge at "
            f"{coordinates(mesh.nodes[middle.flat[repeated[0]]])}; an element is inverted there, "
            "or laid over others"
        )
    alone = ~np.isin(middle * len(mesh.nodes) + end, directed)
    on_sides = cell.distances(mesh.nodes) < tolerance(mesh.nodes)
    along_side = (on_sides[start] & on_sides[middle] & on_sides[end]).any(axis=(2, 3))
    return mesh.nodes[middle[alone & ~along_side]]


def _doubled(points: Array, tolerance: float) -> Array:
    """The points (k, 2) where another one is."""
    if not len(points):
        return points
    return points[KDTree(points).query(points, k=2)[0][:, 1] < tolerance]


def _check_periodicity(nodes: Array) -> None:
    try:
        periodic_numbering(nodes)
    except InputError as error:
        raise InputError(
            f"{error}; give opposite edges the same nodes with gmsh's `Periodic Curve`"
        ) from error
