"""Second-order triangular mesh of the periodic cell with gmsh: generation, reading and checks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from rve.errors import InputError
from rve.packing import Packing

Array = NDArray[np.float64]

MATRIX, FIBRE = 0, 1
PHASES = ("matrix", "fibre")

# Elements shrink where two fibres nearly touch, down to this part of the target size.
_SMALLEST_SIZE = 0.35
_PLACE_TOLERANCE = 1e-8  # cell edges
_SIZE_FIELD_POINTS = 201
_QUADRATIC_TRIANGLE = 9  # gmsh's number of the element type


@dataclass(frozen=True)
class Mesh:
    """Second-order triangles of the unit cell.

    Attributes:
        nodes: coordinates (n, 2), in cell edges.
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
    """
    with _gmsh_model():
        fibres, matrix = _geometry(packing)
        for tag, (name, surfaces) in enumerate(zip(PHASES, (matrix, fibres), strict=True), start=1):
            gmsh.model.addPhysicalGroup(2, surfaces, tag, name)
        _match_opposite_edges()
        _refine_gaps(packing, element_size)
        gmsh.model.mesh.generate(2)
        gmsh.model.mesh.setOrder(2)
        gmsh.write(str(path))


def read(path: Path) -> Mesh:
    """Read a mesh written by `generate`.

    Raises:
        InputError: the file is not a gmsh mesh, or has no second-order triangles in the groups
            `matrix` and `fibre`.
    """
    with _gmsh_model():
        try:
            gmsh.open(str(path))
        except Exception as error:
            raise InputError(f"{path}: not a gmsh mesh file ({error})") from error
        tags, coordinates, _ = gmsh.model.mesh.getNodes()
        number = np.zeros(int(tags.max(initial=0)) + 1, dtype=np.int64)
        number[tags] = np.arange(len(tags))
        groups = {
            gmsh.model.getPhysicalName(*group): group for group in gmsh.model.getPhysicalGroups(2)
        }
        triangles, phase = [], []
        for index, name in enumerate(PHASES):
            connectivity = (
                _triangles(groups[name]) if name in groups else np.empty((0, 6), np.int64)
            )
            if not len(connectivity):
                raise InputError(
                    f"{path}: no second-order triangles in the physical group `{name}`; "
                    f"the mesh needs the two-dimensional groups {' and '.join(PHASES)}"
                )
            triangles.append(number[connectivity])
            phase.append(np.full(len(connectivity), index))
    nodes = coordinates.reshape(-1, 3)[:, :2]
    return Mesh(nodes, np.concatenate(triangles), np.concatenate(phase))


def periodic_numbering(points: Array) -> NDArray[np.int64]:
    """Number points (n, 2) of the unit square so that periodic images share a number (n,).

    Raises:
        InputError: a point on one edge has no partner on the opposite edge.
    """
    upper = np.abs(points - 1) < _PLACE_TOLERANCE
    lower = np.abs(points) < _PLACE_TOLERANCE
    moved, fixed = np.flatnonzero(upper.any(axis=1)), np.flatnonzero(~upper.any(axis=1))
    distance, partner = KDTree(points[fixed]).query(np.where(upper, 0.0, points)[moved])
    lonely = np.concatenate(
        [
            moved[distance > _PLACE_TOLERANCE],
            np.setdiff1d(fixed[lower[fixed].any(axis=1)], fixed[partner]),
        ]
    )
    if len(lonely):
        x, y = points[lonely[0]]
        raise InputError(
            f"the mesh is not periodic: the node at ({x:.6g}, {y:.6g}) has no partner on the "
            "opposite edge of the unit cell"
        )
    numbering = np.arange(len(points))
    numbering[moved] = fixed[partner]
    return np.unique(numbering, return_inverse=True)[1]


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
    discs = [
        (2, occ.addDisk(x, y, 0, packing.radius, packing.radius))
        for x, y in _periodic_images(packing)
    ]
    inside, _ = occ.intersect([(2, cell)], discs, removeObject=False)
    _, parents = occ.fragment([(2, cell)], inside)
    occ.synchronize()
    fibres = sorted({tag for children in parents[1:] for _, tag in children})
    matrix = sorted({tag for _, tag in parents[0]} - set(fibres))
    return fibres, matrix


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
    low, high = np.full(3, -1e-3), np.array([1 + 1e-3, 1 + 1e-3, 1e-3])
    low[axis], high[axis] = position - 1e-3, position + 1e-3
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


def _triangles(group: tuple[int, int]) -> NDArray[np.int64]:
    found = [np.empty((0, 6), np.int64)]
    for surface in gmsh.model.getEntitiesForPhysicalGroup(*group):
        types, _, nodes = gmsh.model.mesh.getElements(2, surface)
        for kind, connectivity in zip(types, nodes, strict=True):
            if kind == _QUADRATIC_TRIANGLE:
                found.append(connectivity.reshape(-1, 6).astype(np.int64))
    return np.concatenate(found)
