"""What the compiled loops take: a network, memory to work in, a load, and how to search."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


class FlatNetwork(NamedTuple):
    """A tree of n base nodes and m = n - 1 blocks, numbered as in `training.tree.Tree`.

    Attributes:
        weights: of the base nodes (n,), of sum 1.
        children: numbers (m, 2) of the children of each block, bottom up.
        blocks: fraction of the first child and normal (m, 4).
        interaction: A of Eq. 26 (6 n, 3 m), for Algorithm 3 alone; else empty.
        sizes: numbers of internal variables (n,) of the base nodes.
        width: number of entries of the largest tile of a base node.
        skews: where in these (n,) the skew part of the tangent begins; -1 for a symmetric one.
        constants: of their laws (n, c).
        hollow: whether a phase is a void.
        single: addresses (n,) of their point functions for one point; 0 for a void, which answers
            nothing: its stress and its tangent stay zero, and its strain is not judged.
        tiled: the same for a tile.
    """

    weights: Array
    children: Indices
    blocks: Array
    interaction: Array
    sizes: Indices
    width: int
    skews: Indices
    constants: Array
    hollow: bool
    single: Indices
    tiled: Indices


class Work(NamedTuple):
    """What a search leaves and works with, for a tile of L points.

    Attributes:
        tiles: (nodes, 1, entries L), base nodes first.
        jumps: (blocks, 1, 21 L) of `kernels.condense`.
        solved: (3 blocks, 7), of Algorithm 3: jumps by the residual and by macroscopic strain.
        changes: (nodes, 1, 6 L) of strain.
        last: strains (base nodes, 6 L) at the last equilibrium.
        macro: macroscopic strain (6 L).
        last_macro: the same at the last equilibrium.
        sizes: (base nodes, 6 L) of stresses, by which the balance is judged.
        stress: macroscopic stress (6 L).
        gap: (6 L) to the target.
        step: (6 L) of the macroscopic strain.
        duration: (L,) of the step, s.
        iterations: (L,) of the last increment.
        steps: (L,) in which it was made, more than one if it was halved.
        converged: (L,) whether it ended in equilibrium.
        moved: (L,) relative change of strain in its last iteration.
        defect: (L,) of the tractions at its end.
    """

    tiles: Array
    jumps: Array
    solved: Array
    changes: Array
    last: Array
    macro: Array
    last_macro: Array
    sizes: Array
    stress: Array
    gap: Array
    step: Array
    duration: Array
    iterations: Indices
    steps: Indices
    converged: NDArray[np.bool_]
    moved: Array
    defect: Array


class Load(NamedTuple):
    """What is prescribed.

    Attributes:
        free: 1 for components of which the stress is prescribed, else 0 (6 L).
        target: stresses and strains (6 L).
    """

    free: Array
    target: Array


class Search(NamedTuple):
    """How equilibrium is searched.

    Attributes:
        scheme: its number in `evaluation.online.schemes.registry`.
        balanced: whether the tractions must be in balance.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.
    """

    scheme: int
    balanced: bool
    tolerance: float
    max_iterations: int
