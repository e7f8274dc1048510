"""From the elements that a file holds to triangles of second order in phases.

A quadrilateral becomes two triangles of the same region and edges, so that one type of element
serves all meshes. Those of first order get a node in the middle of each edge.
"""

import logging
from collections.abc import Sequence

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.phases import Block, Groups, groups_of_phases, phase_of_elements
from rve.microstructure.places import coordinates, tolerance

logger = logging.getLogger(__name__)

# Halves of a quadrilateral along the diagonals 02 and 13, (2, 2, 6), by its nodes: corners, middles
# of 01, 12, 23, 30, and 8, that of the diagonal.
_HALVES = np.array(
    [[[0, 1, 2, 4, 5, 8], [0, 2, 3, 8, 6, 7]], [[1, 2, 3, 5, 6, 8], [1, 3, 0, 8, 7, 4]]]
)
# Of two diagonals that do equally well rounding is not to choose.
_CLEARLY = 1.001
# Derivatives of a triangle's shape functions by its own coordinates, (2, nodes, shapes), at nodes
# with the area coordinates `_AREA` (6, 3).
_AREA = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0, 0.5, 0.5], [0.5, 0, 0.5]])
_DERIVATIVES = np.array(
    [
        [[1 - 4 * a, 4 * b - 1, 0, 4 * (a - b), 4 * c, -4 * c] for a, b, c in _AREA],
        [[1 - 4 * a, 0, 4 * c - 1, -4 * b, 4 * b, 4 * (a - c)] for a, b, c in _AREA],
    ]
)


def triangles_of(
    nodes: Array, blocks: Sequence[Block], chosen: Groups | None
) -> tuple[Array, Integers, Integers, tuple[str, ...]]:
    """Nodes (k, 2), triangles of second order (m, 6), their phases (m,) in order, and its names.

    Raises:
        InputError: there is no matrix or nothing else, an element is in no phase or in several, the
            elements are of two orders, or do not lie in a plane.
    """
    groups = groups_of_phases(set().union(*(block.groups for block in blocks)), chosen)
    if len({block.elements.shape[1] > 4 for block in blocks}) > 1:
        raise InputError("some elements are of first order, others of second; mesh with one order")
    elements = np.concatenate([_padded(block.elements) for block in blocks])
    unique, phase = phase_of_elements(nodes, elements, blocks, groups)
    elements = elements[unique]
    used, number = np.unique(elements[elements >= 0], return_inverse=True)
    elements[elements >= 0] = number
    nodes = _in_plane(nodes[used])
    if blocks[0].elements.shape[1] <= 4:
        nodes, elements = _second_order(nodes, elements)
    four = elements[:, 3] >= 0
    nodes, halves = _halves(nodes, elements[four])
    triangles = np.concatenate([elements[~four][:, [0, 1, 2, 4, 5, 6]], halves])
    phase = np.concatenate([phase[~four], np.repeat(phase[four], 2)])
    order = np.argsort(phase, stable=True)
    return nodes, triangles[order], phase[order], tuple(groups)


def cross_section_fault(count: int, kind: str) -> str:
    """The words for a mesh with volume elements, so many, of a kind."""
    return (
        f"the mesh is three-dimensional: it has {count} volume elements, {kind}. A cell is the "
        "cross section of the fibres: mesh that surface alone, in a plane z = constant with the "
        "fibres along z, and put its surfaces, not volumes, in groups of matrix and fibre"
    )


def determinants(places: Array) -> Array:
    """Determinants (..., 6) of the Jacobian of triangles (..., 6, 2) at their nodes.

    The determinant is quadratic, so that the last three, of the middles, add up to six areas.
    """
    along, across = np.einsum("ans,...sd->a...nd", _DERIVATIVES, places)
    return along[..., 0] * across[..., 1] - along[..., 1] * across[..., 0]


def _padded(elements: Integers) -> Integers:
    """The nodes (m, 8) of elements as of a quadrilateral; those that are not there are -1."""
    padded = np.full((len(elements), 8), -1, dtype=np.int64)
    corners = 3 if elements.shape[1] in (3, 6) else 4
    padded[:, :corners] = elements[:, :corners]
    padded[:, 4 : elements.shape[1] - corners + 4] = elements[:, corners:]
    return padded


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


def _second_order(nodes: Array, elements: Integers) -> tuple[Array, Integers]:
    """Nodes and elements (m, 8) with a node in the middle of each edge."""
    logger.info(
        "the elements are of first order: each edge gets a node in its middle and stays straight"
    )
    corners = elements[:, :4]
    count = (corners >= 0).sum(axis=1)[:, None]
    edge = np.arange(4)
    following = np.take_along_axis(corners, (edge + 1) % count, axis=1)
    there = edge < count
    ends = np.sort(np.stack([corners[there], following[there]], axis=1), axis=1)
    edges, middle = np.unique(ends, axis=0, return_inverse=True)
    raised = elements.copy()
    raised[:, 4:][there] = len(nodes) + middle.ravel()
    return np.concatenate([nodes, nodes[edges].mean(axis=1)]), raised


def _halves(nodes: Array, quadrilaterals: Integers) -> tuple[Array, Integers]:
    """Nodes, and two triangles (2 m, 6) of each quadrilateral (m, 8), along its better diagonal.

    The diagonal is straight where the edges are, and else bends with them as in the transfinite
    interpolation of the edges (Gordon & Hall 1973, Numer. Math. 21, 109-129).
    """
    corners, middles = np.split(nodes[quadrilaterals], [4], axis=1)
    bend = (middles.sum(axis=1) - corners.sum(axis=1)) / 2
    diagonals = (corners[:, :2] + corners[:, 2:]) / 2 + bend[:, None]
    around = np.repeat(nodes[quadrilaterals][:, None], 2, axis=1)
    places = np.concatenate([around, diagonals[:, :, None]], axis=2)  # with each diagonal, nine
    quality = _quality(places[:, [[[0]], [[1]]], _HALVES]).min(axis=2)
    m = np.arange(len(quadrilaterals))
    better = (quality[:, 1] > _CLEARLY * np.maximum(quality[:, 0], 0)).astype(np.int64)
    numbers = np.column_stack([quadrilaterals, len(nodes) + m])
    halves = np.take_along_axis(numbers, _HALVES[better].reshape(-1, 12), axis=1)
    return np.concatenate([nodes, diagonals[m, better]]), halves.reshape(-1, 6)


def _quality(halves: Array) -> Array:
    """How far (m, 2, 2) each of two triangles (m, 2, 2, 6, 2) is from flat or folded."""
    jacobian = determinants(halves)
    corners = halves[..., :3, :]
    edges = ((corners - np.roll(corners, 1, axis=-2)) ** 2).sum(axis=(-2, -1))
    sense = np.sign(jacobian[..., 3:].sum(axis=(-2, -1)))
    return (sense[..., None, None] * jacobian).min(axis=-1) / edges
