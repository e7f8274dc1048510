"""A network and its base materials as flat arrays for the compiled loops."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.online.loop_arguments import FlatNetwork
from evaluation.online.schemes.newton import interaction_matrix
from rve.materials.law import Law
from training.tree import Tree

Array = NDArray[np.float64]


def flat_network(tree: Tree, materials: Sequence[Law], dense: bool) -> FlatNetwork:
    """Flat arrays of a tree with laws of p1 and p2, rotated into the frames of its base nodes.

    Args:
        tree: the active part of a network.
        materials: laws of p1 and p2.
        dense: whether Algorithm 3 needs its matrix A.
    """
    rotations = tree.rotations
    laws = [
        materials[phase] if rotations is None else materials[phase].turned(rotations[node])
        for node, phase in enumerate(tree.phases)
    ]
    compiled = [law.point_functions for law in laws]
    constants = [one.constants for one in compiled]
    padded = np.zeros((len(laws), max(map(len, constants))))
    for row, values in zip(padded, constants, strict=True):
        row[: len(values)] = values
    n = len(laws)
    children, blocks = np.empty((n - 1, 2), dtype=np.int64), np.empty((n - 1, 4))
    for level in tree.levels:
        children[level.nodes - n] = level.children
        normals = level.H[:, [0, 1, 2], [0, 1, 2]]
        blocks[level.nodes - n] = np.column_stack([level.f1, normals])
    return FlatNetwork(
        weights=tree.weights / tree.weights.sum(),
        children=children,
        blocks=blocks,
        interaction=interaction_matrix(tree) if dense else np.empty((0, 0)),
        sizes=np.array([law.state_size for law in laws]),
        width=max(one.width for one in compiled),
        skews=np.array([one.skew for one in compiled]),
        constants=padded,
        single=np.array([one.single for one in compiled]),
        tiled=np.array([one.tiled for one in compiled]),
    )
