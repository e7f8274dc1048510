"""Second-order triangular mesh of the periodic cell with gmsh: generation and files."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray
from skfem import MeshTri2

from rve.errors import InputError
from rve.microstructure.packing import Packing
from rve.microstructure.phases import (
    BY_NAME,
    PHASES,
    Group,
    Groups,
    groups_of_phases,
    phase_of_elements,
)
from rve.microstructure.places import coordinates, tolerance

Array = NDArray[np.float64]

logger = logging.getLogger(__name__)

# Elements shrink where two fibres nearly touch, down to this part of the target size.
_SMALLEST_SIZE = 0.35
_SIZE_FIELD_POINTS = 201
# The six nodes of a triangle in its own coordinates.
_REFERENCE_NODES = np.array([[0, 1, 0, 0.5, 0.5, 0], [0, 0, 1, 0, 0.5, 0.5]])
_LINEAR_TRIANGLE, _QUADRATIC_TRIANGLE = 2, 9  # gmsh's numbers of the element types
# Of coordinates, over the size of the cell: gmsh writes sixteen digits, and adjusts periodic nodes
# when it reads a file.
_WRITTEN_PRECISION = 1e-13


@dataclass(frozen=True)
class Mesh:
    """Second-order triangles of the cell.

    Attributes:
        nodes: coordinates (n, 2). A cell ready for use has its lower left corner at the origin and
            the area 1, whatever the unit of length: the square of packed fibres has unit edges.
        triangles: node numbers (m, 6): three corners, then the middles of edges 01, 12, 20.
        phase: MATRIX or FIBRE for each triangle (m,).
    """

    nodes: Array
    triangles: NDArray[np.int64]
    phase: NDArray[np.int64]


def generate(packing: Packing, element_size: float, path: Path) -> None:
    """Mesh the cell and write it, with the physical groups `matrix` and `fibre`, to a .msh file.

    Args:
        packing: the fibres.
        element_size: target length of an element's edge, in cell edges.
        path: the file to write.

    Raises:
        InputError: gmsh gives up, or the file could not be written whole.
    """
    with _gmsh_model():
        try:
            _mesh(packing, element_size)
        except Exception as error:
            raise InputError(
                f"gmsh could not mesh the packing ({error}); try another rve.seed or "
                "rve.element_size"
            ) from error
        _save(path)


def _mesh(packing: Packing, element_size: float) -> None:
    fibres, matrix = _geometry(packing)
    for tag, (name, surfaces) in enumerate(zip(PHASES, (matrix, fibres), strict=True), start=1):
        gmsh.model.addPhysicalGroup(2, surfaces, tag, name)
    _match_opposite_edges()
    _refine_gaps(packing, element_size)
    gmsh.model.mesh.generate(2)
    gmsh.model.mesh.setOrder(2)


def write(mesh: Mesh, path: Path) -> None:
    """Write a mesh, with the physical groups `matrix` and `fibre`, to a .msh file.

    Raises:
        InputError: the file could not be written whole.
    """
    with _gmsh_model():
        for tag in range(1, len(PHASES) + 1):
            gmsh.model.addDiscreteEntity(2, tag)
        points = np.pad(mesh.nodes, ((0, 0), (0, 1)))
        gmsh.model.mesh.addNodes(2, 1, np.arange(1, len(mesh.nodes) + 1), points.ravel())
        for phase, name in enumerate(PHASES):
            nodes = mesh.triangles[mesh.phase == phase] + 1
            gmsh.model.mesh.addElementsByType(phase + 1, _QUADRATIC_TRIANGLE, [], nodes.ravel())
            gmsh.model.addPhysicalGroup(2, [phase + 1], phase + 1, name)
        _save(path)


def _save(path: Path) -> None:
    """Write the open gmsh model, and compare: gmsh does not say when the disk is full."""
    places = _places_of_elements()
    gmsh.write(str(path))
    gmsh.clear()
    try:
        gmsh.open(str(path))
        kept = _places_of_elements()
    except Exception:  # gmsh raises nothing narrower
        kept = np.empty(0)
    slack = _WRITTEN_PRECISION * np.abs(places).max()
    if kept.shape != places.shape or np.abs(kept - places).max() > slack:
        raise InputError(f"{path}: could not be written whole; is the disk full?")


def _places_of_elements() -> Array:
    """Coordinates (k, 3) of the nodes of all triangles, one after the other."""
    nodes, number = _nodes()
    return nodes[number[np.concatenate(gmsh.model.mesh.getElements(2)[2])]]


def read(path: Path, groups: Groups = BY_NAME) -> Mesh:
    """Read the triangles of matrix and fibre from a .msh file; those of first order are raised.

    Args:
        path: the file.
        groups: physical groups of each phase that has no usual name.

    Raises:
        InputError: the file is not a gmsh mesh, lacks a group, has two-dimensional elements of
            another kind or in no phase or in both, or does not lie in a plane.
    """
    if path.suffix != ".msh":
        raise InputError(f"{path}: not a gmsh mesh file; its name has to end with .msh")
    with _gmsh_model():
        try:
            gmsh.open(str(path))
        except Exception as error:
            raise InputError(f"{path}: not a gmsh mesh file ({error})") from error
        try:
            return _mesh_of_groups(groups)
        except InputError as error:
            raise InputError(f"{path}: {error}") from error


def jacobian_determinants(mesh: Mesh) -> Array:
    """Determinants (m, 6) of the Jacobian at the nodes; the last three add up to six areas.

    The determinant is quadratic, so that the rule of the three middles integrates it exactly.
    """
    return MeshTri2(mesh.nodes.T, mesh.triangles.T).mapping().detDF(_REFERENCE_NODES)


@contextmanager
def _gmsh_model() -> Iterator[None]:
    gmsh.initialize([], readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Verbosity", 0)
        gmsh.option.setNumber("General.NumThreads", 1)
        yield
    finally:
        gmsh.finalize()


def _geometry(packing: Packing) -> tuple[list[int], list[int]]:
    """Build cell and fibres, cut at the cell's edges; the surfaces of fibres and matrix."""
    occ = gmsh.model.occ
    cell = occ.addRectangle(0, 0, 0, 1, 1)
    radius = packing.radius
    # A circle begins and ends at a vertex; towards the cell's middle it is far from cut edges.
    discs = [
        (2, occ.addDisk(x, y, 0, radius, radius, zAxis=[0, 0, 1], xAxis=_towards_middle(x, y)))
        for x, y in _periodic_images(packing)
    ]
    # One cut for all, so that a crossing of an arc and an edge is computed once.
    pieces, parents = occ.fragment([(2, cell)], discs)
    inside = {tag for _, tag in parents[0]}
    occ.remove([piece for piece in pieces if piece[1] not in inside], recursive=True)
    occ.synchronize()
    within_discs = {tag for children in parents[1:] for _, tag in children}
    return sorted(inside & within_discs), sorted(inside - within_discs)


