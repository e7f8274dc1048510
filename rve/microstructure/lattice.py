"""The lattice of a periodic cell, found by its corners, and the periodic images on its sides.

A cell is a parallelogram. Its edges are two vectors of the lattice by which the microstructure
repeats; any two that span the lattice do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, KDTree, QhullError

from rve.errors import InputError
from rve.microstructure.places import coordinates, tolerance

Array = NDArray[np.float64]

# The origin is the lowest corner; of two whose line rises less than this, the left one.
_SLOPE = 1e-3
_CORNERS_NAMED = 6


@dataclass(frozen=True)
class Parallelogram:
    """The cell's outline.

    Attributes:
        origin: a corner (2,).
        vectors: the edges (2, 2) from there, a row each, counter-clockwise; they span the lattice.
    """

    origin: Array
    vectors: Array

    @property
    def area(self) -> float:
        """Area of the cell."""
        return float(np.linalg.det(self.vectors))

    @property
    def corners(self) -> Array:
        """The corners (4, 2), counter-clockwise from the origin."""
        first, second = self.vectors
        return self.origin + np.array([0 * first, first, first + second, second])

    def distances(self, points: Array) -> Array:
        """Distances (n, 2, 2) of points (n, 2) from the sides.

        [:, i, 0] is that from the side through the origin which vector i leaves, [:, i, 1] that
        from the side which it leads to.
        """
        parts = (points - self.origin) @ np.linalg.inv(self.vectors)
        heights = self.area / np.linalg.norm(self.vectors[::-1], axis=1)
        return np.abs(parts[:, :, None] - [0, 1]) * heights[:, None]


def outline(points: Array) -> Parallelogram:
    """The parallelogram around the points (n, 2) of a cell.

    Raises:
        InputError: their convex hull is no parallelogram.
    """
    corners = _corners(points)
    vectors = corners[[1, -1]] - corners[0]
    closing = corners[2] - corners[0] - vectors.sum(axis=0)
    if len(corners) != 4 or np.linalg.norm(closing) > 2 * tolerance(points):
        raise InputError(_no_parallelogram(corners))
    return Parallelogram(corners[0], vectors)


def periodic_numbering(points: Array) -> NDArray[np.int64]:
    """Number points (n, 2) of a parallelogram so that periodic images share a number (n,).

    Raises:
        InputError: the points do not fill a parallelogram, or one on a side has no partner on the
            opposite side.
    """
    cell = outline(points)
    lower, upper = np.moveaxis(cell.distances(points) < tolerance(points), -1, 0)
    moved, fixed = np.flatnonzero(upper.any(axis=1)), np.flatnonzero(~upper.any(axis=1))
    images = points[moved] - upper[moved] @ cell.vectors
    distance, partner = KDTree(points[fixed]).query(images)
    lonely = np.concatenate(
        [
            moved[distance > tolerance(points)],
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


def _corners(points: Array) -> Array:
    """Corners (k, 2) of the convex hull, counter-clockwise, from the origin of the cell on.

    Points that rounding put beside a straight edge make no corner.
    """
    try:
        corners = points[ConvexHull(points).vertices]
    except QhullError as error:
        raise InputError("the nodes lie on a line, and fill no cell") from error
    while len(corners) > 3:
        before, after = np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0)
        along, aside = after - before, corners - before
        height = np.abs(along[:, 0] * aside[:, 1] - along[:, 1] * aside[:, 0])
        height /= np.linalg.norm(along, axis=1)
        if height.min() > tolerance(points):
            break
        corners = np.delete(corners, height.argmin(), axis=0)
    return np.roll(corners, -int((corners @ [_SLOPE, 1]).argmin()), axis=0)


def _no_parallelogram(corners: Array) -> str:
    if len(corners) > _CORNERS_NAMED:
        found = "its outline is curved"
    else:
        places = np.where(np.abs(corners) < tolerance(corners), 0, corners)
        found = f"it has the corners {', '.join(map(coordinates, places))}"
    return (
        f"the cell is not a parallelogram: {found}; cut one out of the same periodic "
        "microstructure, whose straight edges are two vectors of its lattice (of a hexagonal "
        "array a rhombus, or a rectangle with two fibres)"
    )
