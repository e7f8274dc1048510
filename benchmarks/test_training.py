import re
from functools import partial
from time import perf_counter
from timeit import repeat
from typing import get_args

import numpy as np
import pytest
from common import BATCH, Record, best_seconds, block_seconds, taught
from numba import njit

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, uniaxial_strains
from rve.materials.stiffness import isotropic
from training.coated import coated_network
from training.compiled.backend import FusedBackend
from training.compiled.kernels import LIBRARY
from training.first_moments import first_moments
from training.fit import train
from training.network import Kind
from training.specification import Settings
from training.torch.backend import TorchBackend

SAMPLES, LAYERS, EPOCHS = 400, 7, 10_000
SETTLED, SETTLING = 2000, 1500  # epochs; the cost of those between stands for all later ones


@pytest.fixture(scope="module")
def data() -> Dataset:
    return taught(SAMPLES)


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
    seconds = block_seconds()
    record("training.kernel_ns_per_block_sample", 1e9 * seconds, "ns, forward and adjoint")
    files = [LIBRARY.folder / f"{name}.py" for name in ("laminate", "laminate_adjoint")]
    operations = sum(len(re.findall(r"^ +t\d+ = ", f.read_text(), re.MULTILINE)) for f in files)
    share = operations / seconds / most_operations()
    record("training.kernel_share_of_peak", share, "of multiply-adds of full vector width")


def most_operations() -> float:
    """Operations a second of independent multiply-adds (two operations each) in registers."""
    links, length = 16, 64

    @njit(fastmath={"contract"})  # fused, but not folded
    def multiply_adds(repeats, values):
        for _ in range(repeats):
            for s in range(length):
                a, b, c, d = values[0, s], values[1, s], values[2, s], values[3, s]
                e, f, g, h = values[4, s], values[5, s], values[6, s], values[7, s]
                for _ in range(links):
                    a, b = a * 0.999 + 0.001, b * 0.999 + 0.001
                    c, d = c * 0.999 + 0.001, d * 0.999 + 0.001
                    e, f = e * 0.999 + 0.001, f * 0.999 + 0.001
                    g, h = g * 0.999 + 0.001, h * 0.999 + 0.001
                values[0, s] = a + b + c + d + e + f + g + h

    values = np.linspace(0, 1, 8 * length).reshape(8, length)
    return 2 * 8 * links * length / best_seconds(multiply_adds, values)


def test_moments(record: Record) -> None:
    """Gradient of the first moments of 80 pairs of a sample and a load, 7 layers."""
    rng, data = np.random.default_rng(0), taught(SAMPLES).first(16)
    even = np.array([isotropic(*rng.uniform([0.5, 0.2], [2, 0.48])) for _ in range(16)])
    phases = even, data.phases[:, 1]
    samples = Dataset(np.stack(phases, axis=1), data.rve)
    network = coated_network("IMN", LAYERS, {"matrix": 0.4, "fibre": 0.6}, 32.0, rng)
    E = uniaxial_strains(samples.rve)
    values = first_moments(network, phases, E, [0])
    moments = Moments(samples, (0,), values, np.ones((16, 1, 6)))
    settings = Settings(1, BATCH, eta=1, xi=32, seed=0)
    fused, torch = (
        backend(network, samples, samples, settings, moments)
        for backend in (FusedBackend, TorchBackend)
    )
    pairs = np.arange(80)
    fused_seconds, torch_seconds = (
        min(repeat(partial(backend.gradient_of_moments, pairs), number=1, repeat=10))
        for backend in (fused, torch)
    )
    record("training.moments_ms", 1e3 * fused_seconds, "ms a gradient", 1e3 * torch_seconds)
    record("training.moments_speedup_vs_torch", torch_seconds / fused_seconds, "times")
