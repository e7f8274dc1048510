"""A test vector: increments, and the stresses that Python finds at their ends."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evaluation.export.functions import caller_to_cell
from evaluation.online.ensemble import EnsembleLaw
from evaluation.online.network_law import NetworkLaw
from rve.materials.composite import Materials
from training.tree import Tree

Array = NDArray[np.float64]

_CORNERS = 0.01 * np.array(
    [
        [0.5, -0.3, 0.2, 1.0, -0.4, 0.8],
        [-0.4, 1.2, 0.1, -0.6, 0.9, -1.1],
        [0.2, 0.1, -0.3, 0.2, 0.1, 0.3],
    ]
)
_INCREMENTS, _DURATION = 10, 0.1


def steps(
    trees: Sequence[Tree], materials: Materials, fibres_along: int, per_gigapascal: float
) -> Array:
    """Duration, strain and stress (n, 13) in the caller's axes, Mandel, along a path of corners."""
    turn = caller_to_cell(fibres_along)
    law: NetworkLaw | EnsembleLaw
    law = EnsembleLaw(trees, materials) if len(trees) > 1 else NetworkLaw(trees[0], materials)
    corners = np.vstack([np.zeros(6), _CORNERS])
    k = np.arange(1, _INCREMENTS + 1)[:, None]
    ends = [begin + (end - begin) * k / _INCREMENTS for begin, end in pairwise(corners)]
    state, rows = np.zeros((1, law.state_size)), []
    for strain in np.concatenate(ends):
        stress, state, _ = law.respond((turn @ strain)[None], state, _DURATION)
        rows.append([_DURATION, *strain, *per_gigapascal * (turn.T @ stress[0])])
    return np.array(rows)
