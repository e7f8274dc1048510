"""Points of the cell: when two are one, and how one is written in a message."""

import numpy as np

from rve.arrays import Array

# Points that are closer than this, in longer edges of the cell, are taken for one: programs may
# write coordinates with seven digits.
PLACE_TOLERANCE = 1e-6


def tolerance(points: Array) -> float:
    """The distance within which two of the cell's points (n, 2) are one."""
    return float(PLACE_TOLERANCE * np.ptp(points, axis=0).max())


def coordinates(point: Array) -> str:
    """A point in words: `(0.25, 0.5)`."""
    return f"({', '.join(f'{value:.6g}' for value in point)})"
