"""The memory that the compiled loops work in."""

from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from rve.kernels.stack import CACHE_LINE
from rve.kernels.tile import ENTRIES
from training.compiled.structure import Structure

KEPT = 18  # values of a block, from which its derivatives follow
LARGEST_GROUP = 8  # tiles; the numbers of larger groups do not fit into a core's own cache

Array = NDArray[np.floating]


class Workspace(NamedTuple):
    """Memory for a group of g tiles in r rows, with k base nodes and m blocks, see `Structure`."""

    fractions: Array  # of the first child of each block (m, 1)
    normals: Array  # of each block's interface (m, 3)
    mandel: Array  # rotations of the base materials (k, 36) in Mandel form
    tiles: Array  # stiffnesses (r, g, ENTRIES lanes)
    kept: Array  # beside each block's stiffness what the adjoint needs (r, g, KEPT lanes)
    by_tiles: Array  # derivatives by the stiffnesses, in shared rows (s, g, ENTRIES lanes)
    target: Array  # stiffnesses (1, g, ENTRIES lanes) of the cell
    metric: Array  # of the errors (1, g, ENTRIES lanes), see `training.loss`
    errors: Array  # squared relative errors (1, g, lanes)
    by_fractions: Array  # derivatives (m, lanes)
    by_normals: Array  # derivatives (m, 3 lanes)
    by_turns: Array  # derivatives by turns of the base materials about the axes (k, 3 lanes)


def lanes(precision: DTypeLike) -> int:
    """Points of a tile, whose entries fill a cache line: 8 in float64, 16 in float32."""
    return CACHE_LINE // np.dtype(precision).itemsize


DOUBLES = lanes(np.float64)
TILE = (0,) * DOUBLES
"""A tuple as long as a tile in double precision has points."""


def group_size(samples: int, points: int = DOUBLES) -> int:
    """Tiles to take through the tree together, so that a batch of samples takes equal groups."""
    tiles = -(-samples // points)
    return -(-tiles // -(-tiles // LARGEST_GROUP))


def workspace(structure: Structure, precision: DTypeLike, group: int) -> Workspace:
    """Memory for a network and for what is left when parts of it die, by the tiles of a group."""
    shared = 1 + int(structure.shared_rows.max(initial=1))
    rows = max(1 + int(structure.rows.max(initial=1)), shared)
    bases, blocks = len(structure.base_node), len(structure.children)
    points = lanes(precision)
    shapes = (
        (blocks, 1),
        (blocks, 3),
        (bases, 36),
        (rows, group, ENTRIES * points),
        (rows, group, KEPT * points),
        (shared, group, ENTRIES * points),
        (1, group, ENTRIES * points),
        (1, group, ENTRIES * points),
        (1, group, points),
        (blocks, points),
        (blocks, 3 * points),
        (bases, 3 * points),
    )
    return Workspace(*(aligned_array(shape, np.dtype(precision)) for shape in shapes))


def aligned_array(shape: tuple[int, ...], precision: np.dtype) -> Array:
    """Zeros that begin with a cache line."""
    size = int(np.prod(shape)) * precision.itemsize
    memory = np.zeros(size + CACHE_LINE, dtype=np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + size].view(precision).reshape(shape)
