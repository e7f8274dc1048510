import re
from collections.abc import Callable
from time import perf_counter
from typing import get_args

import numpy as np
import pytest
from common import Record
from numba import njit

from rve.dataset import Dataset
from rve.sampling import SamplingRanges, sample_pairs
from training.fit import Settings, train
from training.fused import compiled
from training.fused.source import ENTRIES, LANES, module
from training.homogenise import homogenise
from training.network import Kind, initialise

SAMPLES, BATCH, LAYERS, EPOCHS = 400, 40, 7, 10_000
SETTLED, SETTLING = 2000, 1500  # epochs; the cost of those between stands for all later ones


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Samples of a random network: the cost does not depend on the cell."""
    ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0, 0.5))
    p1, p2 = np.moveaxis(sample_pairs(ranges, SAMPLES, seed=1, stream=0), 1, 0)
    teacher = initialise("IMN", 3, np.random.default_rng(0))
    return Dataset(p1, p2, homogenise(teacher, p1, p2))


def training_seconds(kind: Kind, data: Dataset, epochs: int, backend: str) -> float:
    settings = Settings(epochs, BATCH, eta=1, xi=1, seed=0, backend=backend)
    start = perf_counter()
    train(kind, LAYERS, data, data.first(100), settings)
    return perf_counter() - start


@pytest.mark.parametrize("kind", get_args(Kind))
def test_training(record: Record, data: Dataset, kind: Kind) -> None:
    name = kind.lower()
    training_seconds(kind, data, 1, "fused")
    training_seconds(kind, data, 1, "torch")
    first, fourth = (training_seconds(kind, data, epochs, "torch") for epochs in (1, 4))
    torch = EPOCHS / 3 * (fourth - first)
    settling = training_seconds(kind, data, SETTLING, "fused")
    settled = training_seconds(kind, data, SETTLED, "fused")
    seconds = settled + (EPOCHS - SETTLED) / (SETTLED - SETTLING) * (settled - settling)
    unit = f"s for {EPOCHS} epochs, {SAMPLES} samples"
    record(f"training.{name}_d7_s", seconds, unit, torch)
    record(f"training.{name}_d7_speedup_vs_torch", torch / seconds, "times")


def test_kernel(record: Record) -> None:
    """Forward and adjoint of a block for a sample, and its share of the core's peak."""
    kernels = compiled.load().kernels
    identity = np.eye(6)[np.triu_indices(6)][:, None] * np.ones(LANES)
    tiles = tuple(factor * identity.ravel() for factor in (1, 3, 0.5))
    results = np.zeros((3, ENTRIES * LANES))
    block, slopes = np.array([0.4, 0.6, 0.0, 0.8]), np.zeros(4 * LANES)

    @njit
    def blocks(repeats, block, tiles, results, slopes):
        first, second, weight = tiles
        for _ in range(repeats):
            kernels.laminate(1.0, block, first, second, results[0])
            kernels.laminate_adjoint(
                1.0, block, first, second, weight, results[1], results[2], slopes
            )

    seconds = best_seconds(blocks, block, tiles, results, slopes) / LANES
    record("training.kernel_ns_per_block_sample", 1e9 * seconds, "ns, forward and adjoint")
    sources = re.findall(r"def laminate(?:_adjoint)?\(.*?(?=\n@njit|\Z)", module(), re.DOTALL)
    operations = sum(len(re.findall(r"^ +t\d+ = ", source, re.MULTILINE)) for source in sources)
    share = operations / seconds / most_operations()
    record("training.kernel_share_of_peak", share, "of multiply-adds of full vector width")


def best_seconds(run: Callable[..., None], *arguments: object, repeats: int = 3000) -> float:
    """Least time of one repeat of a compiled function that repeats."""
    run(1, *arguments)
    times = []
    for _ in range(20):
        start = perf_counter()
        run(repeats, *arguments)
        times.append(perf_counter() - start)
    return min(times) / repeats


def most_operations() -> float:
    """Operations a second of independent multiply-adds (two operations each) in registers."""
    links = 64

    @njit(fastmath={"contract"})  # fused, but not folded
    def multiply_adds(repeats, values):
        for _ in range(repeats):
            for s in range(8 * LANES):
                value = values[s]
                for _ in range(links):
                    value = value * 0.999 + 0.001
                values[s] = value

    values = np.linspace(0, 1, 8 * LANES)
    return 2 * links * len(values) / best_seconds(multiply_adds, values)
