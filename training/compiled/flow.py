"""What the compiled loops of the first moments work on."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rve.dataset.moments import STEPS, Moments, uniaxial_strains
from rve.kernels.tile import ENTRIES, UPPER
from training.compiled.structure import Structure
from training.compiled.workspace import DOUBLES, KEPT, aligned_array

Array = NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of a sample and a load that count, in rows."""

    entries: Array  # of p1 and p2, and the macroscopic strain (n, 48)
    targets: Array  # moments (n, STEPS) of the cell
    shares: Array  # weights (n,)
    flowing: int  # the phase that yields


class Memory(NamedTuple):
    """Numbers of one tile of pairs, with k base nodes, m blocks and p = k + m parts."""

    rows: NDArray[np.int64]  # row (p,) of each part's stiffness
    tiles: Array  # stiffnesses (STEPS, 2 + p, 1, ENTRIES lanes), of the phases first
    kept: Array  # beside each block's what the adjoint needs (STEPS, 2 + p, 1, KEPT lanes)
    strains: Array  # of the parts (STEPS, p, 1, 6 lanes)
    norms: Array  # of the base nodes' deviators (STEPS, k, 1, lanes)
    factors: Array  # on the base nodes' shear moduli (STEPS, k, 1, lanes)
    means: Array  # of the norms (STEPS, 1, 1, lanes)
    by_tiles: Array  # derivatives by the stiffnesses (p, 1, ENTRIES lanes)
    by_strains: Array  # derivatives by the strains (p, 1, 6 lanes)
    by_tractions: Array  # derivatives y (m, 1, 3 lanes), see `adjoints.strains_adjoint`
    by_norm: Array  # derivatives (k, 1, lanes)
    by_factor: Array  # derivatives (k, 1, lanes)
    by_mean: Array  # derivatives (1, lanes)
    targets: Array  # moments of the cell (STEPS, lanes)
    shares: Array  # weights (lanes,)


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
    arrays: list[Any] = [aligned_array(shape, np.dtype(np.float64)) for shape in shapes]
    return Memory(rows, *arrays)
