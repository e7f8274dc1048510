"""What the process that compiles the online schemes calls."""

import numpy as np

from evaluation.online import loops
from evaluation.online.iteration import prepare, tangents
from evaluation.online.prediction import SINGLE, TILE
from evaluation.online.structure import structure
from rve.materials.elastic import Elastic
from training.network import initialise
from training.tree import prune


def rehearse(_: str) -> None:
    """Have the loops compiled for a single point and for a tile."""
    tree = prune(initialise("IMN", 1, np.random.default_rng(0)))
    network = structure(tree, (Elastic(np.eye(6)), Elastic(np.eye(6))), dense=True)
    for points in (SINGLE, TILE):
        work, L = prepare(points, network), len(points)
        results = (
            np.zeros((2, 6 * L)),
            np.zeros((2, 6 * L)),
            np.zeros((2, L), dtype=np.int64),
            np.zeros((2, L), dtype=np.int64),
            np.zeros(L),
            np.zeros(L, dtype=np.int64),
        )
        for scheme in range(4):
            free, ends, shares = np.ones((1, 6 * L)), np.zeros((1, 6 * L)), np.ones((1, 6 * L))
            load = free, ends, shares, np.ones((1, L))
            loops.follow(points, network, work, *load, scheme, 1.0, 1, results)
        tangents(points, network, work)
        strain, state = np.zeros((1, 6)), np.zeros((1, 13))
        answer = np.empty((1, 6)), np.empty((1, 13)), np.empty((1, 6, 6))
        loops.respond(points, network, (1.0, 1, 1.0), strain, state, *answer)
