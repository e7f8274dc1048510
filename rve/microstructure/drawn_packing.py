"""A packing drawn in gmsh: fibres cut at the cell's edges, matching edges, sizes of elements."""

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.extras import extra
from rve.microstructure.gmsh_file import gmsh_model, plane_elements
from rve.microstructure.packing import Packing
from rve.microstructure.phases import PHASES, Block

with extra("cell"):
    import gmsh


# Elements shrink where two fibres nearly touch, down to this part of the target size.
_SMALLEST_SIZE = 0.35
_SIZE_FIELD_POINTS = 201
# Of curves around the box that holds them, in cell edges; gmsh's own boxes have a tenth of it.
_SLACK = 1e-6


def mesh_packing(packing: Packing, element_size: float) -> tuple[Array, list[Block]]:
    """Nodes (n, 3) and elements of second order in groups `matrix` and `fibre`.

    Raises:
        InputError: gmsh gives up.
    """
    with gmsh_model():
        try:
            for tag, surfaces in enumerate(_surfaces(packing), start=1):
                gmsh.model.addPhysicalGroup(2, surfaces, tag, PHASES[tag - 1])
            _match_opposite_edges()
            _refine_gaps(packing, element_size)
            gmsh.model.mesh.generate(2)
            gmsh.model.mesh.setOrder(2)
            return plane_elements()
        except Exception as error:
            raise InputError(
                f"gmsh could not mesh the packing ({error}); try another rve.seed or "
                "rve.element_size"
            ) from error


def _surfaces(packing: Packing) -> tuple[list[int], list[int]]:
    """Build cell and fibres, cut at the cell's edges; the surfaces of matrix and fibres."""
    occ = gmsh.model.occ
    cell = occ.addRectangle(0, 0, 0, 1, 1)
    radius = packing.radius
    # A circle begins and ends at a vertex; towards the cell's middle it is far from cut edges.
    discs = []
    for x, y in _periodic_images(packing):
        inwards = [0.5 - x, 0.5 - y, 0] if (x, y) != (0.5, 0.5) else [1, 0, 0]
        disc = occ.addDisk(x, y, 0, radius, radius, zAxis=[0, 0, 1], xAxis=inwards)
        discs.append((2, disc))
    # One cut for all, so that a crossing of an arc and an edge is computed once.
    pieces, parents = occ.fragment([(2, cell)], discs)
    inside = {tag for _, tag in parents[0]}
    occ.remove([piece for piece in pieces if piece[1] not in inside], recursive=True)
    occ.synchronize()
    within_discs = {tag for children in parents[1:] for _, tag in children}
    return sorted(inside - within_discs), sorted(inside & within_discs)


def _periodic_images(packing: Packing) -> Array:
    """Centres of every disc that reaches into the unit square."""
    shifts = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    images = (packing.centres[:, None, :] + shifts).reshape(-1, 2)
    nearest = np.clip(images, 0, 1)
    return images[np.linalg.norm(images - nearest, axis=1) < packing.radius]


def _match_opposite_edges() -> None:
    for axis in range(2):
        shift = np.eye(3)[axis]
        translation = np.eye(4)
        translation[:3, 3] = shift
        for lower in _curves_within(np.array([[0, 0, 0], [1, 1, 0] - shift])):
            box = np.reshape(gmsh.model.getBoundingBox(1, lower), (2, 3))
            partners = _curves_within(box + shift)
            gmsh.model.mesh.setPeriodic(1, partners, [lower], translation.ravel().tolist())


def _curves_within(box: Array) -> list[int]:
    low, high = box + np.array([[-_SLACK], [_SLACK]])
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
    at = np.stack([x, y, np.zeros_like(x), size])
    corners = [at[:, :-1, :-1], at[:, 1:, :-1], at[:, 1:, 1:], at[:, :-1, 1:]]
    squares = np.stack(corners, axis=1).reshape(16, -1).T
    view = gmsh.view.add("element size")
    gmsh.view.addListData(view, "SQ", len(squares), squares.ravel())
    field = gmsh.model.mesh.field.add("PostView")
    gmsh.model.mesh.field.setNumber(field, "ViewTag", view)
    gmsh.model.mesh.field.setAsBackgroundMesh(field)
    for source in ("Points", "Curvature"):
        gmsh.option.setNumber(f"Mesh.MeshSizeFrom{source}", 0)
    gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)
