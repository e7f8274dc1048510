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

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.outline import Outline, cross
from rve.microstructure.places import coordinates

UPWARDS = np.array([1e-3, 1.0])
"""A lattice vector v, not -v, has a positive product with it, and the lowest node the least."""

# So many of the most frequent shifts are tried, each with so many others.
_FIRST, _SECOND = 12, 4
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

    @property
    def remark(self) -> str | None:
        """The words for a cell whose rows could also be laid with an offset, or None."""
        if self.other is None:
            return None
        return (
            f"the cell is taken to repeat by {_named(self.vectors)}, which match most of its "
            f"outline; it would also repeat by {_named(self.other)}, as another composite, since "
            "nodes on its straight parts are evenly spaced. If you mean that one, space the nodes "
            "unevenly, on both sides alike"
        )


def lattice_of(nodes: Array, triangles: Integers) -> Lattice:
    """The lattice of a mesh, whose triangles are counter-clockwise.

    Raises:
        InputError: the mesh fills no cell that repeats by two vectors, edge by edge, or by
            several lattices alike.
    """
    outline = Outline(nodes, triangles)
    found: list[tuple[int, Lattice]] = []
    for vectors, matched in _candidates(outline):
        steps = [vectors @ np.linalg.inv(one.vectors) for _, one in found]
        if any(np.abs(one - np.round(one)).max() < _SAME for one in steps):
            continue  # another basis of the same
        if (number := _glued(outline, vectors)) is not None:
            found.append((matched, Lattice(_counter_clockwise(vectors), number)))
    if not found:
        raise InputError(outline.fault())
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


def _candidates(outline: Outline) -> Iterator[tuple[Array, int]]:
    """Pairs of vectors (2, 2) that may span the lattice, and how many edges they match.

    Of each lattice the pair that matches most comes first.
    """
    slack, around = outline.slack, outline.parallelogram
    if around is not None:
        sides = around[1:]
        if abs(cross(*sides) - outline.area) < slack * np.ptp(outline.nodes, axis=0).sum():
            # Bricks laid with an offset could fill the plane, too, but no one means that.
            yield sides, 0
            return
    shifts = outline.shifts[outline.shifts @ UPWARDS > slack]
    groups = np.stack([_groups(axis, slack) for axis in shifts.T], axis=1)
    _, group, counts = np.unique(groups, axis=0, return_inverse=True, return_counts=True)
    sums = [np.bincount(group.ravel(), axis, len(counts)) for axis in shifts.T]
    vectors = np.stack(sums, axis=1) / counts[:, None]
    lengths = np.linalg.norm(vectors, axis=1)
    order = np.lexsort([np.round(lengths / slack), -counts])
    vectors, lengths, counts = vectors[order], lengths[order], counts[order]
    for one in range(min(_FIRST, len(vectors))):
        areas = np.abs(cross(vectors[one], vectors))
        fits = np.abs(areas - outline.area) < slack * (lengths[one] + lengths)
        for other in np.flatnonzero(fits)[:_SECOND]:
            yield vectors[[one, other]], int(counts[one] + counts[other])


def _groups(values: Array, gap: float) -> Integers:
    """Numbers (n,) of values that are the same but for a gap."""
    order = np.argsort(values)
    number = np.empty(len(values), dtype=np.int64)
    number[order] = np.cumsum(np.diff(values[order], prepend=values[order[:1]]) > gap)
    return number


def _glued(outline: Outline, vectors: Array) -> Integers | None:
    """Numbers (n,) of the nodes, or None where vectors do not bring each edge onto another one."""
    edges, shifts = outline.edges, outline.shifts
    steps = np.round(shifts @ np.linalg.inv(vectors))
    matched = np.linalg.norm(shifts - steps @ vectors, axis=1) < outline.slack
    matched &= steps.any(axis=1)  # an edge that lies on another as it is, is a tear
    first, second = outline.pairs[matched].T
    if not np.array_equal(np.sort(first), np.arange(len(edges))):
        return None
    links = edges[first].ravel(), edges[second, ::-1].ravel()
    n = len(outline.nodes)
    graph = coo_matrix((np.ones(len(links[0])), links), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _counter_clockwise(vectors: Array) -> Array:
    """The two vectors, each upwards, in their order around the origin."""
    upwards = np.where((vectors @ UPWARDS < 0)[:, None], -vectors, vectors)
    return (upwards if cross(*upwards) > 0 else upwards[::-1]) + 0.0


def _named(vectors: Array) -> str:
    return " and ".join(map(coordinates, vectors.round(9) + 0.0))
