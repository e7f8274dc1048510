"""What the benchmarks share."""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from numba import njit

from rve.dataset.dataset import Dataset
from rve.dataset.sampling import SamplingRanges, sample_phases
from rve.kernels.build import vectorise
from rve.kernels.numba_source import BORROWING
from rve.kernels.tile import upper
from rve.loads.load_path import monotonic
from rve.materials import J2Plasticity
from rve.materials.elastic_constants import Orthotropic
from rve.microstructure.phases import PHASES
from training.compiled import kernels
from training.compiled.structure import structure
from training.compiled.workspace import DOUBLES, TILE, workspace
from training.homogenise import homogenise
from training.network import MaterialNetwork, initialise
from training.tree import Tree, prune

Record = Callable[..., None]

# With the hardening that config.yaml assumes.
COMPOSITE_1_DECLARED = (
    J2Plasticity(3.8, 0.387, 0.01, H=0.1, Q=0.03, b=100),
    Orthotropic(
        E11=19.8, E22=19.8, E33=245, G12=5.9, G13=29.2, G23=29.2, nu12=0.67, nu13=0.02, nu23=0.02
    ),
)
COMPOSITE_1 = tuple(phase.law() for phase in COMPOSITE_1_DECLARED)

BATCH = 40
PATH = monotonic("11", 0.04, 40, "stress")


def tree_of(active: int, layers: int = 7) -> Tree:
    """A random network with that many active base nodes."""
    network = initialise("IMN", layers, np.random.default_rng(0))
    alive = np.argsort(network.z)[-active:]
    z = np.zeros_like(network.z)
    z[alive] = network.z[alive]
    return prune(MaterialNetwork("IMN", z, network.angles))


def taught(samples: int) -> Dataset:
    """Samples of a random network: the cost does not depend on the cell."""
    ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0, 0.5))
    p1, p2 = np.moveaxis(sample_phases(ranges, PHASES, samples, seed=1, stream=0), 1, 0)
    teacher = initialise("IMN", 3, np.random.default_rng(0))
    return Dataset(np.stack([p1, p2], axis=1), homogenise(teacher, p1, p2))


def block_seconds() -> float:
    """Forward and adjoint of a block, for one of the samples of a batch of 40."""
    kernels.LIBRARY.compile_once()
    vectorise()
    tiles = BATCH // DOUBLES
    pair = MaterialNetwork("IMN", np.ones(2), np.zeros((1, 2)))
    memory = workspace(structure(pair, pair.z > 0, orthotropic=False), float, tiles)
    for tile, factor in zip(memory.tiles, (1, 3), strict=False):
        tile[:] = np.repeat(upper(factor * np.eye(6)), DOUBLES)
    memory.by_tiles[-1] = memory.tiles[0] / 2
    memory.fractions[:], memory.normals[:] = 0.4, (0.6, 0.0, 0.8)

    @njit(**BORROWING)  # as the functions of a training
    def blocks(repeats, f, n, tiles, kept, by_tiles, by_f, by_n):
        count = tiles.shape[1]
        for _ in range(repeats):
            points = TILE, count, 1.0
            block = (f, 0), (n, 0)
            first, second, result = (tiles, 0), (tiles, 1), (tiles, 2)
            kernels.laminate(points, *block, first, second, result, (kept, 0))
            by = (by_tiles, 2), (by_tiles, 0), (by_tiles, 1), (by_f, 0), (by_n, 0)
            kernels.laminate_adjoint(points, *block, first, second, (kept, 0), *by)

    seconds = best_seconds(
        blocks,
        memory.fractions,
        memory.normals,
        memory.tiles,
        memory.kept,
        memory.by_tiles,
        memory.by_fractions,
        memory.by_normals,
    )
    return seconds / BATCH


def best_seconds(run: Callable[..., None], *arguments: object, repeats: int = 3000) -> float:
    """Least time of one repeat of a compiled function that repeats."""
    run(1, *arguments)
    times = []
    for _ in range(20):
        start = perf_counter()
        run(repeats, *arguments)
        times.append(perf_counter() - start)
    return min(times) / repeats
