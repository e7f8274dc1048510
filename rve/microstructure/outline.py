"""The straight outline of a cell: what a mesh that is not periodic is compared with."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from rve.arrays import Array
from rve.errors import InputError
from rve.microstructure.places import tolerance


@dataclass(frozen=True)
class Parallelogram:
    """The cell's outline.

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
        """Distances (n, 2, 2) of points (n, 2) from the sides.

        [:, i, 0] is that from the side through the origin which vector i leaves, [:, i, 1] that
        from the side which it leads to.
        """
        parts = (points - self.origin) @ np.linalg.inv(self.vectors)
        heights = self.area / np.linalg.norm(self.vectors[::-1], axis=1)
        return np.abs(parts[:, :, None] - [0, 1]) * heights[:, None]


def parallelogram(points: Array) -> Parallelogram | None:
    """The parallelogram that is the convex hull of points (n, 2), or None where it is another.

    Raises:
        InputError: the points lie on a line.
    """
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
        height = np.abs(along[:, 0] * aside[:, 1] - along[:, 1] * aside[:, 0])
        height /= np.linalg.norm(along, axis=1)
        if height.min() > tolerance(points):
            break
        corners = np.delete(corners, height.argmin(), axis=0)
    return corners
