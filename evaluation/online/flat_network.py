"""A network and its base materials as flat arrays for the compiled loops."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluation.online.loop_arguments import FlatNetwork
from evaluation.online.schemes.newton import interaction_matrix
from rve.materials.law import Law
from rve.materials.layout import DURATION, PointFunctions
from rve.microstructure.phases import VOID
from training.tree import Tree

Array = NDArray[np.float64]

_NOTHING = PointFunctions(np.empty(0), single=0, tiled=0, width=DURATION + 1, skew=-1, going=-1)
"""Those of a void."""


def flat_network(tree: Tree, materials: Sequence[Law], dense: bool) -> FlatNetwork:
    """Flat arrays of a tree with its laws, rotated into the frames of its base nodes.

    Args:
        tree: the active part of a network.
        materials: laws of its phases but the void.
        dense: whether Algorithm 3 needs its matrix A.
    """
    by_phase = dict(zip((name for name in tree.names if name != VOID), materials, strict=True))
    laws: list[Any] = [by_phase.get(tree.names[phase]) for phase in tree.phases]
    if tree.rotations is not None:
        turned = zip(laws, tree.rotations, strict=True)
        laws = [law and law.turned(rotation) for law, rotation in turned]
    compiled = [law.point_functions if law else _NOTHING for law in laws]
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
        sizes=np.array([law.state_size if law else 0 for law in laws]),
        width=max(one.width for one in compiled),
        skews=np.array([one.skew for one in compiled]),
        constants=padded,
        hollow=VOID in tree.names,
        single=np.array([one.single for one in compiled]),
        tiled=np.array([one.tiled for one in compiled]),
    )
