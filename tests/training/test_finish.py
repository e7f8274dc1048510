"""The end of a training with the first moments of the strain."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from networks import distance, random_network, random_stiffness

from rve.dataset.dataset import Dataset
from rve.dataset.moments import (
    SMALLEST_SHARE,
    STEPS,
    Moments,
    load_moments,
    mean_deviator,
    save,
    uniaxial_strains,
)
from rve.dataset.samples import compute_moments
from rve.errors import InputError
from rve.homogenisation.cell import Cell
from rve.homogenisation.components import assemble_components, homogenise
from rve.homogenisation.matching import Matching
from rve.materials.stiffness import isotropic
from training.backend import Backend
from training.compiled.backend import FusedBackend
from training.finish import finish
from training.first_moments import first_moments, moments_error
from training.fit import train
from training.homogenise import homogenise as homogenise_network
from training.loss import mean_relative_error
from training.network import Kind, MaterialNetwork
from training.record import describe
from training.specification import Settings
from training.torch.backend import TorchBackend

SETTINGS = Settings(100, 8, 1.0, 4.0, 3)


def taught(kind: Kind, phase: int = 0) -> tuple[Dataset, Moments]:
    """Samples and moments of a network that is to be found again; one phase is isotropic."""
    rng = np.random.default_rng(11)
    teacher = random_network(kind, 3, rng)
    even = np.array([isotropic(*rng.uniform([0.5, 0.2], [2, 0.48])) for _ in range(16)])
    other = np.array([random_stiffness(rng, 10.0) for _ in range(16)])
    p1, p2 = (even, other) if phase == 0 else (other, even)
    samples = Dataset(np.stack([p1, p2], axis=1), homogenise_network(teacher, p1, p2))
    values = first_moments(teacher, (p1, p2), uniaxial_strains(samples.rve), [phase])
    shares = rng.uniform(0.2, 1, (16, 1, 6))
    shares[:, :, 2] = 0
    return samples, Moments(samples, (phase,), values, shares)


@pytest.mark.parametrize("phase", [0, 1])
@pytest.mark.parametrize("kind", ["DMN", "IMN"])
def test_gradient_is_that_of_autograd(kind: Kind, phase: int) -> None:
    """Compiled by hand-made adjoints; of some pairs that do not fill a tile, with dead nodes."""
    samples, moments = taught(kind, phase)
    network = random_network(kind, 4, np.random.default_rng(2), [1, 6, 12])
    fused, torch = (
        backend(network, samples, samples, SETTINGS, moments)
        for backend in (FusedBackend, TorchBackend)
    )
    pairs = np.random.default_rng(3).permutation(len(moments.pairs))[:21]
    found, expected = fused.gradient_of_moments(pairs), torch.gradient_of_moments(pairs)
    for one, other in zip(found, expected, strict=True):
        assert distance(one, other) < 1e-12
        assert np.abs(one).max() > 1e-4
    every = np.arange(len(moments.pairs))
    gain = 1e-3 / sum(float((by**2).sum()) for by in fused.gradient_of_moments(every))
    steeper = [
        a - gain * by
        for a, by in zip((network.z, network.angles), fused.gradient_of_moments(every), strict=True)
    ]
    moved = MaterialNetwork(kind, *steeper)
    fall = moments_error(network, moments) ** 2 - moments_error(moved, moments) ** 2
    assert fall == pytest.approx(1e-3, rel=0.1)


def test_a_network_without_the_phase_that_flows_has_no_gradient() -> None:
    samples, moments = taught("IMN")
    network = random_network("IMN", 2, np.random.default_rng(2), [0, 2])
    backend = FusedBackend(network, samples, samples, SETTINGS, moments)
    for by in backend.gradient_of_moments(np.arange(5)):
        assert (by == 0).all()


@pytest.mark.parametrize("kind", ["DMN", "IMN"])
def test_moments_come_nearer_and_the_stiffness_stays(kind: Kind) -> None:
    samples, moments = taught(kind)
    start = train(kind, 3, samples, samples, SETTINGS)
    end = train(kind, 3, samples, samples, SETTINGS, moments)
    before, after = (moments_error(r.network, moments) for r in (start, end))
    assert after < 0.95 * before, (before, after)
    assert end.history.error_training[-1] <= start.history.error_training[-1]
    assert len(end.history.error_training) == len(start.history.error_training) + 1
    p1, p2, rve = samples.phases[:, 0], samples.phases[:, 1], samples.rve
    error = mean_relative_error(homogenise_network(end.network, p1, p2), rve)
    assert end.history.error_training[-1] == pytest.approx(error, rel=1e-9)


def finished(
    network: MaterialNetwork, samples: Dataset, moments: Moments, xi: float, backend: type[Backend]
) -> MaterialNetwork:
    settings = replace(SETTINGS, xi=xi, loss="energy")
    training = backend(network, samples, samples, settings, moments)  # type: ignore[call-arg]
    finish(training, len(samples), moments, 8, np.random.default_rng(2))
    return training.network


@pytest.mark.parametrize("kind", ["DMN", "IMN"])
def test_backends_finish_alike_and_leave_the_first_network_as_it_was(kind: Kind) -> None:
    samples, moments = taught(kind)
    network = random_network(kind, 3, np.random.default_rng(1), [2])
    before = network.z.copy(), network.angles.copy()
    first, again, torch = (
        finished(network, samples, moments, 4.0, backend)
        for backend in (FusedBackend, FusedBackend, TorchBackend)
    )
    assert (first.z == again.z).all() and (first.angles == again.angles).all()
    assert first.z == pytest.approx(torch.z, rel=1e-8, abs=1e-10)
    assert first.angles == pytest.approx(torch.angles, rel=1e-8, abs=1e-8)
    assert (network.z == before[0]).all() and (network.angles == before[1]).all()


def test_a_finished_network_is_finished_already() -> None:
    """The teacher fits exactly, and stays where it is but for the regularisation."""
    samples, moments = taught("IMN")
    teacher = random_network("IMN", 3, np.random.default_rng(11))
    assert moments_error(teacher, moments) < 1e-14
    kept = finished(teacher, samples, moments, float(teacher.z.sum()), FusedBackend)
    assert moments_error(kept, moments) < 1e-3


@pytest.mark.parametrize("flowing", ["matrix", "fibre"])
def test_moments_of_the_cell_are_averages_of_its_strain(flowing, cell: Cell, tmp_path: Path):
    """Their shares are those of the energy; and through a file."""
    components = assemble_components(cell)
    p1, p2 = isotropic(1.0, 0.45), isotropic(20.0, 0.3)
    stiffness = homogenise(components, p1, p2, flowing=[flowing])
    samples = Dataset(np.array([[p1, p2]]), stiffness[None])
    moments = compute_moments(cell, samples, [flowing])
    phase = ("matrix", "fibre").index(flowing)
    matching = Matching(cell, [phase])
    strain = np.linalg.solve(stiffness, np.array([0, 0, 0, 0, 0, 1.0]))
    (strains,) = matching.strains(np.array([p1, p2]), strain[None] / strain[5], STEPS)
    local, (weights,) = strains[:, 0], matching.weights
    expected = [float(mean_deviator(strains, weights)) for strains in local]
    assert moments.values[0, 0, 5] == pytest.approx(expected, rel=1e-12)
    whole = np.einsum("n,ni,ij,nj->", weights, local[0], (p1, p2)[phase], local[0])
    share = whole / (strain @ stiffness @ strain / strain[5] ** 2)
    assert moments.shares[0, 0, 5] == pytest.approx(share, rel=1e-10)
    assert ((moments.shares == 0) | (moments.shares >= SMALLEST_SHARE)).all()
    save(moments, tmp_path / "moments.npz")
    again = load_moments(tmp_path / "moments.npz")
    assert again.flowing == moments.flowing and (again.values == moments.values).all()
    save(replace(moments, values=-moments.values), tmp_path / "moments.npz")
    with pytest.raises(InputError, match=r"moments.npz: the values are not positive numbers"):
        load_moments(tmp_path / "moments.npz")
    (tmp_path / "moments.npz").write_bytes(b"not a file of arrays")
    with pytest.raises(InputError, match="not moments of strain, delete it and run again"):
        load_moments(tmp_path / "moments.npz")


def test_moments_of_a_phase_that_bears_nothing_end_no_training() -> None:
    samples, moments = taught("IMN")
    nothing = replace(moments, shares=np.zeros_like(moments.shares))
    end = train("IMN", 3, samples, samples, SETTINGS, nothing)
    start = train("IMN", 3, samples, samples, SETTINGS)
    assert (end.network.z == start.network.z).all()
    assert describe(end, SETTINGS, {}, nothing)["error_moments"] is None


def test_shares_of_a_soft_fibre_are_too_small_to_count(cell: Cell) -> None:
    p1, p2 = isotropic(100.0, 0.3), isotropic(0.01, 0.45)
    stiffness = homogenise(assemble_components(cell), p1, p2, flowing=["fibre"])
    samples = Dataset(np.array([[p1, p2]]), stiffness[None])
    moments = compute_moments(cell, samples, ["fibre"])
    assert len(moments.pairs) == 0
    assert (moments.values == 1).all()
