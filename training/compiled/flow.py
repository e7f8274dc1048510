"""What the compiled loops of the first moments work on."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rve.dataset.moments import STEPS, Moments, uniaxial_strains
from rve.kernels.tile import ENTRIES, UPPER
from training.compiled.structure import Structure
from training.compiled.workspace import DOUBLES, KEPT, aligned

Array = NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of a sample and a load that count, in rows.

    Attributes:
        entries: of p1 and p2, and the macroscopic strain (n, 48).
        targets: moments (n, STEPS) of the cell.
        shares: weights (n,).
        flowing: the phase that yields.
    """

    entries: Array
    targets: Array
    shares: Array
    flowing: int


class Memory(NamedTuple):
    """Numbers of one tile of pairs, with k base nodes, m blocks and p = k + m parts.

    All but the first and the last two have a row a part, base node or block, and one tile.

    Attributes:
        rows: row (p,) of each part's stiffness.
        tiles: stiffnesses (STEPS, 2 + p, 1, ENTRIES lanes), of the phases first.
        kept: beside each block's stiffness what the adjoint needs (STEPS, 2 + p, 1, KEPT lanes).
        strains: of the parts (STEPS, p, 1, 6 lanes).
        norms: of the base nodes' deviators (STEPS, k, 1, lanes).
        factors: on the base nodes' shear moduli (STEPS, k, 1, lanes).
        means: of the norms (STEPS, 1, 1, lanes).
        by_tiles: derivatives by the stiffnesses (p, 1, ENTRIES lanes).
        by_strains: derivatives by the strains (p, 1, 6 lanes).
        by_tractions: derivatives y (m, 1, 3 lanes), see `adjoints.strains_adjoint`.
        by_norm: derivatives (k, 1, lanes).
        by_factor: derivatives (k, 1, lanes).
        by_mean: derivatives (1, lanes).
        targets: moments of the cell (STEPS, lanes).
        shares: weights (lanes,).
    """

    rows: NDArray[np.int64]
    tiles: Array
    kept: Array
    strains: Array
    norms: Array
    factors: Array
    means: Array
    by_tiles: Array
    by_strains: Array
    by_tractions: Array
    by_norm: Array
    by_factor: Array
    by_mean: Array
    targets: Array
    shares: Array


def pairs_of(moments: Moments) -> Pairs:
    """The pairs of a sample and a load whose share is not zero, in the order of the samples."""
    sample, load = moments.pairs.T
    i, j = np.transpose(UPPER)
    p1, p2 = (phase[sample][:, i, j] for phase in (moments.samples.p1, moments.samples.p2))
    strains = uniaxial_strains(moments.samples.rve)[sample, load]
    entries = np.ascontiguousarray(np.column_stack([p1, p2, strains]))
    values = np.ascontiguousarray(moments.values[sample, load])
    return Pairs(entries, values, moments.shares[sample, load], moments.flowing)


def memory(structure: Structure, flowing: int) -> Memory:
    """Memory for a network of this structure, in which one phase yields."""
    k, m = len(structure.base), len(structure.children)
    rows = 2 + np.arange(k + m)
    if not structure.turned:
        rest = structure.base % 2 != flowing
        rows[:k][rest] = structure.base[rest] % 2  # these are the phase itself
    shapes = (
        (STEPS, 2 + k + m, 1, ENTRIES * DOUBLES),
        (STEPS, 2 + k + m, 1, KEPT * DOUBLES),
        (STEPS, k + m, 1, 6 * DOUBLES),
        (STEPS, k, 1, DOUBLES),
        (STEPS, k, 1, DOUBLES),
        (STEPS, 1, 1, DOUBLES),
        (k + m, 1, ENTRIES * DOUBLES),
        (k + m, 1, 6 * DOUBLES),
        (m, 1, 3 * DOUBLES),
        (k, 1, DOUBLES),
        (k, 1, DOUBLES),
        (1, DOUBLES),
        (STEPS, DOUBLES),
        (DOUBLES,),
    )
    arrays: list[Any] = [aligned(shape, np.dtype(np.float64)) for shape in shapes]
    return Memory(rows, *arrays)
