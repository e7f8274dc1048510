"""What the compiled loops of the first moments work on."""

from collections.abc import Sequence
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

    entries: Array  # of the phases, and the macroscopic strain (n, p ENTRIES + 6)
    targets: Array  # moments (n, f, STEPS) of the phases that yield in the cell
    shares: Array  # their weights (n, f)


class Memory(NamedTuple):
    """Numbers of one tile of pairs, with k base nodes, m blocks and p = k + m parts.

    f phases of q yield.
    """

    flows: NDArray[np.int64]  # which of these (k,) each base node is of, or -1
    rows: NDArray[np.int64]  # row (p,) of each part's stiffness
    tiles: Array  # stiffnesses (STEPS, q + p, 1, ENTRIES lanes), of the phases first
    kept: Array  # beside each block's what the adjoint needs (STEPS, q + p, 1, KEPT lanes)
    strains: Array  # of the parts (STEPS, p, 1, 6 lanes)
    norms: Array  # of the base nodes' deviators (STEPS, k, 1, lanes)
    factors: Array  # on the base nodes' shear moduli (STEPS, k, 1, lanes)
    means: Array  # of the norms of a phase (STEPS, f, 1, lanes)
    by_tiles: Array  # derivatives by the stiffnesses (p, 1, ENTRIES lanes)
    by_strains: Array  # derivatives by the strains (p, 1, 6 lanes)
    by_tractions: Array  # derivatives y (m, 1, 3 lanes), see `adjoints.strains_adjoint`
    by_norm: Array  # derivatives (k, 1, lanes)
    by_factor: Array  # derivatives (k, 1, lanes)
    by_mean: Array  # derivatives (f, lanes)
    targets: Array  # moments of the cell (STEPS, f, lanes)
    shares: Array  # weights (f, lanes)


def pairs_of(moments: Moments) -> Pairs:
    """The pairs of a sample and a load that count, in the order of the samples."""
    sample, load = moments.pairs.T
    i, j = np.transpose(UPPER)
    phases = [phase[sample][:, i, j] for phase in np.moveaxis(moments.samples.phases, 1, 0)]
    strains = uniaxial_strains(moments.samples.rve)[sample, load]
    entries = np.ascontiguousarray(np.column_stack([*phases, strains]))
    values, shares = (
        np.ascontiguousarray(array[sample, :, load]) for array in (moments.values, moments.shares)
    )
    return Pairs(entries, values, shares)


def memory(structure: Structure, flowing: Sequence[int]) -> Memory:
    """Memory for a network of this structure, in which these phases yield."""
    k, m, q, f = len(structure.base), len(structure.children), structure.materials, len(flowing)
    rows, flows = q + np.arange(k + m), np.full(k, -1)
    for number, phase in enumerate(flowing):
        flows[structure.phases == phase] = number
    if not structure.turned:
        rest = flows < 0
        rows[:k][rest] = structure.phases[rest]  # these are the phase itself
    shapes = (
        (STEPS, q + k + m, 1, ENTRIES * DOUBLES),
        (STEPS, q + k + m, 1, KEPT * DOUBLES),
        (STEPS, k + m, 1, 6 * DOUBLES),
        (STEPS, k, 1, DOUBLES),
        (STEPS, k, 1, DOUBLES),
        (STEPS, f, 1, DOUBLES),
        (k + m, 1, ENTRIES * DOUBLES),
        (k + m, 1, 6 * DOUBLES),
        (m, 1, 3 * DOUBLES),
        (k, 1, DOUBLES),
        (k, 1, DOUBLES),
        (f, DOUBLES),
        (STEPS, f, DOUBLES),
        (f, DOUBLES),
    )
    arrays: list[Any] = [aligned_array(shape, np.dtype(np.float64)) for shape in shapes]
    return Memory(flows, rows, *arrays)
