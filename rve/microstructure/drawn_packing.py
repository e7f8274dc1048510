"""Packed discs drawn in gmsh: cut at the cell's edges, matching edges, sizes of elements."""

from collections.abc import Sequence

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.extras import extra
from rve.microstructure.gmsh_file import gmsh_model, plane_elements
from rve.microstructure.packing import Packing
from rve.microstructure.phases import INTERPHASE, VOID, Block, ordered

with extra("cell"):
    import gmsh


# Elements shrink where two fibres nearly touch, down to this part of the target size.
_SMALLEST_SIZE = 0.35
_SIZE_FIELD_POINTS = 201
# Of curves around the box that holds them, in cell edges; gmsh's own boxes have a tenth of it.
_SLACK = 1e-6


def mesh_packing(packings: Sequence[Packing], element_size: float) -> tuple[Array, list[Block]]:
    """Nodes (n, 3) and elements of second order, in a group of each phase.

    Raises:
        InputError: gmsh gives up.
    """
    with gmsh_model():
        try:
            surfaces = _surfaces(packings)
            for tag, phase in enumerate(ordered(surfaces), start=1):
                gmsh.model.addPhysicalGroup(2, surfaces[phase], tag, phase)
            _match_opposite_edges()
            _refine(packings, element_size)
            gmsh.model.mesh.generate(2)
            gmsh.model.mesh.setOrder(2)
            return plane_elements()
        except Exception as error:
            raise InputError(
                f"gmsh could not mesh the packing ({error}); try another rve.seed or "
                "rve.element_size"
            ) from error


def _surfaces(packings: Sequence[Packing]) -> dict[str, list[int]]:
    """Build cell and discs, cut at the cell's edges; the surfaces of each phase."""
    occ = gmsh.model.occ
    cell = occ.addRectangle(0, 0, 0, 1, 1)
    # A circle begins and ends at a vertex; towards the cell's middle it is far from cut edges.
    discs, phases = [], ["matrix"]
    for packing in packings:
        circles = [(packing.outer_radius, INTERPHASE)] if packing.interphase else []
        for x, y in _periodic_images(packing):
            inwards = [0.5 - x, 0.5 - y, 0] if (x, y) != (0.5, 0.5) else [1, 0, 0]
            for radius, phase in [*circles, (packing.radius, packing.phase)]:
                disc = occ.addDisk(x, y, 0, radius, radius, zAxis=[0, 0, 1], xAxis=inwards)
                discs.append((2, disc))
                phases.append(phase)
    # One cut for all, so that a crossing of an arc and an edge is computed once.
    pieces, parents = occ.fragment([(2, cell)], discs)
    inside = {tag for _, tag in parents[0]}
    occ.remove([piece for piece in pieces if piece[1] not in inside], recursive=True)
    occ.synchronize()
    # A fibre lies on the disc of its interphase, and all discs on the cell.
    phase_of = {
        tag: phase
        for phase, children in zip(phases, parents, strict=True)
        for _, tag in children
        if tag in inside
    }
    return {
        phase: sorted(tag for tag, its in phase_of.items() if its == phase)
        for phase in phase_of.values()
    }


def _periodic_images(packing: Packing) -> Array:
    """Centres of every disc that reaches into the unit square."""
    shifts = np.array([[i, j] for i in (-1, 0, 1) for j in (-1, 0, 1)])
    images = (packing.centres[:, None, :] + shifts).reshape(-1, 2)
    nearest = np.clip(images, 0, 1)
    return images[np.linalg.norm(images - nearest, axis=1) < packing.outer_radius]


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


def _refine(packings: Sequence[Packing], element_size: float) -> None:
    """Let the element size follow the width of the matrix between discs, small discs and rings."""
    ticks = np.linspace(0, 1, _SIZE_FIELD_POINTS)
    x, y = np.meshgrid(ticks, ticks, indexing="ij")
    offset = np.stack([x, y], axis=-1)[:, :, None, :] - np.concatenate(
        [packing.centres for packing in packings]
    )
    offset -= np.round(offset)
    numbers = [len(packing.centres) for packing in packings]
    outer = np.repeat([packing.outer_radius for packing in packings], numbers)
    to_surface = np.abs(np.linalg.norm(offset, axis=-1) - outer)
    if len(outer) > 1:
        width = np.partition(to_surface, 1, axis=-1)[..., :2].sum(axis=-1)
    else:
        width = np.full_like(x, element_size)
    size = np.clip(width, _SMALLEST_SIZE * element_size, element_size)
    ends = np.cumsum(numbers)
    for packing, start, end in zip(packings, ends - numbers, ends, strict=True):
        around = to_surface[..., start:end].min(axis=-1)
        size = np.minimum(size, _finest(packing, len(packings)) + around)

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


def _finest(packing: Packing, kinds: int) -> float:
    """Size of the elements at discs.

    In a ring they are so long that they are bent by an eighth of its thickness. Around a void,
    where the matrix yields first, there are some 25, else a dozen at least.
    """
    if packing.interphase:
        return packing.radius * np.sqrt(packing.interphase)
    if packing.phase == VOID:
        return packing.radius / 4
    return packing.radius / 2 if kinds > 1 else np.inf
