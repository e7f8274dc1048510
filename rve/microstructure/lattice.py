"""The lattice by which a cell repeats, and which of its nodes are periodic images of each other.

A cell is any region that fills the plane without gaps when it is shifted by two vectors: a
parallelogram, a hexagon, or one whose outline follows whole fibres. Each edge of an element on its
outline then lies, shifted by some vector of the lattice, on another one that runs the opposite way.
That all edges do so and that the region has the area of the lattice's parallelogram is also enough:
glued at these edges the elements close to a torus, which they then cover once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull, KDTree, QhullError

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.places import coordinates, tolerance

UPWARDS = np.array([1e-3, 1.0])
"""A lattice vector v, not -v, has a positive product with it, and the lowest node the least."""

# So many of the most frequent shifts are tried, each with so many others.
_FIRST, _SECOND = 12, 4
# Twice the rounding of two nodes, in the difference of two differences.
_ROUNDINGS = 4
# Steps of one lattice in another that are nearer to whole ones are whole.
_SAME = 1e-3


@dataclass(frozen=True)
class Lattice:
    """How a cell repeats.

    Attributes:
        vectors: two vectors (2, 2) that span the lattice, a row each, counter-clockwise; of a
            parallelogram its sides.
        number: number (n,) of each node; periodic images share one.
        other: vectors (2, 2) of another lattice by which the outline would repeat, too, or None.
    """

    vectors: Array
    number: Integers
    other: Array | None = None

    @property
    def area(self) -> float:
        """Area of the cell."""
        return float(np.linalg.det(self.vectors))


@dataclass(frozen=True)
class Parallelogram:
    """A straight outline: what a mesh that is not periodic is compared with.

    Attributes:
        origin: a corner (2,).
        vectors: the edges (2, 2) from there, a row each, counter-clockwise.
    """

    origin: Array
    vectors: Array

    @property
    def area(self) -> float:
        """Area of the cell."""
        return float(np.linalg.det(self.vectors))

    def distances(self, points: Array) -> Array:
        """Distances (n, 2, 2) of points (n, 2) from the sides that vector i leaves and leads to."""
        parts = (points - self.origin) @ np.linalg.inv(self.vectors)
        heights = self.area / np.linalg.norm(self.vectors[::-1], axis=1)
        return np.abs(parts[:, :, None] - [0, 1]) * heights[:, None]


def lattice_of(nodes: Array, triangles: Integers) -> Lattice:
    """The lattice of a mesh, whose triangles are counter-clockwise.

    Raises:
        InputError: the mesh fills no cell that repeats by two vectors, edge by edge, or by
            several lattices alike.
    """
    found = find_lattice(nodes, triangles)
    if found is None:
        raise InputError(f"the mesh is not periodic: {describe_unpaired(nodes, triangles)}")
    return found


def find_lattice(nodes: Array, triangles: Integers) -> Lattice | None:
    """As `lattice_of`, but None where the mesh has no lattice."""
    edges = outer_edges(nodes, triangles)
    pairs = _pairs(nodes, edges)
    area, slack = _area(nodes, edges), _ROUNDINGS * tolerance(nodes)
    around = parallelogram(nodes)
    if around and abs(around.area - area) < slack * np.ptp(nodes, axis=0).sum():
        # Bricks laid with an offset could fill the plane, too, but no one means that.
        candidates = iter([(around.vectors, 0)])
    else:
        candidates = _candidates(pairs[2], area, slack)
    found: list[tuple[int, Lattice]] = []
    for vectors, matched in candidates:
        steps = [vectors @ np.linalg.inv(one.vectors) for _, one in found]
        if any(np.abs(one - np.round(one)).max() < _SAME for one in steps):
            continue  # another basis of the same
        if (number := _glued(nodes, edges, pairs, vectors, slack)) is not None:
            found.append((matched, Lattice(_counter_clockwise(vectors), number)))
    if not found:
        return None
    (most, best), *others = sorted(found, key=lambda one: -one[0])
    if not others:
        return best
    second, other = others[0]
    if second == most:
        raise InputError(
            f"the cell fills the plane when it is shifted by {_named(best.vectors)}, but also by "
            f"{_named(other.vectors)}, since the nodes on straight parts of its outline are evenly "
            "spaced; space them unevenly, on both sides alike (gmsh's `Transfinite Curve` `Using "
            "Progression 1.1`), or cut the cell as a parallelogram, which repeats by its sides"
        )
    return replace(best, other=other.vectors)


def parallelogram(points: Array) -> Parallelogram | None:
    """The parallelogram that is the convex hull of points (n, 2), or None where it is another."""
    corners = _corners(points)
    vectors = corners[[1, -1]] - corners[0]
    closing = corners[2] - corners[0] - vectors.sum(axis=0)
    if len(corners) != 4 or np.linalg.norm(closing) > 2 * tolerance(points):
        return None
    return Parallelogram(corners[0], vectors)


def _corners(points: Array) -> Array:
    """Corners (k, 2) of the convex hull, counter-clockwise.

    Points that rounding put beside a straight edge make no corner.
    """
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError as error:
        raise InputError("the nodes lie on a line, and fill no cell") from error
    while len(corners) > 3:
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        along, aside = after - before, corners - before
        height = np.abs(_cross(along, aside)) / np.linalg.norm(along, axis=1)
        if height.min() > tolerance(points):
            break
        corners = np.delete(corners, height.argmin(), axis=0)
    return corners


def offset_remark(lattice: Lattice) -> str | None:
    """The words for a cell whose rows could also be laid with an offset, or None."""
    if lattice.other is None:
        return None
    return (
        f"the cell is taken to repeat by {_named(lattice.vectors)}, which match most of its "
        f"outline; it would also repeat by {_named(lattice.other)}, as another composite, since "
        "nodes on its straight parts are evenly spaced. If you mean that one, space the nodes "
        "unevenly, on both sides alike"
    )


def outer_edges(nodes: Array, triangles: Integers) -> Integers:
    """Start, middle and end (k, 3) of the edges with an element on one side only, on their left."""
    start, middle = triangles[:, :3], triangles[:, 3:]
    end = np.roll(start, -1, axis=1)
    # Of an edge between two elements each runs from where the other ends.
    count = np.bincount(middle.ravel())
    balance = np.bincount(middle.ravel(), (start - end).ravel())
    wrong = np.flatnonzero((count > 2) | ((count == 2) & (balance != 0)))
    if len(wrong):
        raise InputError(
            "elements overlap: two lie on the same side of their common edge at "
            f"{coordinates(nodes[wrong[0]])}; an element is inverted there, or laid over others"
        )
    alone = count[middle] == 1
    return np.stack([start[alone], middle[alone], end[alone]], axis=1)


def describe_unpaired(nodes: Array, triangles: Integers) -> str:
    """What keeps a mesh from being periodic, in words."""
    edges = outer_edges(nodes, triangles)
    lonely = np.setdiff1d(np.arange(len(edges)), _pairs(nodes, edges)[0])
    if len(lonely):
        place = coordinates(nodes[edges[lonely[0], 1]])
        return (
            f"no edge on the other side of the cell has the length and direction of that at {place}"
        )
    return "no two vectors of a lattice shift each edge of its outline onto another one"


def _glued(
    nodes: Array,
    edges: Integers,
    pairs: tuple[Integers, Integers, Array],
    vectors: Array,
    slack: float,
) -> Integers | None:
    """Numbers (n,) of the nodes, or None where vectors do not bring each edge onto another one."""
    first, second, shifts = pairs
    steps = np.round(shifts @ np.linalg.inv(vectors))
    matched = np.linalg.norm(shifts - steps @ vectors, axis=1) < slack
    matched &= steps.any(axis=1)  # an edge that lies on another as it is, is a tear
    if not np.array_equal(np.sort(first[matched]), np.arange(len(edges))):
        return None
    links = edges[first[matched]].ravel(), edges[second[matched], ::-1].ravel()
    graph = coo_matrix((np.ones(len(links[0])), links), shape=(len(nodes), len(nodes)))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _counter_clockwise(vectors: Array) -> Array:
    """The two vectors, each upwards, in their order around the origin."""
    upwards = np.where((vectors @ UPWARDS < 0)[:, None], -vectors, vectors)
    return (upwards if _cross(*upwards) > 0 else upwards[::-1]) + 0.0


def _named(vectors: Array) -> str:
    return " and ".join(map(coordinates, vectors.round(9) + 0.0))


def _area(nodes: Array, edges: Integers) -> float:
    """Area within parabolic edges: polygons of their nodes and, by Archimedes, the segments."""
    start, middle, end = np.moveaxis(nodes[edges], 1, 0)
    chord, rise = end - start, middle - (start + end) / 2
    return float((_cross(start - nodes[0], chord) / 2 + _cross(rise, chord) * 2 / 3).sum())


def _pairs(nodes: Array, edges: Integers) -> tuple[Integers, Integers, Array]:
    """Edges (p,) and others (p,) that are the same run the opposite way, and the shifts (p, 2)."""
    start, middle, end = np.moveaxis(nodes[edges], 1, 0)
    shape = np.hstack([end - start, middle - (start + end) / 2])
    other = shape * [-1, -1, 1, 1]
    near = KDTree(shape).sparse_distance_matrix(
        KDTree(other), _ROUNDINGS * tolerance(nodes), output_type="ndarray"
    )
    first, second = near["i"].astype(np.int64), near["j"].astype(np.int64)
    return first, second, middle[second] - middle[first]


def _candidates(shifts: Array, area: float, slack: float) -> Iterator[tuple[Array, int]]:
    """Pairs of vectors (2, 2) that may span the lattice, and how many edges they match.

    Of each lattice the pair that matches most comes first.
    """
    shifts = shifts[shifts @ UPWARDS > slack]
    groups = np.stack([_groups(axis, slack) for axis in shifts.T], axis=1)
    _, group, counts = np.unique(groups, axis=0, return_inverse=True, return_counts=True)
    sums = [np.bincount(group.ravel(), axis, len(counts)) for axis in shifts.T]
    vectors = np.stack(sums, axis=1) / counts[:, None]
    lengths = np.linalg.norm(vectors, axis=1)
    order = np.lexsort([np.round(lengths / slack), -counts])
    vectors, lengths, counts = vectors[order], lengths[order], counts[order]
    for one in range(min(_FIRST, len(vectors))):
        areas = np.abs(_cross(vectors[one], vectors))
        fits = np.abs(areas - area) < slack * (lengths[one] + lengths)
        for other in np.flatnonzero(fits)[:_SECOND]:
            yield vectors[[one, other]], int(counts[one] + counts[other])


def _groups(values: Array, gap: float) -> Integers:
    """Numbers (n,) of values that are the same but for a gap."""
    order = np.argsort(values)
    number = np.empty(len(values), dtype=np.int64)
    number[order] = np.cumsum(np.diff(values[order], prepend=values[order[:1]]) > gap)
    return number


def _cross(one: Array, other: Array) -> Array:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
