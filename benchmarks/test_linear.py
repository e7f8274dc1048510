from time import perf_counter

import numpy as np
from common import Record
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve
from skfem import BilinearForm

from rve.dataset.sampling import SamplingRanges, sample_phases
from rve.homogenisation.cell import Cell, strain
from rve.homogenisation.components import assemble_components, homogenise
from rve.microstructure.phases import PHASES

RANGES = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0, 0.5))


def stock_route(cell: Cell, pair: np.ndarray) -> np.ndarray:
    """One sample as scikit-fem's documentation does it: assemble, reduce, solve."""
    stiffness = np.moveaxis(pair[cell.phase], 0, -1)[..., None]

    @BilinearForm
    def form(u, v, _):
        stress = np.einsum("ij...,j...->i...", stiffness, strain(u.grad))
        return np.einsum("i...,i...->...", strain(v.grad), stress)

    entries = form.assemble(cell.basis).tocoo()
    unknown = np.empty(cell.basis.N, dtype=np.int64)
    unknown[cell.basis.element_dofs.T] = cell.element_unknowns
    places = (unknown[entries.row], unknown[entries.col])
    folded = csc_matrix((entries.data, places), shape=(cell.size + 1, cell.size + 1))
    system = folded[: cell.size, : cell.size]
    coupling = np.einsum(
        "eq,eqik,eij->ekj", cell.weights, cell.strain_displacement, pair[cell.phase]
    )
    load = np.zeros((cell.size + 1, 6))
    np.add.at(load, cell.element_unknowns, coupling)
    load = load[: cell.size]
    mean = np.tensordot(cell.fractions, pair, 1)
    return mean - load.T @ spsolve(system, load)


def test_linear_sample(benchmark: BenchmarkFixture, record: Record, cell: Cell) -> None:
    components = assemble_components(cell)
    pairs = sample_phases(RANGES, PHASES, 20, seed=1, stream=0)
    results = []

    def homogenise_next() -> None:
        results.append(homogenise(components, *pairs[len(results)]))

    benchmark.pedantic(homogenise_next, rounds=len(pairs) - 1, warmup_rounds=1)
    milliseconds = 1e3 * benchmark.stats.stats.median
    times = []
    for pair, homogenised in zip(pairs[:3], results, strict=False):
        start = perf_counter()
        expected = stock_route(cell, pair)
        times.append(1e3 * (perf_counter() - start))
        np.testing.assert_allclose(homogenised, expected, atol=1e-8 * np.abs(expected).max())
    stock = float(np.median(times))
    record("linear.ms_per_sample", milliseconds, f"ms at {cell.size} unknowns", stock)
    record("linear.speedup_vs_scikit_fem", stock / milliseconds, "times")
