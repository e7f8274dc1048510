"""The active part of a network as index arrays for the compiled loops."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.network import MaterialNetwork
from training.tree import Block, living_blocks

Indices = NDArray[np.int64]


class Structure(NamedTuple):
    """Which parameters, tiles and blocks take part, with k base nodes and m blocks.

    Parts are the base nodes, then the blocks. A block comes after all parts below it and before
    those beside it. Tiles lie in rows; the first are those of the phases.
    """

    turned: bool  # whether base materials are rotated, as in a DMN
    orthotropic: bool  # whether the phases are known to be orthotropic in the cell's axes
    hollow: bool  # whether a phase may be a void
    materials: int  # number of the phases
    base: Indices  # numbers (k,) of the base nodes, their places in z
    phases: Indices  # of the base nodes (k,)
    children: Indices  # parts (m, 2) below each block
    rows: Indices  # row (k + m,) of each part's tiles, where all are kept
    shared_rows: Indices  # the same where a row is used again as soon as it may be
    nodes: Indices  # rows (r,) of the angles that matter, parents before children
    parents: Indices  # place (r,) in `nodes` of the parent, -1 for the top; of no use for an IMN
    block_node: Indices  # place (m,) in `nodes` of each block
    base_node: Indices  # place (k,) in `nodes` of each base node; empty for an IMN


class Parameters(NamedTuple):
    """A network in training: z (2^N,) and angles of `MaterialNetwork`, and its active part."""

    z: NDArray[np.float64]
    angles: NDArray[np.float64]
    structure: Structure


def structure(
    network: MaterialNetwork,
    alive: NDArray[np.bool_],
    orthotropic: bool,
    hollow: bool = False,
) -> Structure:
    """Structure of a network with these living base nodes (2^N,); dead subtrees are cut out."""
    base, materials = np.flatnonzero(alive), len(network.names)
    phases = network.phases[base]
    k, layers = len(base), len(alive).bit_length() - 1
    turned = network.kind == "DMN"
    blocks = _one_subtree_after_the_other(living_blocks(alive), k)
    children = np.array([block.children for block in blocks], dtype=np.int64).reshape(-1, 2)
    block_rows = np.array([block.node for block in blocks], dtype=np.int64)
    rows = materials + np.arange(k + len(blocks))
    # Of all nodes on one layer, only two siblings wait for their parent at a time.
    shared = np.full(k + len(blocks), materials)
    for block in reversed(blocks):
        shared[list(block.children)] = materials + 2 * block.layer + np.array([2, 3])
    empty = np.empty(0, dtype=np.int64)
    if turned:
        base_rows = 2**layers - 1 + base
        nodes = _ancestors(base_rows)
        place = np.full(2 ** (layers + 1) - 1, -1)
        place[nodes] = np.arange(len(nodes))
        parents = np.where(nodes > 0, place[(nodes - 1) // 2], -1)
        block_node, base_node = place[block_rows], place[base_rows]
    else:
        rows[:k] = shared[:k] = phases  # base nodes are the phases themselves
        nodes, parents = block_rows, empty
        block_node, base_node = np.arange(len(blocks)), empty
    used = rows, shared, nodes, parents, block_node, base_node
    return Structure(turned, orthotropic, hollow, materials, base, phases, children, *used)


def _one_subtree_after_the_other(blocks: list[Block], k: int) -> list[Block]:
    """These blocks over k base nodes in the order of a `Structure`, their children's numbers so."""
    number = np.arange(k + len(blocks))
    ordered: list[Block] = []

    def visit(part: int) -> None:
        if part >= k:
            block = blocks[part - k]
            for child in block.children:
                visit(child)
            number[part] = k + len(ordered)
            first, second = number[list(block.children)]
            ordered.append(block._replace(children=(first, second)))

    visit(len(number) - 1)
    return ordered


def _ancestors(rows: Indices) -> Indices:
    """All nodes on the ways from the top to these (n,), in level order."""
    found, pending = [rows], rows
    while pending.max(initial=0) > 0:
        pending = np.unique((pending[pending > 0] - 1) // 2)
        found.append(pending)
    return np.unique(np.concatenate(found))
