"""A microstructure that the user meshed: its checks, and its scaling to a cell of unit area.

First-order homogenisation knows no length, so the file may be in any unit. Once scaled, the areas
of the integration points are their weights in every mean over the cell, as for packed fibres.
"""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.spatial import KDTree

from rve.arrays import Array
from rve.errors import InputError
from rve.microstructure.lattice import (
    UPWARDS,
    Lattice,
    Parallelogram,
    describe_unpaired,
    find_lattice,
    offset_remark,
    outer_edges,
    parallelogram,
)
from rve.microstructure.mesh import Mesh, jacobian_determinants, read
from rve.microstructure.phases import BY_NAME, Groups
from rve.microstructure.places import PLACE_TOLERANCE, coordinates, tolerance

logger = logging.getLogger(__name__)

_MIRRORED = [0, 2, 1, 5, 4, 3]
_PERIODIC_CURVE = "gmsh's `Periodic Curve`"
_PORES = (
    "a network has two phases, so that pores in a matrix are meshed as the fibre, with a soft "
    "elastic law"
)


def load(path: Path, groups: Groups = BY_NAME) -> tuple[Mesh, Array]:
    """Read, check and scale a mesh of the user's.

    Args:
        path: the file, of gmsh (.msh) or Abaqus (.inp).
        groups: its groups of each phase that has no usual name.

    Returns:
        The mesh, its lowest node at the origin and its area 1, and two vectors (2, 2) of its
        lattice in the file's unit of length: of a parallelogram its sides.

    Raises:
        InputError: the file is not such a mesh, or the elements are folded, overlap, leave gaps,
            are not connected or not periodic.

    Example:
        A cell of any size, in millimetres for instance, becomes one of unit area:

        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.microstructure import Mesh, load
        >>> from rve.microstructure.mesh import write
        >>> nodes = np.array([[2.0 * i, 2.0 * j] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write(Mesh(nodes, triangles, np.array([0, 1])), Path(folder) / "own.msh")
        ...     mesh, lattice = load(Path(folder) / "own.msh")
        >>> mesh.nodes.max(axis=0).round(12).tolist()
        [1.0, 1.0]
        >>> np.abs(lattice).sum(axis=0).tolist()
        [4.0, 4.0]
    """
    mesh, lattice = checked(path, groups)
    if remark := offset_remark(lattice):
        logger.warning("%s: %s", path, remark)
    lowest = mesh.nodes[(mesh.nodes @ UPWARDS).argmin()]
    return replace(mesh, nodes=(mesh.nodes - lowest) / np.sqrt(lattice.area)), lattice.vectors


def checked(path: Path, groups: Groups) -> tuple[Mesh, Lattice]:
    """A mesh of the user's as it is in the file, and its lattice; see `load`."""
    mesh = read(path, groups)
    try:
        mesh = _counter_clockwise(mesh)
        lattice = find_lattice(mesh.nodes, mesh.triangles)
        if lattice is None:
            raise InputError(_periodicity_fault(mesh))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return mesh, lattice


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


def _periodicity_fault(mesh: Mesh) -> str:
    """What is wrong with a mesh that has no lattice."""
    cell = parallelogram(mesh.nodes)
    covered = jacobian_determinants(mesh)[:, 3:].sum() / 6 / cell.area if cell else 0.0
    if cell and covered > 1 + PLACE_TOLERANCE:
        inner = _inner_edges(mesh, cell)
        where = f"near {coordinates(inner[0])}" if len(inner) else "everywhere"
        return (
            f"elements overlap {where}: together they have {covered:.6g} times the area of the "
            "parallelogram around them; cut the surfaces from each other (`BooleanFragments`) "
            "before meshing"
        )
    edges = mesh.nodes[outer_edges(mesh.nodes, mesh.triangles)[:, 1]]
    nearest = KDTree(edges).query(edges, k=2)[0][:, 1] if len(edges) else np.empty(0)
    if len(doubled := edges[nearest < tolerance(mesh.nodes)]):
        return (
            f"the elements on both sides of the edge at {coordinates(doubled[0])} are not "
            "connected, since its nodes are doubled; merge them with gmsh's `Coherence Mesh;`, "
            "or cut the surfaces from each other (`BooleanFragments`) before meshing"
        )
    if cell is None:
        return (
            f"the mesh is not periodic: {describe_unpaired(mesh.nodes, mesh.triangles)}. A cell "
            "fills the plane without gaps when two vectors shift it, so each line of its outline "
            f"comes back on the other side, with the same nodes ({_PERIODIC_CURVE}). Within it "
            f"elements neither overlap nor leave holes: {_PORES}"
        )
    fill = f"the elements fill {covered:.6g} of the parallelogram around them"
    if len(beside := _inner_edges(mesh, cell, beside_side=True)):
        return (
            f"the mesh is not periodic: {fill}, and the edge at {coordinates(beside[0])}, which "
            "begins or ends on a side of it, belongs to one element only. Let the edges of the "
            f"cell be straight, or the same on both sides ({_PERIODIC_CURVE}). If a pore is cut "
            f"there, mesh it, with common nodes: {_PORES}"
        )
    if len(inner := _inner_edges(mesh, cell)):
        return (
            f"{fill}; the edge at {coordinates(inner[0])} belongs to one element only. Mesh "
            f"holes, with common nodes: {_PORES}"
        )
    lonely = coordinates(_unpaired_points(cell, mesh.nodes))
    return (
        f"the mesh is not periodic: the node at {lonely} has no partner on the opposite edge of "
        f"the cell; give opposite edges the same nodes with {_PERIODIC_CURVE}"
    )


def _inner_edges(mesh: Mesh, cell: Parallelogram, beside_side: bool = False) -> Array:
    """Middles (k, 2) of inner edges with one element; `beside_side`: those that touch a side."""
    edges = outer_edges(mesh.nodes, mesh.triangles)
    on_sides = np.less(cell.distances(mesh.nodes), tolerance(mesh.nodes))[edges]
    taken = ~np.any(on_sides.all(axis=1), axis=(1, 2))
    if beside_side:
        taken &= on_sides[:, [0, 2]].any(axis=(1, 2, 3))
    return mesh.nodes[edges[taken, 1]]


def _unpaired_points(cell: Parallelogram, points: Array) -> Array:
    """The point (2,) on a side of the cell that is farthest from any on the opposite one."""
    sides = cell.distances(points) < tolerance(points)
    worst, place = -1.0, points[0]
    for axis, shift in enumerate(cell.vectors):
        for end, sign in ((0, 1), (1, -1)):
            own, others = points[sides[:, axis, end]], points[sides[:, axis, 1 - end]]
            distance = KDTree(others).query(own + sign * shift)[0]
            if distance.max() > worst:
                worst, place = distance.max(), own[distance.argmax()]
    return place
