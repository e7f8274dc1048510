"""Random periodic packing of equal discs: the fibre centres of the unit cell.

Random sequential placing jams near a fraction of 0.547, below what a composite holds. So the discs
start at random places, overlapping, and every pair that is too close is pushed apart until the
smallest gap is reached. That leaves nearly all discs in contact; random moves that keep the gap
(Metropolis et al. 1953, hard discs) then lead to a packing that does not remember its making.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from rve.arrays import Array
from rve.errors import InputError

# Possible packings need some 3000 sweeps at most; 400 fibres are given up within seconds.
_MAX_SWEEPS = 10_000
# Pairs are pushed a little further than asked: the last contacts open in finitely many sweeps.
_OVERSHOOT = 1e-4
_SHAKING_SWEEPS = 200
_SHAKING_STEP = 0.2  # fibre radii


@dataclass(frozen=True)
class Packing:
    """Fibre centres (n, 2) in the periodic unit square and their common radius.

    Example:
        >>> import numpy as np
        >>> from rve.microstructure import Packing
        >>> round(Packing(np.array([[0.5, 0.5]]), radius=0.5).volume_fraction, 6)  # pi / 4
        0.785398
    """

    centres: Array
    radius: float

    @property
    def volume_fraction(self) -> float:
        """Area of the fibres over the area of the cell."""
        return len(self.centres) * np.pi * self.radius**2


def pack(fibres: int, volume_fraction: float, minimum_gap: float, seed: int) -> Packing:
    """Pack fibres at random into the periodic unit square.

    Args:
        fibres: number of fibres.
        volume_fraction: area of the fibres over the area of the cell.
        minimum_gap: smallest distance between two fibre surfaces, in fibre radii.
        seed: of the random start.

    Raises:
        InputError: the fibres cannot be brought that far apart.

    Example:
        >>> from rve.microstructure import pack
        >>> packing = pack(fibres=20, volume_fraction=0.6, minimum_gap=0.05, seed=1)
        >>> packing.centres.shape, round(packing.volume_fraction, 12)
        ((20, 2), 0.6)
    """
    radius = np.sqrt(volume_fraction / (fibres * np.pi))
    distance = radius * (2 + minimum_gap)
    rng = np.random.default_rng(seed)
    centres = _push_apart(rng.random((fibres, 2)), distance)
    if centres is None:
        raise InputError(
            f"rve.volume_fraction: {volume_fraction:g} with {fibres} fibres (rve.fibres) and a "
            f"smallest gap of {minimum_gap:g} radii could not be packed; lower "
            "rve.volume_fraction or rve.minimum_gap, or try another rve.seed"
        )
    centres = _shake(centres, distance, _SHAKING_STEP * radius, rng)
    return Packing(_shift_off_tangents(centres, radius), float(radius))


def separations(centres: Array) -> Array:
    """Vectors (n, n, 2) from each centre to the nearest periodic image of each other centre."""
    difference = centres[None, :, :] - centres[:, None, :]
    return difference - np.round(difference)


def nearest_neighbour_distances(centres: Array) -> Array:
    """Distance (n,) of each centre to its nearest neighbour, itself across the cell included."""
    distances = np.linalg.norm(separations(centres), axis=-1)
    np.fill_diagonal(distances, 1.0)
    return distances.min(axis=1)


def _push_apart(centres: Array, distance: float) -> Array | None:
    """Move centres until all are `distance` apart, or None when that does not succeed."""
    if distance > 1:
        return None
    target = distance * (1 + _OVERSHOOT)
    for _ in range(_MAX_SWEEPS):
        # Wrapped again: a tiny negative number modulo 1 rounds to 1, which is outside the box.
        tree = KDTree(centres % 1.0, boxsize=1.0)
        pairs = tree.query_pairs(target, output_type="ndarray")
        first, second = pairs.T
        vectors = centres[second] - centres[first]
        vectors -= np.round(vectors)
        lengths = np.linalg.norm(vectors, axis=1)
        if (lengths >= distance).all():
            return centres
        push = (0.5 * (target - lengths) / np.maximum(lengths, 1e-12))[:, None] * vectors
        moves = np.zeros_like(centres)
        np.add.at(moves, second, push)
        np.subtract.at(moves, first, push)
        centres = (centres + moves) % 1.0
    return None


def _shake(centres: Array, distance: float, step: float, rng: np.random.Generator) -> Array:
    """Move the discs one by one at random wherever that keeps all of them `distance` apart."""
    centres = centres.copy()
    moves = rng.uniform(-step, step, (_SHAKING_SWEEPS, *centres.shape))
    for sweep in moves:
        for index, move in enumerate(sweep):
            vectors = np.delete(centres, index, axis=0) - (centres[index] + move)
            vectors -= np.round(vectors)
            if (np.einsum("ij,ij->i", vectors, vectors) >= distance**2).all():
                centres[index] += move
    return centres % 1.0


def _shift_off_tangents(centres: Array, radius: float) -> Array:
    """Shift the whole packing so that no fibre nearly touches an edge of the cell.

    The composite stays the same; the mesh is spared slivers between an arc and the cell's edge.
    """
    shifted = centres.copy()
    for axis in range(2):
        extremes = np.sort(
            np.concatenate([centres[:, axis] - radius, centres[:, axis] + radius]) % 1
        )
        spaces = np.diff(extremes, append=extremes[0] + 1)
        widest = np.argmax(spaces)
        shifted[:, axis] -= extremes[widest] + spaces[widest] / 2
    return shifted % 1.0
