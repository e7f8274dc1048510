"""The end of a training with the first moments of the strain."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from networks import random_network, random_stiffness

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, load, mean_deviator, save, uniaxial_strains
from rve.dataset.samples import compute_moments
from rve.errors import InputError
from rve.homogenisation.cell import Cell
from rve.homogenisation.components import assemble_components, homogenise, localise
from rve.materials.stiffness import isotropic
from training.backend import Backend
from training.finish import finish
from training.fit import Settings, train
from training.fused.backend import FusedBackend
from training.homogenise import homogenise as homogenise_network
from training.loss import mean_relative_error
from training.moments import first_moments, moments_error
from training.network import Kind, MaterialNetwork
from training.torch.backend import TorchBackend

SETTINGS = Settings(100, 8, 1.0, 4.0, 3)


def taught(kind: Kind) -> tuple[Dataset, Moments]:
    """Samples and moments of a network that is to be found again."""
    rng = np.random.default_rng(11)
    teacher = random_network(kind, 3, rng)
    p1, p2 = (np.array([random_stiffness(rng, scale) for _ in range(16)]) for scale in (1.0, 10.0))
    samples = Dataset(p1, p2, homogenise_network(teacher, p1, p2))
    E = uniaxial_strains(samples.rve)
    values = first_moments(teacher, p1, p2, E, 0)
    return samples, Moments(samples, 0, values, np.ones_like(values))


@pytest.mark.parametrize("kind", ["DMN", "IMN"])
def test_moments_come_nearer_and_the_stiffness_stays(kind: Kind) -> None:
    samples, moments = taught(kind)
    start = train(kind, 3, samples, samples, SETTINGS)
    end = train(kind, 3, samples, samples, SETTINGS, moments)
    before, after = (moments_error(r.network, moments) for r in (start, end))
    assert after < 0.95 * before, (before, after)
    assert end.history.error_training[-1] <= start.history.error_training[-1]
    assert len(end.history.error_training) == len(start.history.error_training) + 1
    p1, p2, rve = samples.p1, samples.p2, samples.rve
    error = mean_relative_error(homogenise_network(end.network, p1, p2), rve)
    assert end.history.error_training[-1] == pytest.approx(error, rel=1e-9)


def finished(
    network: MaterialNetwork, samples: Dataset, moments: Moments, xi: float, backend: type[Backend]
) -> MaterialNetwork:
    training = backend(network, samples, samples, 1.0, xi, "energy", moments=moments)
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
    """Under one stress, by hand; and through a file."""
    components = assemble_components(cell)
    p1, p2 = isotropic(1.0, 0.45), isotropic(20.0, 0.3)
    stiffness = homogenise(components, p1, p2, [flowing])
    samples = Dataset(p1[None], p2[None], stiffness[None])
    moments = compute_moments(cell, components, samples, flowing)
    stress = np.array([0, 0, 0, 0, 0, 1.0])
    strain = np.linalg.solve(stiffness, stress)
    local = localise(cell, components, p1, p2, [flowing]) @ (strain / strain[5])
    part = cell.phase == ("matrix", "fibre").index(flowing)
    local, weights = local[part].reshape(-1, 6), cell.weights[part].ravel()
    assert moments.values[0, 5] == pytest.approx(float(mean_deviator(local, weights)), rel=1e-12)
    whole = np.einsum("n,ni,ij,nj->", weights, local, (p1, p2)[moments.flowing], local)
    share = whole / (strain @ stiffness @ strain / strain[5] ** 2)
    assert moments.shares[0, 5] == pytest.approx(share, rel=1e-10)
    assert (moments.shares < 1).all()
    save(moments, tmp_path / "moments.npz")
    again = load(tmp_path / "moments.npz")
    assert again.flowing == moments.flowing and (again.values == moments.values).all()
    save(replace(moments, values=-moments.values), tmp_path / "moments.npz")
    with pytest.raises(InputError, match=r"moments.npz: the values are not \(samples, 6\)"):
        load(tmp_path / "moments.npz")
    (tmp_path / "moments.npz").write_bytes(b"not a file of arrays")
    with pytest.raises(InputError, match="not moments of strain, delete it and run again"):
        load(tmp_path / "moments.npz")
