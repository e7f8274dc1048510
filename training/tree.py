"""The active part of a trained network: base nodes of positive weight and the blocks they need.

A block with a dead child has the stiffness of its other child, so that removing dead subtrees is
exact. So is making one base node of a subtree of voids.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rve import arguments
from rve.errors import InputError
from rve.mandel import interface_matrix, rotation_matrix
from rve.microstructure.phases import VOID
from training.homogenise import base_weights
from training.network import MaterialNetwork, orient

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """Blocks whose children are base nodes or blocks of earlier levels."""

    nodes: Indices  # numbers (m,) of the blocks
    children: Indices  # numbers (m, 2) of their children
    f1: Array  # volume fraction (m,) of the first children
    H: Array  # orientation matrices (m, 6, 3) of the interfaces


@dataclass(frozen=True)
class Tree:
    """A binary tree of laminates over n active base nodes.

    Nodes are numbered base nodes first, then blocks from the bottom up; the last is the top.

    Attributes:
        weights: positive weights (n,) of the base nodes.
        phases: number (n,) of the phase of each base node.
        names: of the phases.
        rotations: Mandel rotations (n, 6, 6) from the base material's frame to the cell's, or
            None where they agree.
        levels: the blocks, bottom up.

    Example:
        Of four base nodes the second is dead, and its parent with it:

        >>> import numpy as np
        >>> from training import MaterialNetwork, Tree, prune
        >>> angles = np.random.default_rng(0).uniform(size=(3, 2))
        >>> tree = prune(MaterialNetwork("IMN", np.array([0.5, -1.0, 0.2, 0.3]), angles))
        >>> isinstance(tree, Tree), tree.weights.tolist(), tree.phases.tolist(), tree.nodes
        (True, [0.5, 0.2, 0.3], [0, 0, 1], 5)
        >>> [level.children.tolist() for level in tree.levels]
        [[[1, 2]], [[0, 3]]]
    """

    weights: Array
    phases: Indices
    names: tuple[str, ...]
    rotations: Array | None
    levels: tuple[Level, ...]

    @property
    def nodes(self) -> int:
        """Number of all nodes, base nodes and blocks."""
        return 2 * len(self.weights) - 1


def active_base_nodes(network: MaterialNetwork) -> int:
    """Number of base nodes of positive weight."""
    return int(np.count_nonzero(network.z > 0))


def tree_of(network: MaterialNetwork | Tree) -> Tree:
    """The active part of a network; a tree is one already.

    Raises:
        InputError: it is no network, or none of its base nodes is active.
    """
    return network if isinstance(network, Tree) else prune(network)


def prune(network: MaterialNetwork) -> Tree:
    """Cut the dead subtrees of a network with numpy parameters, and merge those of voids.

    Raises:
        InputError: it is no network, or no base node is active.

    Example:
        Two active base nodes of four are one block, that of the top. Its stiffness is that of the
        network:

        >>> import numpy as np
        >>> from training import MaterialNetwork, prune
        >>> from training.homogenise import homogenise
        >>> angles = np.random.default_rng(0).uniform(size=(3, 2))
        >>> network = MaterialNetwork("IMN", np.array([0.6, -1.0, -0.2, 0.2]), angles)
        >>> tree = prune(network)
        >>> block = MaterialNetwork("IMN", tree.weights, angles[:1])
        >>> phases = np.eye(6)[None], 3 * np.eye(6)[None]
        >>> np.allclose(homogenise(block, *phases), homogenise(network, *phases))
        True
    """
    arguments.instance("network", network, MaterialNetwork, ", as load(path) gives it")
    every_weight, orientations = np.asarray(base_weights(network)), orient(network)
    void = np.array(network.names)[network.phases] == VOID
    if not (every_weight[~void] > 0).any():
        or_void = " or a void" if void.any() else ""
        raise InputError(f"every base node of the network is dead{or_void}; train another")
    every_weight = _with_voids_merged(every_weight, void)
    alive = every_weight > 0
    blocks, weights = living_blocks(alive), list(every_weight[alive])
    height = [0] * len(weights)
    for _, _, (first, second) in blocks:
        weights.append(weights[first] + weights[second])
        height.append(1 + max(height[first], height[second]))
    children = np.array([block.children for block in blocks])
    H = interface_matrix(np.concatenate(orientations.normals)[[block.node for block in blocks]])
    rotations = orientations.rotations
    return Tree(
        weights=every_weight[alive],
        phases=network.phases[alive],
        names=network.names,
        rotations=None if rotations is None else rotation_matrix(rotations[alive]),
        levels=_levels(children, H, np.array(weights), np.array(height)),
    )


def _with_voids_merged(weights: Array, void: NDArray[np.bool_]) -> Array:
    """Weights (2^N,) of base nodes where a subtree of voids alone is one, its first that lives."""
    weights, size = weights.copy(), 2
    while void.any() and size < len(weights):
        for subtree, voids in zip(weights.reshape(-1, size), void.reshape(-1, size), strict=True):
            if not subtree[~voids].any():
                whole, first = subtree.sum(), np.argmax(subtree > 0)
                subtree[:], subtree[first] = 0, whole
        size *= 2
    return weights


class Block(NamedTuple):
    """A block that is left of a network."""

    layer: int
    node: int  # among the nodes of all layers, in level order
    children: tuple[int, int]  # base nodes by their number among those that live, then blocks


def living_blocks(alive: NDArray[np.bool_]) -> list[Block]:
    """Blocks both of whose children live, from the bottom up, by the base nodes (2^N,) that do."""
    k = np.count_nonzero(alive)
    number = np.where(alive, np.cumsum(alive) - 1, -1)
    blocks: list[Block] = []
    for layer in reversed(range(len(alive).bit_length() - 1)):
        first, second = number[0::2], number[1::2]
        number = np.where(first >= 0, first, second)
        for j in np.flatnonzero((first >= 0) & (second >= 0)):
            number[j] = k + len(blocks)
            blocks.append(Block(layer, 2**layer - 1 + j, (first[j], second[j])))
    return blocks


def _levels(children: Indices, H: Array, weights: Array, height: Indices) -> tuple[Level, ...]:
    """Group blocks by their height above the base nodes."""
    base = len(weights) - len(children)
    levels = []
    for value in range(1, height.max(initial=0) + 1):
        nodes = np.flatnonzero(height == value)
        below = children[nodes - base]
        f1 = weights[below[:, 0]] / weights[nodes]
        levels.append(Level(nodes, below, f1, H[nodes - base]))
    return tuple(levels)
