"""Samples, bounds and moments of three phases and more, and of voids."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import (
    isotropic_stiffness,
    layered_medium,
    layered_mesh,
    rectangular_mesh,
    relative_difference,
)
from numpy.typing import NDArray

from rve.dataset.bounds import find_conflict
from rve.dataset.dataset import Dataset, checked, load, save
from rve.dataset.moments import STEPS, mean_deviator, uniaxial_strains
from rve.dataset.samples import compute, compute_moments
from rve.dataset.sampling import FlowingRanges, SamplingRanges, sample_flowing, sample_phases
from rve.errors import InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.homogenisation.dns import simulate
from rve.homogenisation.matching import Matching
from rve.loads.load_path import monotonic
from rve.mandel import DEVIATORIC_PROJECTION
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.stiffness import reuss, voigt
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

RANGES = SamplingRanges((0.1, 10.0), (-3.0, 3.0), (0.25, 0.5), (0.0, 0.5))
FLOWING = FlowingRanges(("matrix", "interphase"), (0.2, 0.45), (-2.7, 0.0), (0.3, 2.0))
NAMES = ("matrix", "fibre", "interphase", "void")


def decades(phases: Array) -> Array:
    """Decimal logarithms (...) of the geometric means of Young's moduli of phases (..., 6, 6)."""
    moduli = 1 / np.diagonal(np.linalg.inv(phases), axis1=-2, axis2=-1)[..., :3]
    return np.log10(moduli).mean(axis=-1)


def test_contrasts_of_every_two_phases_have_one_distribution() -> None:
    """Uniform over a hexagon: a difference d has the density (6 - |d|) / 27 up to 3 decades."""
    scales = decades(sample_phases(RANGES, NAMES[:3], 2048, seed=1, stream=0))
    assert scales[:, 0] == pytest.approx(0, abs=1e-9)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        d = np.sort(np.abs(scales[:, one] - scales[:, other]))
        assert d[-1] <= 3 + 1e-9
        distance = np.abs((12 * d - d**2) / 27 - (np.arange(2048) + 0.5) / 2048).max()
        assert distance < 0.02


def test_limits_relative_to_the_matrix_also_limit_others() -> None:
    ranges = replace(RANGES, contrast_decades=(-1.0, 2.0))
    scales = decades(sample_phases(ranges, ("matrix", "a", "b", "c"), 1024, seed=1, stream=0))
    others = scales[:, 1:]
    assert -1 <= others.min() < -0.9 and 1.9 < others.max() <= 2
    assert 1.9 < np.ptp(others, axis=1).max() <= 2


@pytest.mark.parametrize("names", [NAMES, ("matrix", "void"), ("matrix", "fibre", "void")])
def test_voids_have_no_stiffness_and_take_no_draws(names: tuple[str, ...]) -> None:
    phases = sample_phases(RANGES, names, 32, seed=4, stream=1)
    assert phases.shape == (32, len(names), 6, 6)
    assert not phases[:, -1].any()
    assert np.array_equal(phases[:, :-1], sample_phases(RANGES, names[:-1], 32, seed=4, stream=1))


def test_phases_that_yield_have_draws_of_their_own() -> None:
    phases = sample_flowing(RANGES, FLOWING, NAMES, 512, seed=3, stream=2)
    assert not phases[:, 3].any()
    assert 0.3 < decades(phases[:, 1]).min() < 0.4 and 1.9 < decades(phases[:, 1]).max() < 2
    factors = []
    for soft in (phases[:, 0], phases[:, 2]):
        K, G = soft[:, :3, :3].sum(axis=(1, 2)) / 9, soft[:, 3, 3] / 2
        nu = (1 - 1 / (3 * K)) / 2
        assert 0.2 <= nu.min() < 0.21 and 0.44 < nu.max() <= 0.45
        E, own = 9 * K * G / (3 * K + G), (3 * K - 2 * G) / (6 * K + 2 * G)
        expected = np.array([isotropic_stiffness(*both) for both in zip(E, own, strict=True)])
        assert soft == pytest.approx(expected, rel=1e-10, abs=1e-12)
        factors += [np.log10(G * 2 * (1 + nu)), nu]
    assert np.abs(np.corrcoef(factors) - np.eye(4)).max() < 0.1
    reordered = replace(FLOWING, phases=("interphase", "matrix"))
    again = sample_flowing(RANGES, reordered, NAMES, 70, seed=3, stream=2)
    assert np.array_equal(again, phases[:70])


def test_all_phases_may_yield() -> None:
    flowing = replace(FLOWING, phases=("matrix",))
    phases = sample_flowing(RANGES, flowing, ("matrix", "void"), 8, seed=3, stream=2)
    assert (np.linalg.eigvalsh(phases[:, 0]) > 0).all() and not phases[:, 1].any()