def _towards_middle(x: float, y: float) -> list[float]:
    return [0.5 - x, 0.5 - y, 0] if (x, y) != (0.5, 0.5) else [1, 0, 0]


def _periodic_images(packing: Packing) -> Array:
    """Centres of every disc that reaches into the unit square."""
    shifts = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    images = (packing.centres[:, None, :] + shifts).reshape(-1, 2)
    nearest = np.clip(images, 0, 1)
    return images[np.linalg.norm(images - nearest, axis=1) < packing.radius]


def _match_opposite_edges() -> None:
    for axis in range(2):
        shift = np.eye(3)[axis]
        for lower in _curves_on(axis, 0.0):
            box = np.array(gmsh.model.getBoundingBox(1, lower)).reshape(2, 3) + shift
            partners = [
                upper
                for upper in _curves_on(axis, 1.0)
                if np.allclose(
                    np.array(gmsh.model.getBoundingBox(1, upper)).reshape(2, 3), box, atol=1e-6
                )
            ]
            translation = np.eye(4)
            translation[:3, 3] = shift
            gmsh.model.mesh.setPeriodic(1, partners, [lower], translation.ravel().tolist())


def _curves_on(axis: int, position: float) -> list[int]:
    low, high = np.full(3, -1e-5), np.array([1 + 1e-5, 1 + 1e-5, 1e-5])
    low[axis], high[axis] = position - 1e-5, position + 1e-5
    return [tag for _, tag in gmsh.model.getEntitiesInBoundingBox(*low, *high, dim=1)]


def _refine_gaps(packing: Packing, element_size: float) -> None:
    """Let the element size follow the width of the matrix between neighbouring fibres."""
    ticks = np.linspace(0, 1, _SIZE_FIELD_POINTS)
    x, y = np.meshgrid(ticks, ticks, indexing="ij")
    offset = np.stack([x, y], axis=-1)[:, :, None, :] - packing.centres
    offset -= np.round(offset)
    to_surface = np.abs(np.linalg.norm(offset, axis=-1) - packing.radius)
    if len(packing.centres) > 1:
        width = np.partition(to_surface, 1, axis=-1)[..., :2].sum(axis=-1)
    else:
        width = np.full_like(x, element_size)
    size = np.clip(width, _SMALLEST_SIZE * element_size, element_size)

    # A list-based view holds bilinear squares (SQ): x, y, z of the corners, then their values.
    def corners(values: Array) -> list[Array]:
        return [values[:-1, :-1], values[1:, :-1], values[1:, 1:], values[:-1, 1:]]

    squares = np.stack(
        [*corners(x), *corners(y), *corners(np.zeros_like(x)), *corners(size)], axis=-1
    )
    view = gmsh.view.add("element size")
    gmsh.view.addListData(view, "SQ", squares.shape[0] * squares.shape[1], squares.ravel())
    field = gmsh.model.mesh.field.add("PostView")
    gmsh.model.mesh.field.setNumber(field, "ViewTag", view)
    gmsh.model.mesh.field.setAsBackgroundMesh(field)
    for source in ("Points", "Curvature"):
        gmsh.option.setNumber(f"Mesh.MeshSizeFrom{source}", 0)
    gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)


