"""The outline of a mesh: which of its edges come back on the other side, and what is wrong if not.

An edge is the same as another one if that runs the opposite way, shifted by any vector.
"""

import numpy as np
from scipy.spatial import ConvexHull, KDTree, QhullError

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.places import PLACE_TOLERANCE, coordinates, tolerance

# Twice the rounding of two nodes, in the difference of two differences.
_ROUNDINGS = 4


class Outline:
    """The k edges that have an element on one side only, on their left.

    Attributes:
        nodes: coordinates (n, 2) of the mesh.
        edges: start, middle and end (k, 3) of each.
        area: that is within.
        slack: distance below which two shifts are one.
        pairs: an edge and another one (p, 2) that is the same.
        shifts: vectors (p, 2) from the one to the other.
        parallelogram: a corner and the two sides from there (3, 2), counter-clockwise, where that
            is the convex hull, or None.
    """

    def __init__(self, nodes: Array, triangles: Integers) -> None:
        """Take the edges of triangles (m, 6), counter-clockwise, of nodes (n, 2)."""
        self.nodes = nodes
        self.edges = _outer_edges(nodes, triangles)
        self.slack = _ROUNDINGS * tolerance(nodes)
        start, middle, end = np.moveaxis(nodes[self.edges], 1, 0)
        chord, rise = end - start, middle - (start + end) / 2
        # Polygons and, by Archimedes, the segments of parabolas.
        self.area = float((cross(start - nodes[0], chord) / 2 + cross(rise, chord) * 2 / 3).sum())
        shape = np.hstack([chord, rise])
        near = KDTree(shape).sparse_distance_matrix(
            KDTree(shape * [-1, -1, 1, 1]), self.slack, output_type="ndarray"
        )
        self.pairs = np.stack([near["i"], near["j"]], axis=1).astype(np.int64)
        self.shifts = middle[self.pairs[:, 1]] - middle[self.pairs[:, 0]]
        self.parallelogram = _parallelogram(nodes)

    def fault(self) -> str:
        """What is wrong with the outline of a mesh that has no lattice."""
        torn = np.linalg.norm(self.shifts, axis=1) < tolerance(self.nodes)
        if torn.any():
            return (
                f"the elements on both sides of the edge at {self._place(self.pairs[torn].min())} "
                "are not connected, since its nodes are doubled; merge them with gmsh's "
                "`Coherence Mesh;`, or cut the surfaces from each other (`BooleanFragments`) "
                "before meshing"
            )
        share, inner = self._share_and_inner_edges()
        lonely = np.setdiff1d(np.arange(len(self.edges)), self.pairs[:, 0])
        reason = "no two vectors of a lattice shift each edge of its outline onto another one"
        if abs(share - 1) > PLACE_TOLERANCE:
            reason = (
                f"together the elements have {share:.6g} times the area of the parallelogram "
                "around them"
            )
            if len(inner):
                place = self._place(inner[0])
                reason += f", and the edge at {place} within it belongs to one element only"
        elif len(lonely):
            place = self._place(lonely[0])
            reason = (
                "no edge on the other side of the cell has the length and direction of that at "
                f"{place}"
            )
        return (
            f"the mesh is not periodic: {reason}. A cell fills the plane without gaps when two "
            "vectors shift it, so each line of its outline comes back on the other side, with the "
            "same nodes (gmsh's `Periodic Curve`). Within it elements neither overlap (cut the "
            "surfaces from each other, `BooleanFragments`, before meshing) nor leave holes: pores "
            "are meshed, too, in a group called void"
        )

    def _place(self, edge: int) -> str:
        return coordinates(self.nodes[self.edges[edge, 1]])

    def _share_and_inner_edges(self) -> tuple[float, Integers]:
        """The area over that of the parallelogram, and which edges do not lie on its sides."""
        if self.parallelogram is None:
            return 1.0, np.empty(0, dtype=np.int64)
        corner, *sides = self.parallelogram
        parts = (self.nodes[self.edges] - corner) @ np.linalg.inv(sides)
        on_sides = (np.abs(np.stack([parts, 1 - parts])) < PLACE_TOLERANCE).all(axis=2)
        return self.area / float(cross(*sides)), np.flatnonzero(~on_sides.any(axis=(0, 2)))


def cross(one: Array, other: Array) -> Array:
    """Products (...) of vectors (..., 2), positive where the other is turned to the left."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def _outer_edges(nodes: Array, triangles: Integers) -> Integers:
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


def _parallelogram(points: Array) -> Array | None:
    """See `Outline`; points that rounding put beside a straight side make no corner."""
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError as error:
        raise InputError("the nodes lie on a line, and fill no cell") from error
    while len(corners) > 3:
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        along, aside = after - before, corners - before
        height = np.abs(cross(along, aside)) / np.linalg.norm(along, axis=1)
        if height.min() > tolerance(points):
            break
        corners = np.delete(corners, height.argmin(), axis=0)
    sides = corners[[1, -1]] - corners[0]
    closing = corners[2] - corners[0] - sides.sum(axis=0)
    if len(corners) != 4 or np.linalg.norm(closing) > 2 * tolerance(points):
        return None
    return np.vstack([corners[:1], sides])