def test_samples_of_a_laminate(tmp_path: Path) -> None:
    """Homogenised, within their bounds, and through a file."""
    mesh = replace(layered_mesh(0, (0.3, 0.5, 0.2), (0, 1, 2), across=1), phases=NAMES[:3])
    phases = sample_phases(RANGES, NAMES[:3], 40, seed=5, stream=0)
    dataset = compute(assemble_components(discretise(mesh)), phases)
    for own, result in zip(phases, dataset.rve, strict=True):
        expected = layered_medium(0, np.array([0.3, 0.5, 0.2]), own)
        assert relative_difference(result, expected) < 1e-8
    save(dataset, tmp_path / "training.npz")
    again = load(tmp_path / "training.npz")
    assert np.array_equal(again.phases, phases) and np.array_equal(again.rve, dataset.rve)


def cell_of(pattern: list[str], names: tuple[str, ...] = NAMES) -> Cell:
    """Squares of phases by the first letters of their names."""
    letters = [name[0] for name in names]
    phase = np.array([[letters.index(letter) for letter in row] for row in pattern]).T
    mesh: Mesh = rectangular_mesh(*(np.linspace(0, 1, n + 1) for n in phase.shape), phase)
    return discretise(replace(mesh, phases=names))


MIXED = ["mmimm", "mifim", "miffi", "mvmim", "mmmvm"]


def test_samples_with_voids_are_checked_and_pass_through_a_file(tmp_path: Path) -> None:
    phases = sample_phases(RANGES, NAMES, 12, seed=5, stream=0)
    dataset = compute(assemble_components(cell_of(MIXED)), phases)
    save(dataset, tmp_path / "training.npz")
    again = load(tmp_path / "training.npz")
    assert np.array_equal(again.phases, phases) and np.array_equal(again.rve, dataset.rve)
    stiffer = Dataset(phases, dataset.rve * np.where(np.arange(12) == 7, 1e4, 1)[:, None, None])
    save(stiffer, tmp_path / "training.npz")
    with pytest.raises(InputError, match=r"training\.npz: rve\[7\] leaves .* and p4\[7\] at any v"):
        load(tmp_path / "training.npz")


@pytest.mark.parametrize(
    ("number", "samples", "name"),
    [(1, slice(None), "p2[0]"), (2, slice(1), "p3[0]"), (0, slice(None), "p1[0]")],
    ids=["between", "once", "matrix"],
)
def test_only_the_last_phase_may_be_a_void(number: int, samples: slice, name: str) -> None:
    phases = sample_phases(RANGES, NAMES[:3], 4, seed=5, stream=0)
    rve = phases.mean(axis=1)
    phases[samples, number] = 0
    with pytest.raises(InputError) as caught:
        checked(Dataset(phases, rve))
    assert str(caught.value) == f"{name} is not a symmetric positive definite stiffness"


def of_one_cell(seed: int, fractions: Array, void: bool, samples: int = 60) -> Dataset:
    """Samples between the bounds; some are on them."""
    rng = np.random.default_rng(seed)
    turned = np.linalg.qr(rng.normal(size=(samples, len(fractions), 6, 6)))[0]
    phases = turned * 10 ** rng.uniform(-1.5, 1.5, (*turned.shape[:2], 1, 6)) @ turned.mT
    if void:
        phases[:, -1] = 0
    rve = np.empty((samples, 6, 6))
    for n, own in enumerate(phases):
        share = rng.choice([rng.uniform(0.1, 1), 1.0] if void else [0.0, rng.uniform(), 1.0])
        lower = 0 if void else reuss(fractions, own)
        rve[n] = share * voigt(fractions, own) + (1 - share) * lower
    return Dataset(phases, (rve + rve.mT) / 2)


fractions_of_phases = st.lists(st.floats(0.05, 1), min_size=2, max_size=5)


@given(st.integers(0, 2**32 - 1), fractions_of_phases, st.booleans())
def test_samples_between_the_bounds_pass(seed: int, parts: list[float], void: bool) -> None:
    data = of_one_cell(seed, np.array(parts) / sum(parts), void)
    assert find_conflict(data.phases, data.rve) is None


def test_samples_of_several_volume_fractions_do_not_pass() -> None:
    """Voigt's bound of three pairs is attained by three phases at three fractions each."""
    C = np.array([isotropic_stiffness(E, 0.3) for E in (1.0, 10.0, 100.0)])
    phases = np.tile(C, (3, 1, 1, 1))
    phases[1], phases[2] = C[[1, 2, 0]], C[[2, 0, 1]]
    rve = 0.9 * C[2] + 0.1 * C[1]  # each sample needs its stiffest phase, another one, to be 90 %
    found = find_conflict(phases, np.array([rve] * 3))
    assert found is not None
    assert "leave the bounds of Voigt and Reuss at any volume fractions that they" in found
    for sample in range(3):
        assert find_conflict(phases[[sample]], rve[None]) is None


@pytest.mark.parametrize("void", [False, True], ids=["solid", "voids"])
def test_message_says_that_phases_are_in_another_unit(tmp_path: Path, void: bool) -> None:
    fractions = np.array([0.3, 0.4, 0.3])
    data = of_one_cell(1, fractions, void)
    if void:  # with voids a cell is never too soft
        data = replace(data, rve=1e3 * data.rve)
    else:
        data = replace(data, phases=1e3 * data.phases)
    save(data, tmp_path / "own.npz")
    words = "rve looks like MPa" if void else "p1, p2 and p3 look like MPa"
    with pytest.raises(InputError, match=rf"own\.npz: rve.* leave.* the bounds .*; {words}"):
        load(tmp_path / "own.npz")


