from time import perf_counter

import numpy as np
import pytest
from common import COMPOSITE_1, Record
from pytest_benchmark.fixture import BenchmarkFixture

from evaluation.online import SchemeName, predict
from rve.cell import Cell
from rve.dns import simulate
from rve.loading import monotonic
from training.network import MaterialNetwork, initialise
from training.tree import Tree, prune

PATH = monotonic("11", 0.04, 40, "stress")


@pytest.fixture(scope="module")
def reference_seconds(cell: Cell, record: Record) -> float:
    return simulation_seconds("2k", cell, record)


def simulation_seconds(size: str, cell: Cell, record: Record) -> float:
    start = perf_counter()
    curve = simulate(cell, COMPOSITE_1, PATH)
    seconds = perf_counter() - start
    unit = f"s with {len(cell.phase)} elements, 40 increments"
    record(f"dns.s_per_curve_{size}", seconds, unit)
    record(f"dns.newton_per_increment_{size}", curve.iterations[1:].mean(), "iterations")
    return seconds


def test_simulation_of_a_fine_mesh(fine_cell: Cell, record: Record) -> None:
    simulation_seconds("10k", fine_cell, record)


def tree_of(active: int) -> Tree:
    """A random network of depth 7 with that many active base nodes."""
    network = initialise("IMN", 7, np.random.default_rng(0))
    alive = np.argsort(network.z)[-active:]
    z = np.zeros_like(network.z)
    z[alive] = network.z[alive]
    return prune(MaterialNetwork("IMN", z, network.angles))


@pytest.mark.parametrize("active", [20, 50])
@pytest.mark.parametrize("scheme", ["residual_stress", "newton"])
def test_online_path(
    benchmark: BenchmarkFixture,
    record: Record,
    reference_seconds: float,
    active: int,
    scheme: SchemeName,
) -> None:
    arguments = (tree_of(active), COMPOSITE_1, PATH, scheme)
    benchmark.pedantic(predict, arguments, rounds=5, warmup_rounds=1)
    milliseconds = 1e3 * benchmark.stats.stats.median
    record(f"online.{scheme}.ms_per_path_{active}", milliseconds, "ms, 40 increments")
    if active == 20:
        speedup = 1e3 * reference_seconds / milliseconds
        record(f"online.{scheme}.speedup_vs_dns", speedup, "times")
