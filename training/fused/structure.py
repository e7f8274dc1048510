"""The active part of a network as index arrays for the compiled loops."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.network import Kind

Indices = NDArray[np.int64]


class Structure(NamedTuple):
    """Which parameters, tiles and blocks take part, with k base nodes and m blocks.

    Tiles are numbered: the phases p1 and p2, for a DMN the turned base materials, then the blocks
    from the bottom up; the last is the top.

    Attributes:
        turned: whether base materials are turned, as in a DMN.
        orthotropic: whether the phases are known to be orthotropic in the cell's axes.
        base: numbers (k,) of the base nodes, their places in z.
        children: tiles (m, 2) of the children of each block.
        children_weight: number (m, 2) of each child among base nodes (first) and blocks (after).
        nodes: rows (r,) of the angles that matter, parents before children.
        parents: place (r,) in `nodes` of the parent, -1 for the top; of no use for an IMN.
        block_node: place (m,) in `nodes` of each block.
        base_node: place (k,) in `nodes` of each base node; empty for an IMN.
    """

    turned: bool
    orthotropic: bool
    base: Indices
    children: Indices
    children_weight: Indices
    nodes: Indices
    parents: Indices
    block_node: Indices
    base_node: Indices


def structure(kind: Kind, alive: NDArray[np.bool_], orthotropic: bool) -> Structure:
    """Structure of a network with these living base nodes (2^N,); dead subtrees are cut out."""
    base = np.flatnonzero(alive)
    k, layers = len(base), len(alive).bit_length() - 1
    turned = kind == "DMN"
    number = np.full(len(alive), -1)
    number[base] = np.arange(k)
    children: list[tuple[int, int]] = []
    rows: list[int] = []
    for layer in reversed(range(layers)):
        first, second = number[0::2], number[1::2]
        parents = np.where(first >= 0, first, second)
        for j in np.flatnonzero((first >= 0) & (second >= 0)):
            parents[j] = k + len(children)
            children.append((first[j], second[j]))
            rows.append(2**layer - 1 + j)
        number = parents
    children_weight = np.array(children, dtype=np.int64).reshape(-1, 2)
    block_rows = np.array(rows, dtype=np.int64)
    empty = np.empty(0, dtype=np.int64)
    if turned:
        base_rows = 2**layers - 1 + base
        nodes = _ancestors(base_rows)
        place = np.full(2 ** (layers + 1) - 1, -1)
        place[nodes] = np.arange(len(nodes))
        above = np.where(nodes > 0, place[(nodes - 1) // 2], -1)
        tiles = children_weight + 2
        return Structure(
            turned,
            orthotropic,
            base,
            tiles,
            children_weight,
            nodes,
            above,
            place[block_rows],
            place[base_rows],
        )
    # Base nodes share the tiles of their phases.
    tiles = np.where(children_weight < k, base[np.minimum(children_weight, k - 1)] % 2, 0)
    tiles = np.where(children_weight < k, tiles, children_weight - k + 2)
    order = np.arange(len(block_rows))
    return Structure(
        turned, orthotropic, base, tiles, children_weight, block_rows, empty, order, empty
    )


def _ancestors(rows: Indices) -> Indices:
    """All nodes on the ways from the top to these (n,), in level order."""
    found, pending = [rows], rows
    while pending.max(initial=0) > 0:
        pending = np.unique((pending[pending > 0] - 1) // 2)
        found.append(pending)
    return np.unique(np.concatenate(found))