def test_two_phases_of_one_material_have_the_moments_of_one() -> None:
    """The phase that is doubled does not yield."""
    one = ("matrix", "fibre", "void")
    three = cell_of(MIXED)
    two = cell_of([row.replace("i", "f") for row in MIXED], one)
    flowing = replace(FLOWING, phases=("matrix",))
    pairs = sample_flowing(RANGES, flowing, one, 2, seed=3, stream=2)
    samples = compute(assemble_components(two), pairs, flowing=["matrix"])
    expected = compute_moments(two, samples, ["matrix"])
    doubled = Dataset(pairs[:, [0, 1, 1, 2]], samples.rve)
    found = compute_moments(three, doubled, ["matrix"])
    assert found.flowing == (0,)
    assert relative_difference(found.values, expected.values) < 1e-12
    assert relative_difference(found.shares, expected.shares) < 1e-12


@pytest.mark.parametrize("phase", [0, 1])
def test_second_moments_of_each_are_derivatives_of_the_stiffness(phase: int) -> None:
    """By the shear modulus of a phase: twice the mean square of its deviator."""
    cell = cell_of(MIXED)
    components, names = assemble_components(cell), ["matrix", "interphase"]
    number = NAMES.index(names[phase])

    def stiffnesses(change: float) -> Array:
        C = [isotropic_stiffness(*own) for own in ((1, 0.45), (20, 0.3), (3, 0.4))]
        C[number] = C[number] + 2 * change * DEVIATORIC_PROJECTION
        return np.array([*C, np.zeros((6, 6))])

    step = 1e-5
    soft, stiff = (homogenise(components, *stiffnesses(s), flowing=names) for s in (-step, step))
    matching = Matching(cell, [0, 2])
    strains = matching.strains(stiffnesses(0), np.eye(6), 1)[phase][0] @ DEVIATORIC_PROJECTION
    second = np.einsum("n,kni,lni->kl", matching.weights[phase], strains, strains)
    assert relative_difference(2 * second, (stiff - soft) / (2 * step)) < 1e-6


def test_moments_of_several_phases_are_averages_of_their_strains() -> None:
    """With shares of the whole strain energy; the phases soften together."""
    cell = cell_of(MIXED)
    phases = sample_flowing(RANGES, FLOWING, NAMES, 2, seed=3, stream=2)
    samples = compute(assemble_components(cell), phases, flowing=FLOWING.phases)
    moments = compute_moments(cell, samples, FLOWING.phases)
    assert moments.flowing == (0, 2)
    assert moments.values.shape == (2, 2, 6, STEPS)
    matching = Matching(cell, (0, 2))
    E = uniaxial_strains(samples.rve)
    for sample, number in moments.pairs:
        strains = matching.strains(phases[sample], E[sample, number][None], STEPS)
        for own, strain, weights in zip(
            moments.values[sample], strains, matching.weights, strict=True
        ):
            expected = mean_deviator(np.moveaxis(strain[:, 0], 1, 0), weights)
            assert own[number] == pytest.approx(expected, rel=1e-10)
    assert (moments.shares.sum(axis=1) < 1).all() and moments.shares.any(axis=(0, 2)).all()


def test_limit_load_of_two_perfectly_plastic_phases() -> None:
    """Both soften until the stress deviator of each has one size everywhere, at its yield stress.

    The work of the finite elements with these yield stresses is that of the strains.
    """
    cell = cell_of(["mmim", "miim", "mvfm", "mmmm"])
    soft = [isotropic_stiffness(*own) for own in ((1, 0.4995), (1e4, 0.3), (2, 0.4995))]
    matching = Matching(cell, [0, 2])
    shear = np.array([[0, 0, 0, 0, 0, 1.0]])
    strains = matching.strains(np.array([*soft, np.zeros((6, 6))]), shear, 60)
    yield_stresses, work = [], 0.0
    for C, strain, weights in zip((soft[0], soft[2]), strains, matching.weights, strict=True):
        before, last = mean_deviator(np.moveaxis(strain[-2:, 0], 1, 0), weights)
        size = 1e-4 * C[5, 5] * before  # 2 G mean / |dev e| times |dev e|, in small numbers
        yield_stresses.append(float(np.sqrt(1.5) * size))
        work += size * weights.sum() * last
    laws = [
        J2Plasticity(10.0, 0.45, yield_stress=yield_stresses[0]),
        Elastic(isotropic_stiffness(1000, 0.3)),
        J2Plasticity(10.0, 0.45, yield_stress=yield_stresses[1]),
    ]
    stress = simulate(cell, laws, monotonic("12", 1e-3, 4, "strain")).stress[-1]
    assert work == pytest.approx(stress[5], rel=0.02)
