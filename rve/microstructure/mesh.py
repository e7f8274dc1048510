"""Second-order triangular mesh of the periodic cell with gmsh: generation, files, periodicity."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import gmsh
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree
from skfem import MeshTri2

from rve.errors import InputError
from rve.microstructure.packing import Packing

Array = NDArray[np.float64]

MATRIX, FIBRE = 0, 1
PHASES = ("matrix", "fibre")

# Points that are closer than this, in longer edges of the cell, are taken for one: programs may
# write coordinates with seven digits.
PLACE_TOLERANCE = 1e-6

# Elements shrink where two fibres nearly touch, down to this part of the target size.
_SMALLEST_SIZE = 0.35
_SIZE_FIELD_POINTS = 201
# The six nodes of a triangle in its own coordinates.
_REFERENCE_NODES = np.array([[0, 1, 0, 0.5, 0.5, 0], [0, 0, 1, 0, 0.5, 0.5]])
_QUADRATIC_TRIANGLE = 9  # gmsh's number of the element type


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
        InputError: gmsh gives up.
    """
    with _gmsh_model():
        try:
            _mesh(packing, element_size)
        except Exception as error:
            raise InputError(
                f"gmsh could not mesh the packing ({error}); try another rve.seed or "
                "rve.element_size"
            ) from error
        gmsh.write(str(path))


def _mesh(packing: Packing, element_size: float) -> None:
    fibres, matrix = _geometry(packing)
    for tag, (name, surfaces) in enumerate(zip(PHASES, (matrix, fibres), strict=True), start=1):
        gmsh.model.addPhysicalGroup(2, surfaces, tag, name)
    _match_opposite_edges()
    _refine_gaps(packing, element_size)
    gmsh.model.mesh.generate(2)
    gmsh.model.mesh.setOrder(2)


def write(mesh: Mesh, path: Path) -> None:
    """Write a mesh, with the physical groups `matrix` and `fibre`, to a .msh file."""
    with _gmsh_model():
        for tag in range(1, len(PHASES) + 1):
            gmsh.model.addDiscreteEntity(2, tag)
        points = np.pad(mesh.nodes, ((0, 0), (0, 1)))
        gmsh.model.mesh.addNodes(2, 1, np.arange(1, len(mesh.nodes) + 1), points.ravel())
        for phase, name in enumerate(PHASES):
            nodes = mesh.triangles[mesh.phase == phase] + 1
            gmsh.model.mesh.addElementsByType(phase + 1, _QUADRATIC_TRIANGLE, [], nodes.ravel())
            gmsh.model.addPhysicalGroup(2, [phase + 1], phase + 1, name)
        gmsh.write(str(path))


def read(path: Path) -> Mesh:
    """Read the second-order triangles of the groups `matrix` and `fibre` from a .msh file.

    Raises:
        InputError: the file is not a gmsh mesh, lacks a group, has two-dimensional elements of
            another kind or outside the groups, or does not lie in a plane.
    """
    if path.suffix != ".msh":
        raise InputError(f"{path}: not a gmsh mesh file; its name has to end with .msh")
    with _gmsh_model():
        try:
            gmsh.open(str(path))
        except Exception as error:
            raise InputError(f"{path}: not a gmsh mesh file ({error})") from error
        try:
            return _groups()
        except InputError as error:
            raise InputError(f"{path}: {error}") from error


