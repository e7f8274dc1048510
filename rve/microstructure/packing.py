"""Random periodic packing of discs: the fibres and voids of the unit cell.

Random sequential placing jams near a fraction of 0.547, below what a composite holds. So the discs
start at random places, overlapping, and every pair that is too close is pushed apart until the
smallest gap is reached. That leaves nearly all discs in contact; random moves that keep the gap
(Metropolis et al. 1953, hard discs) then lead to a packing that does not remember its making.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from rve.arrays import Array
from rve.errors import InputError
from rve.microstructure.discs import Discs

# Possible packings need some 3000 sweeps at most; 400 fibres are given up within seconds.
_MAX_SWEEPS = 10_000
# Pairs are pushed a little further than asked: the last contacts open in finitely many sweeps.
_OVERSHOOT = 1e-4
# Of lengths that are the same, in cell edges.
_ROUNDING = 1e-12
_SHAKING_SWEEPS = 200
_SHAKING_STEP = 0.2  # radii of each disc


@dataclass(frozen=True)
class Packing:
    """Discs of one kind, in the periodic unit square.

    Attributes:
        centres: of the discs (n, 2).
        radius: of each, in cell edges.
        phase: that they are of.
        interphase: thickness of the ring of the phase `interphase` around each, in radii.

    Example:
        >>> import numpy as np
        >>> from rve.microstructure import Packing
        >>> round(Packing(np.array([[0.5, 0.5]]), radius=0.5).volume_fraction, 6)  # pi / 4
        0.785398
    """

    centres: Array
    radius: float
    phase: str = "fibre"
    interphase: float = 0.0

    @property
    def outer_radius(self) -> float:
        """Of the discs with the rings around them."""
        return self.radius * (1 + self.interphase)

    @property
    def volume_fraction(self) -> float:
        """Area of the discs, without rings around them, over the area of the cell."""
        return len(self.centres) * np.pi * self.radius**2


def pack(fibres: int, volume_fraction: float, minimum_gap: float, seed: int) -> Packing:
    """Pack fibres of one kind at random into the periodic unit square; see `pack_together`.

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
    return pack_together([Discs(fibres, volume_fraction)], minimum_gap, seed)[0]


def pack_together(kinds: Sequence[Discs], minimum_gap: float, seed: int) -> list[Packing]:
    """Pack discs of several kinds at random into the periodic unit square.

    Args:
        kinds: of discs.
        minimum_gap: smallest distance between two discs, or the rings around them, over the mean
            of their radii.
        seed: of the random start.

    Raises:
        InputError: the discs cannot be brought that far apart.

    Example:
        >>> from rve.microstructure import Discs, pack_together
        >>> kinds = [Discs(10, 0.5, interphase=0.05), Discs(8, 0.03, "void")]
        >>> fibres, voids = pack_together(kinds, minimum_gap=0.05, seed=1)
        >>> fibres.centres.shape, voids.centres.shape
        ((10, 2), (8, 2))
    """
    numbers = [one.number for one in kinds]
    radius = np.repeat([one.radius for one in kinds], numbers)
    outer = radius * (1 + np.repeat([one.interphase for one in kinds], numbers))
    reach = np.repeat([one.reach(minimum_gap) for one in kinds], numbers)
    rng = np.random.default_rng(seed)
    centres = _push_apart(rng.random((len(reach), 2)), reach)
    if centres is None:
        named = " and ".join(
            f"{one.volume_fraction:g} of {one.phase} (discs: {one.number}"
            + (f", with rings of {one.interphase:g} radii)" if one.interphase else ")")
            for one in kinds
        )
        raise InputError(
            f"rve.volume_fraction: {named}, and a smallest gap of {minimum_gap:g} radii, could not "
            "be packed; lower rve.volume_fraction or rve.minimum_gap, or try another rve.seed"
        )
    centres = _shake(centres, reach, _SHAKING_STEP * radius, rng)
    centres = _shift_off_tangents(centres, np.stack([radius, outer]))
    parts = np.split(centres, np.cumsum(numbers)[:-1])
    return [
        Packing(part, one.radius, one.phase, one.interphase)
        for part, one in zip(parts, kinds, strict=True)
    ]


def separations(centres: Array) -> Array:
    """Vectors (n, n, 2) from each centre to the nearest periodic image of each other centre."""
    difference = centres[None, :, :] - centres[:, None, :]
    return difference - np.round(difference)


def nearest_neighbour_distances(centres: Array) -> Array:
    """Distance (n,) of each centre to its nearest neighbour, itself across the cell included."""
    distances = np.linalg.norm(separations(centres), axis=-1)
    np.fill_diagonal(distances, 1.0)
    return distances.min(axis=1)


def _push_apart(centres: Array, reach: Array) -> Array | None:
    """Move centres until all pairs are their reaches (n,) apart, or None when that fails."""
    if 2 * reach.max() > 1:
        return None
    for _ in range(_MAX_SWEEPS):
        # Wrapped again: a tiny negative number modulo 1 rounds to 1, which is outside the box.
        tree = KDTree(centres % 1.0, boxsize=1.0)
        farthest = 2 * reach.max() * (1 + _OVERSHOOT)
        first, second = tree.query_pairs(farthest, output_type="ndarray").T
        vectors = centres[second] - centres[first]
        vectors -= np.round(vectors)
        lengths = np.linalg.norm(vectors, axis=1)
        distance = reach[first] + reach[second]
        if (lengths >= distance).all():
            return centres
        target = distance * (1 + _OVERSHOOT)
        short = target - lengths
        short[short < -_ROUNDING] = 0
        push = (0.5 * short / np.maximum(lengths, 1e-12))[:, None] * vectors
        moves = np.zeros_like(centres)
        np.add.at(moves, second, push)
        np.subtract.at(moves, first, push)
        centres = (centres + moves) % 1.0
    return None


def _shake(centres: Array, reach: Array, steps: Array, rng: np.random.Generator) -> Array:
    """Move the discs one by one at random wherever that keeps all pairs their reaches apart."""
    centres = centres.copy()
    steps = steps[:, None]
    moves = rng.uniform(-steps, steps, (_SHAKING_SWEEPS, *centres.shape))
    for sweep in moves:
        for index, move in enumerate(sweep):
            vectors = np.delete(centres, index, axis=0) - (centres[index] + move)
            vectors -= np.round(vectors)
            distance = np.delete(reach, index) + reach[index]
            if (np.einsum("ij,ij->i", vectors, vectors) >= distance**2).all():
                centres[index] += move
    return centres % 1.0


def _shift_off_tangents(centres: Array, radii: Array) -> Array:
    """Shift the whole packing so that no circle of radii (k, n) nearly touches an edge of the cell.

    The composite stays the same; the mesh is spared slivers between an arc and the cell's edge.
    """
    shifted = centres.copy()
    for axis in range(2):
        extremes = np.sort(np.ravel([centres[:, axis] - radii, centres[:, axis] + radii]) % 1)
        spaces = np.diff(extremes, append=extremes[0] + 1)
        widest = np.argmax(spaces)
        shifted[:, axis] -= extremes[widest] + spaces[widest] / 2
    return shifted % 1.0
