"""What a training calls: in the process that compiles, and once in each process that trains."""

from functools import cache

import numpy as np

from rve.dataset.moments import STEPS
from rve.kernels.tile import ENTRIES
from training.compiled import flow, flow_loops, loops
from training.compiled.kernels import LIBRARY
from training.compiled.structure import Parameters, structure
from training.compiled.workspace import TILE, lanes, workspace
from training.network import MaterialNetwork


@cache
def load(precision: str) -> None:
    """Have the functions of a training compiled, or loaded, for stiffnesses of this precision.

    Every process that trains loads the same functions in the same order. A kernel is compiled once
    within each function that calls it; these copies round differently, and the first one that is
    loaded is used.

    Raises:
        InputError: the folder of the compiled code cannot be written, or the compiler failed.
    """
    LIBRARY.compile_once(precision)
    rehearse(precision)


def rehearse(precision: str) -> None:
    """Train a little."""
    data, order = np.ones((2, 4 * ENTRIES), dtype=precision), np.arange(2)
    tile, z, angles = (0,) * lanes(precision), np.ones(2), np.zeros((1, 2))
    trained = MaterialNetwork("IMN", z, angles)
    network = Parameters(z, angles, structure(trained, z > 0, orthotropic=False))
    averages = (np.zeros((2, 1)),) * 2, (np.zeros((1, 2)),) * 2
    memory, penalty = workspace(network.structure, data.dtype, 1), (1.0, 1.0, np.zeros(0))
    loops.run_steps(tile, network, data, (order, 0, 2), memory, penalty, (0.0, 0, averages))
    loops.measure(tile, network, data, data, memory, penalty)
    slopes = np.empty_like(z), np.empty_like(angles)
    loops.slopes(tile, network, data, order, memory, penalty, slopes)
    loops.move(network, slopes, 0.0, 1, averages)
    double, own = workspace(network.structure, np.float64, 1), flow.memory(network.structure, (0,))
    pairs = flow.Pairs(np.ones((2, 2 * ENTRIES + 6)), np.ones((2, 1, STEPS)), np.ones((2, 1)))
    flow_loops.moments_slopes(TILE, network, pairs, order, double, own, slopes)
