"""Descriptors of the packed and meshed cell."""

import numpy as np
from numpy.typing import NDArray

from rve.cell import Cell
from rve.packing import Packing, nearest_neighbour_distances, separations

Array = NDArray[np.float64]

_RADII = 40


def ripley_k(centres: Array, radii: Array) -> Array:
    """Ripley's K function (k,) of points (n, 2) in the periodic unit square, at radii (k,) <= 0.5.

    The mean number of further points within a radius over the number density; pi r^2 for
    points without any order. Periodicity makes edge corrections needless.
    """
    distances = np.linalg.norm(separations(centres), axis=-1)
    np.fill_diagonal(distances, np.inf)
    pairs = (distances[:, :, None] <= radii).sum(axis=(0, 1))
    return pairs / len(centres) ** 2


def describe(packing: Packing, cell: Cell) -> dict[str, float | int | list[float]]:
    """Statistics of a cell, lengths in cell edges, ready for a JSON file."""
    nearest = nearest_neighbour_distances(packing.centres)
    radii = np.linspace(0, 0.5, _RADII + 1)
    quality = element_quality(cell)
    return {
        "fibres": len(packing.centres),
        "fibre_radius": packing.radius,
        "volume_fraction_packed": packing.volume_fraction,
        "volume_fraction_meshed": float(cell.fractions[1]),
        "smallest_gap_over_radius": float(nearest.min() / packing.radius - 2),
        "nearest_neighbour_mean": float(nearest.mean()),
        "nearest_neighbour_standard_deviation": float(nearest.std()),
        "ripley_radii": radii.tolist(),
        "ripley_k": ripley_k(packing.centres, radii).tolist(),
        "elements": len(cell.phase),
        "unknowns": cell.size,
        "element_quality_minimum": float(quality.min()),
        "element_quality_mean": float(quality.mean()),
        "centres": packing.centres.tolist(),
    }


def element_quality(cell: Cell) -> Array:
    """Quality (m,) of the straight-sided triangles: 1 when equilateral, 0 when flat.

    Four sqrt(3) times the area over the sum of the squared edges.
    """
    corners = cell.basis.mesh.p[:, cell.basis.mesh.t]
    edges = corners - np.roll(corners, 1, axis=1)
    area = 0.5 * np.abs(edges[0, 0] * edges[1, 1] - edges[1, 0] * edges[0, 1])
    return 4 * np.sqrt(3) * area / (edges**2).sum(axis=(0, 1))