def periodic_numbering(points: Array) -> NDArray[np.int64]:
    """Number points (n, 2) of a rectangle so that periodic images share a number (n,).

    Raises:
        InputError: a point on one edge has no partner on the opposite edge.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    tolerance = PLACE_TOLERANCE * (high - low).max()
    upper, lower = np.abs(points - high) < tolerance, np.abs(points - low) < tolerance
    moved, fixed = np.flatnonzero(upper.any(axis=1)), np.flatnonzero(~upper.any(axis=1))
    distance, partner = KDTree(points[fixed]).query(np.where(upper, low, points)[moved])
    lonely = np.concatenate(
        [
            moved[distance > tolerance],
            np.setdiff1d(fixed[lower[fixed].any(axis=1)], fixed[partner]),
        ]
    )
    if len(lonely):
        raise InputError(
            f"the mesh is not periodic: the node at {coordinates(points[lonely[0]])} has no "
            "partner on the opposite edge of the cell"
        )
    numbering = np.arange(len(points))
    numbering[moved] = fixed[partner]
    return np.unique(numbering, return_inverse=True)[1]


def jacobian_determinants(mesh: Mesh) -> Array:
    """Determinants (m, 6) of the Jacobian at the nodes; the last three add up to six areas.

    The determinant is quadratic, so that the rule of the three middles integrates it exactly.
    """
    return MeshTri2(mesh.nodes.T, mesh.triangles.T).mapping().detDF(_REFERENCE_NODES)


def coordinates(point: Array) -> str:
    """A point in words: `(0.25, 0.5)`."""
    return f"({', '.join(f'{value:.6g}' for value in point)})"


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


def _groups() -> Mesh:
    """The mesh in the physical groups of the open gmsh model."""
    tags, flat, _ = gmsh.model.mesh.getNodes()
    number = np.zeros(int(tags.max(initial=0)) + 1, dtype=np.int64)
    number[tags] = np.arange(len(tags))
    nodes = flat.reshape(-1, 3)
    surfaces = _surfaces_of_phases()
    for _, surface in gmsh.model.getEntities(2):
        for kind, _, element_nodes in zip(*gmsh.model.mesh.getElements(2, surface), strict=True):
            name, _, _, size, *_ = gmsh.model.mesh.getElementProperties(kind)
            where = coordinates(nodes[number[element_nodes[:size]]].mean(axis=0)[:2])
            if not any(surface in chosen for chosen in surfaces):
                raise InputError(
                    f"the element near {where} is in neither of the physical groups "
                    f"{' and '.join(PHASES)}; put every surface in one of them"
                )
            if kind != _QUADRATIC_TRIANGLE:
                raise InputError(
                    f"the element near {where} is a {name}, expected second-order triangles "
                    "(Triangle 6); mesh with `gmsh -2 -order 2` and without recombination to "
                    "quadrangles"
                )
    triangles = [
        number[np.concatenate([_triangles(surface) for surface in chosen])] for chosen in surfaces
    ]
    used, connectivity = np.unique(np.concatenate(triangles), return_inverse=True)
    nodes = nodes[used]
    plane = np.median(nodes[:, 2])
    out_of_plane = np.abs(nodes[:, 2] - plane)
    if out_of_plane.max() > PLACE_TOLERANCE * np.ptp(nodes, axis=0).max():
        raise InputError(
            f"the node at {coordinates(nodes[out_of_plane.argmax()])} does not lie in the plane of "
            f"the others, z = {plane:.6g}; the cell is two-dimensional, in a plane "
            "parallel to x and y, with the fibres along z"
        )
    phase = np.repeat(range(len(PHASES)), [len(part) for part in triangles])
    return Mesh(nodes[:, :2], connectivity.reshape(-1, 6), phase)


def _surfaces_of_phases() -> list[list[int]]:
    """The meshed surfaces in the group of each phase."""
    named: dict[str, list[int]] = {}
    for group in gmsh.model.getPhysicalGroups(2):
        for surface in gmsh.model.getEntitiesForPhysicalGroup(*group):
            if len(gmsh.model.mesh.getElementTypes(2, surface)):
                named.setdefault(gmsh.model.getPhysicalName(*group), []).append(surface)
    for phase in PHASES:
        if phase not in named:
            raise InputError(
                f"no elements in a two-dimensional physical group `{phase}`; the mesh needs the "
                f"groups {' and '.join(PHASES)} and has {', '.join(sorted(named)) or 'none'}"
            )
    return [named[phase] for phase in PHASES]


def _triangles(surface: int) -> NDArray[np.int64]:
    _, nodes = gmsh.model.mesh.getElementsByType(_QUADRATIC_TRIANGLE, surface)
    return nodes.reshape(-1, 6).astype(np.int64)
