"""What the process that compiles the online schemes calls."""

import numpy as np

from evaluation.online.equilibrium import search_of
from evaluation.online.flat_network import flat_network
from evaluation.online.iteration import answer, prepare, tangents
from evaluation.online.loops import Increments, empty_results, follow
from evaluation.online.network_law import respond
from evaluation.online.prediction import SINGLE, TILE
from rve.materials.elastic import Elastic
from rve.materials.material import Response
from training.network import initialise
from training.tree import prune


def rehearse(_: str) -> None:
    """Have the loops compiled for a single point and for a tile."""
    tree = prune(initialise("IMN", 1, np.random.default_rng(0)))
    network = flat_network(tree, (Elastic(np.eye(6)), Elastic(np.eye(6))), dense=True)
    search = search_of("tree_newton", 1.0, 1)
    for lanes in (SINGLE, TILE):
        work, L = prepare(lanes, network), len(lanes)
        row = np.zeros((1, 6 * L))
        path = Increments(free=row, ends=row, shares=row, durations=np.ones((1, L)))
        follow(lanes, network, work, path, search, empty_results(1, L))
        answer(lanes, network, work)
        tangents(lanes, network, work)
        strain, state = np.zeros((1, 6)), np.zeros((1, 13))
        response = Response(np.empty((1, 6)), np.empty((1, 13)), np.empty((1, 6, 6)))
        respond(lanes, network, search, (strain, state, 1.0), response)