def _mesh_of_groups(chosen: Groups) -> Mesh:
    """The mesh in the physical groups of the open gmsh model."""
    nodes, number = _nodes()
    parts, membership = _surfaces(nodes, number)
    of_phases = groups_of_phases(set().union(*membership), chosen)
    if len({part.shape[1] for part in parts}) > 1:
        raise InputError("some triangles are of first order, others of second; mesh with one order")
    elements = np.concatenate(parts)
    surface = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    centres = nodes[elements[:, :3]].mean(axis=1)[:, :2]
    kept, phase = phase_of_elements(elements, surface, membership, of_phases, centres)
    used, triangles = np.unique(elements[kept], return_inverse=True)
    nodes = _in_plane(nodes[used])
    return Mesh(*_second_order(nodes, triangles.reshape(len(kept), -1)), phase)


def _nodes() -> tuple[Array, NDArray[np.int64]]:
    """Nodes (n, 3) of the open gmsh model, and the place among them of gmsh's number of a node."""
    tags, flat, _ = gmsh.model.mesh.getNodes()
    number = np.zeros(int(tags.max(initial=0)) + 1, dtype=np.int64)
    number[tags] = np.arange(len(tags))
    return flat.reshape(-1, 3), number


def _surfaces(
    nodes: Array, number: NDArray[np.int64]
) -> tuple[list[NDArray[np.int64]], list[set[Group]]]:
    """Triangles (m, 3 or 6) of each meshed surface, and its physical groups."""
    groups: dict[int, set[Group]] = {}
    for dimension, tag in gmsh.model.getPhysicalGroups(2):
        group = Group(tag, gmsh.model.getPhysicalName(dimension, tag))
        for surface in gmsh.model.getEntitiesForPhysicalGroup(dimension, tag):
            groups.setdefault(surface, set()).add(group)
    parts, membership = [], []
    for _, surface in gmsh.model.getEntities(2):
        for kind, _, flat in zip(*gmsh.model.mesh.getElements(2, surface), strict=True):
            name, _, _, size, *_ = gmsh.model.mesh.getElementProperties(kind)
            elements = number[flat].reshape(-1, size)
            if kind not in {_LINEAR_TRIANGLE, _QUADRATIC_TRIANGLE}:
                where = coordinates(nodes[elements[0]].mean(axis=0)[:2])
                raise InputError(
                    f"the element near {where} is a {name}, expected triangles of first or second "
                    "order (Triangle 3 or Triangle 6); mesh with `gmsh -2 -order 2` and without "
                    "recombination to quadrangles"
                )
            parts.append(elements)
            membership.append(groups.get(surface, set()))
    return parts, membership


def _in_plane(nodes: Array) -> Array:
    """The nodes (n, 2) of nodes (n, 3) in a plane z = constant."""
    plane = np.median(nodes[:, 2])
    out_of_plane = np.abs(nodes[:, 2] - plane)
    if out_of_plane.max() > tolerance(nodes):
        raise InputError(
            f"the node at {coordinates(nodes[out_of_plane.argmax()])} does not lie in the plane of "
            f"the others, z = {plane:.6g}; the cell is two-dimensional, in a plane "
            "parallel to x and y, with the fibres along z"
        )
    return nodes[:, :2]


def _second_order(nodes: Array, triangles: NDArray[np.int64]) -> tuple[Array, NDArray[np.int64]]:
    """Nodes and triangles (m, 6), with a node in the middle of each edge where there is none."""
    if triangles.shape[1] == 6:
        return nodes, triangles
    ends = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]], axis=-1).reshape(-1, 2)
    edges, middle = np.unique(ends, axis=0, return_inverse=True)
    logger.info(
        "the triangles are of first order: each edge gets a node in its middle and stays straight"
    )
    return (
        np.concatenate([nodes, nodes[edges].mean(axis=1)]),
        np.hstack([triangles, len(nodes) + middle.reshape(-1, 3)]),
    )
