from typing import get_args

import numpy as np
import pytest
from common import Record
from pytest_benchmark.fixture import BenchmarkFixture

from rve.dataset import Dataset
from rve.sampling import SamplingRanges, sample_pairs
from training.fit import Settings, train
from training.homogenise import homogenise
from training.network import Kind, initialise

SAMPLES, BATCH, EPOCHS, LAYERS = 400, 40, 2, 7


@pytest.fixture(scope="module")
def data() -> Dataset:
    """Samples of a random network: the cost does not depend on the cell."""
    ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0, 0.5))
    p1, p2 = np.moveaxis(sample_pairs(ranges, SAMPLES, seed=1, stream=0), 1, 0)
    teacher = initialise("IMN", 3, np.random.default_rng(0))
    return Dataset(p1, p2, homogenise(teacher, p1, p2))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_training_epoch(
    benchmark: BenchmarkFixture, record: Record, data: Dataset, kind: Kind
) -> None:
    settings = Settings(epochs=EPOCHS, batch_size=BATCH, eta=1, xi=1, seed=0)
    arguments = (kind, LAYERS, data, data.first(100), settings)
    benchmark.pedantic(train, arguments, rounds=3, warmup_rounds=1)
    milliseconds = 1e3 * benchmark.stats.stats.median / EPOCHS
    record(f"training.torch_{kind.lower()}_d7_ms_per_epoch", milliseconds, "ms, 400 samples")
