"""Descriptors of the cell: of its mesh, and of the packing that it was made from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from rve.arrays import Array, Integers
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh
from rve.microstructure.packing import Packing, nearest_neighbour_distances, separations
from rve.microstructure.phases import MATRIX
from rve.microstructure.triangles import determinants


def ripley_k(centres: Array, radii: Array) -> Array:
    """Ripley's K function (k,) of points (n, 2) in the periodic unit square, at radii (k,) <= 0.5.

    The mean number of further points within a radius over the number density; pi r^2 for
    points without any order. Periodicity makes edge corrections needless.
    """
    distances = np.linalg.norm(separations(centres), axis=-1)
    np.fill_diagonal(distances, np.inf)
    pairs = (distances[:, :, None] <= radii).sum(axis=(0, 1))
    return pairs / len(centres) ** 2


def describe(mesh: Mesh, lattice: ArrayLike) -> dict[str, Any]:
    """Statistics of a mesh, ready for a JSON file.

    Args:
        mesh: of the cell.
        lattice: edges (2, 2) of the cell, a vector each, in the unit in which it was given.

    Raises:
        InputError: the mesh is not periodic.

    Example:
        >>> import numpy as np
        >>> from rve.microstructure import Mesh, describe
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> statistics = describe(Mesh(nodes, triangles, np.array([0, 1])), np.eye(2))
        >>> statistics["volume_fraction_meshed"], statistics["unknowns"]
        (0.5, 9)
    """
    area = determinants(mesh.nodes[mesh.triangles])[:, 3:].sum(axis=1) / 6
    quality = element_quality(mesh)
    number = lattice_of(mesh.nodes, mesh.triangles).number
    fractions = {
        phase: float(area[mesh.phase == index].sum()) for index, phase in enumerate(mesh.phases)
    }
    inclusions = mesh.solid & (mesh.phase != MATRIX)  # coated fibres, each one part
    return {
        "lattice_vectors": np.asarray(lattice).tolist(),
        "fibres": _separate_fibres(number[mesh.triangles[inclusions, 3:]]),
        "volume_fraction_meshed": fractions.get("fibre", 0.0),
        "volume_fractions": fractions,
        "elements": len(mesh.phase),
        "unknowns": 3 * (len(np.unique(number[mesh.triangles[mesh.solid]])) - 1),
        "element_quality_minimum": float(quality.min()),
        "element_quality_mean": float(quality.mean()),
    }


def describe_packing(packings: Sequence[Packing]) -> dict[str, Any]:
    """Statistics of the places of packed discs, lengths in cell edges, ready for a JSON file.

    Those of fibres alone stand for themselves, else those of the discs of each phase under
    `inclusions`, where gaps are those to discs of any phase, or the rings around them.
    """
    radii = np.linspace(0, 0.5, 41)
    if [(packing.phase, packing.interphase) for packing in packings] == [("fibre", 0)]:
        (packing,) = packings
        nearest = nearest_neighbour_distances(packing.centres)
        return {
            "fibre_radius": packing.radius,
            "volume_fraction_packed": packing.volume_fraction,
            "smallest_gap_over_radius": float(nearest.min() / packing.radius - 2),
            "nearest_neighbour_mean": float(nearest.mean()),
            "nearest_neighbour_standard_deviation": float(nearest.std()),
            "nearest_neighbour_distances": nearest.tolist(),
            "ripley_radii": radii.tolist(),
            "ripley_k": ripley_k(packing.centres, radii).tolist(),
            "centres": packing.centres.tolist(),
        }
    numbers = [len(packing.centres) for packing in packings]
    centres = np.concatenate([packing.centres for packing in packings])
    outer = np.repeat([packing.outer_radius for packing in packings], numbers)
    distances = np.linalg.norm(separations(centres), axis=-1) + np.eye(len(centres))
    gaps = (distances - outer - outer[:, None]).min(axis=1)
    return {
        "ripley_radii": radii.tolist(),
        "inclusions": {
            packing.phase: {
                "number": len(packing.centres),
                "radius": packing.radius,
                "volume_fraction_packed": packing.volume_fraction,
                "gaps_over_radius": (its / packing.radius).tolist(),
                "ripley_k": ripley_k(packing.centres, radii).tolist(),
                "centres": packing.centres.tolist(),
            }
            for packing, its in zip(packings, np.split(gaps, np.cumsum(numbers)), strict=False)
        },
    }


def _separate_fibres(middles: Integers) -> int:
    """Number of fibres that no element joins, from the middles (m, 3) of the elements' edges."""
    used, middle = np.unique(middles, return_inverse=True)
    first, second, third = middle.reshape(-1, 3).T
    links = np.concatenate([first, second]), np.concatenate([second, third])
    graph = coo_matrix((np.ones(len(links[0])), links), shape=(len(used), len(used)))
    return int(connected_components(graph, directed=False)[0])


def element_quality(mesh: Mesh) -> Array:
    """Quality (m,) of the straight-sided triangles: 1 when equilateral, 0 when flat.

    Four sqrt(3) times the area over the sum of the squared edges.
    """
    corners = mesh.nodes[mesh.triangles[:, :3]]
    edges = corners - np.roll(corners, 1, axis=1)
    area = 0.5 * np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 1, 0] * edges[:, 0, 1])
    return 4 * np.sqrt(3) * area / (edges**2).sum(axis=(1, 2))
