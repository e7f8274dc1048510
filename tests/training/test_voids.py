"""Phases without stiffness: exactly zero in every block, and never in a denominator."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from networks import Array, distance, layered_medium, random_network, random_stiffness
from properties import examples
from scipy.linalg import null_space

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, uniaxial_strains
from rve.errors import InputError
from rve.mandel import interface_matrix
from rve.materials.stiffness import isotropic
from training import Settings, hollow_arrays, point, train
from training.as_printed import homogenise as as_printed
from training.coated import coated_network
from training.compiled import adjoints
from training.compiled.backend import FusedBackend
from training.compiled.kernels import _hollow_laminate as recorded_laminate
from training.first_moments import first_moments
from training.hollow import eliminate, trace
from training.homogenise import base_stiffnesses, base_weights, homogenise, localise
from training.laminate import interface, laminate
from training.loss import loss
from training.network import Kind, MaterialNetwork
from training.torch.backend import TorchBackend

VOID = np.zeros((6, 6))
NAMES = ("matrix", "fibre", "void")
ROUNDING = 1e-12

few = examples(30)
seeds = st.integers(0, 2**32 - 1)
fractions = st.floats(0.05, 0.95)
each_kind = pytest.mark.parametrize("kind", ["DMN", "IMN"])


def unit(rng: np.random.Generator) -> Array:
    n = rng.normal(size=3)
    return n / np.linalg.norm(n)


def frame(rng: np.random.Generator) -> Array:
    """Three directions (3, 3), each two of them at an angle of 40 degrees or more."""
    while True:
        n = np.array([unit(rng) for _ in range(3)])
        if np.abs(np.linalg.det(n)) > 0.4:
            return n


def block(C1: Array, C2: Array, f1: float, n: Array) -> Array:
    """A block of one sample; both algebras must agree.

    That of one point exchanges no rows. Normals at which a pivot is small by chance, one in
    twenty, are left out: there it loses digits.
    """
    H = interface_matrix(n)
    _, M = interface(C1, C2, f1, H, point)
    _, reciprocals = eliminate(M, trace(f1 * C1 + (1 - f1) * C2))
    assume(max(reciprocals) * np.trace(M) < 1e3)
    f = np.full((1, 1, 1, 1), f1)
    of_arrays = laminate(C1[None, None], C2[None, None], f, H[None], hollow_arrays)[0][0, 0]
    of_point = recorded_laminate(C1, C2, f1, n)[0]
    scale = max(np.abs(C1).max(), np.abs(C2).max())
    assert np.abs(of_arrays - of_point).max() <= 1e-10 * scale
    return of_point


def free(C: Array, normals: Sequence[Array]) -> Array:
    """Stiffness of a material that no traction loads on planes with these normals.

    The stresses that are left span a space, in which the compliance is inverted.
    """
    tractions = np.vstack([interface_matrix(n).T for n in normals])
    B = null_space(tractions)
    return B @ np.linalg.inv(B.T @ np.linalg.inv(C) @ B) @ B.T


@few
@given(seeds, fractions)
def test_layers_of_void_take_the_tractions_away(seed: int, f1: float) -> None:
    """One, two and three layers of a void in different directions; the third leaves nothing."""
    rng = np.random.default_rng(seed)
    C, normals = random_stiffness(rng), frame(rng)
    found, share = C, 1.0
    for count in (1, 2):
        found, share = block(found, VOID, f1, normals[count - 1]), share * f1
        assert np.abs(found - share * free(C, normals[:count])).max() < 1e-10 * np.abs(C).max()
    assert not block(found, VOID, f1, normals[2]).any()
    assert not block(VOID, found, f1, normals[2]).any()


@few
@given(seeds, fractions)
def test_a_block_of_two_voids_is_a_void(seed: int, f1: float) -> None:
    assert not block(VOID, VOID, f1, unit(np.random.default_rng(seed))).any()


@few
@given(seeds, fractions, fractions)
def test_parts_with_voids_are_the_limit_of_soft_phases(seed: int, f1: float, f: float) -> None:
    """Of two layered parts whose layers of void lie in different directions, or in one."""
    rng = np.random.default_rng(seed)
    phases = [random_stiffness(rng, scale) for scale in (1, 7)]
    n, m, k = frame(rng)
    for normals, joint in (((n, m), k), ((n, n), m)):
        hollow = [block(C, VOID, f1, k) for C, k in zip(phases, normals, strict=True)]
        soft = [
            layered_medium(C, 1e-9 * C, f1, np.column_stack([null_space(k[None]), k]))
            for C, k in zip(phases, normals, strict=True)
        ]
        expected = layered_medium(*soft, f, np.column_stack([null_space(joint[None]), joint]))
        assert np.abs(block(*hollow, f, joint) - expected).max() < 1e-4


@few
@given(seeds, fractions, fractions)
def test_adjoint_of_a_block_with_voids_is_that_of_central_differences(
    seed: int, f1: float, f: float
) -> None:
    """By the fraction and the normal of a block whose acoustic tensor is singular."""
    rng = np.random.default_rng(seed)
    n, m, turn = frame(rng)
    hollow, W, h = block(random_stiffness(rng), VOID, f1, n), random_stiffness(rng), 1e-6
    for C1, C2 in ((hollow, VOID), (VOID, hollow), (VOID, VOID)):
        block(C1, C2, f, m)
        P = recorded_laminate(C1, C2, f, m)[1]
        _, _, by_f1, by_n = adjoints.laminate_adjoint(C1, C2, f, m, P, W)
        assert np.isfinite(P).all()

        def value(step: float, C1: Array = C1, C2: Array = C2) -> float:
            turned = m + step * np.cross(turn, m)
            return (W * recorded_laminate(C1, C2, f + step, turned)[0]).sum()

        expected = (value(h) - value(-h)) / (2 * h)
        slope = by_f1 + by_n @ np.cross(turn, m)
        assert slope == pytest.approx(expected, rel=1e-6, abs=1e-6)


def hollow_network(kind: Kind, seed: int, layers: int = 4) -> MaterialNetwork:
    """Random, of three phases, the last one a void; some base nodes are dead."""
    rng = np.random.default_rng(seed)
    network = random_network(kind, layers, rng, [1, 6])
    phases = rng.integers(0, 3, 2**layers)
    phases[:4] = 2, 2, 0, 1  # the first block is a void
    return replace(network, phases=phases, names=NAMES)


def samples_of(network: MaterialNetwork, count: int, seed: int = 3) -> Dataset:
    """Of an isotropic, an anisotropic phase and a void.

    The cell is stiffer than the network, which may have no stiffness in some direction.
    """
    rng = np.random.default_rng(seed)
    even = np.array([isotropic(*rng.uniform([0.5, 0.2], [2, 0.48])) for _ in range(count)])
    other = np.array([random_stiffness(rng, 10.0) for _ in range(count)])
    phases = np.stack([even, other, np.zeros_like(even)], axis=1)
    return Dataset(phases, homogenise(network, *phases.swapaxes(0, 1)) + 0.3 * np.eye(6))


@each_kind
@pytest.mark.parametrize("seed", range(4))
def test_networks_with_voids_are_the_limit_of_soft_phases(kind: Kind, seed: int) -> None:
    network = hollow_network(kind, seed)
    p1, p2, void = np.moveaxis(samples_of(network, 2).phases, 1, 0)
    C = homogenise(network, p1, p2, void)
    alive = replace(network, z=np.where(network.z > 0, network.z, 0))
    assert np.abs(C - homogenise(alive, p1, p2, 1e-9 * p1)).max() < 1e-5 * np.abs(C).max()
    E = np.tile(np.eye(6), (2, 1, 1))
    strains = localise(network, base_stiffnesses(network, (p1, p2, void)), E)
    weights = base_weights(network) / base_weights(network).sum()
    energy = np.einsum(
        "n,nsli,nsij,nslj->sl",
        weights,
        strains,
        base_stiffnesses(network, (p1, p2, void)),
        strains,
        optimize=True,
    )
    if kind == "IMN":
        assert energy == pytest.approx(C.diagonal(axis1=1, axis2=2), rel=1e-9, abs=1e-9)
    assert np.isfinite(strains).all()
    if kind == "DMN":
        assert distance(as_printed(network, p1, p2, void), C) < ROUNDING


@each_kind
@pytest.mark.parametrize("seed", range(4))
def test_compiled_gradients_with_voids_are_those_of_autograd(kind: Kind, seed: int) -> None:
    """Of the loss, and of the moments of the matrix; all are finite, those of dead nodes are not
    compared."""
    network = hollow_network(kind, seed)
    data = samples_of(network, 19)
    values = 1.1 * first_moments(
        network, np.moveaxis(data.phases, 1, 0), uniaxial_strains(data.rve), [0]
    )
    moments = Moments(data, (0,), values, np.ones((19, 1, 6)))
    parts = dict(zip(NAMES, (0.5, 0.4, 0.1), strict=True))
    settings = Settings(1, 8, 0.7, 1.3, 0, loss="energy", initialisation="coated", fractions=parts)
    assert settings.weights_of_phases == pytest.approx((0.65, 0.52, 0.13))
    fused, expected = (
        backend(network, data, data, settings, moments) for backend in (FusedBackend, TorchBackend)
    )
    assert fused.validate() == pytest.approx(expected.validate(), rel=1e-10)
    alive = network.z > 0
    for name in ("gradient", "gradient_of_moments"):
        (z, angles), (by_z, by_angles) = (
            getattr(one, name)(np.arange(17)) for one in (fused, expected)
        )
        size = max(np.abs(by_z).max(), np.abs(by_angles).max())
        assert np.isfinite(size)
        assert np.abs(z - by_z)[alive].max() < 1e-8 * size
        assert np.abs(angles - by_angles).max() < 1e-8 * size


def test_weights_of_phases_are_held_by_the_penalty() -> None:
    network = hollow_network("IMN", 1)
    C = homogenise(network, *samples_of(network, 3).phases.swapaxes(0, 1))
    weights = np.maximum(network.z, 0)
    excesses = [weights.sum() - 2.0, *(weights[network.phases == k].sum() - 0.3 for k in range(3))]
    found = loss(network, C, C, 0.7, 2.0, "energy", (0.3, 0.3, 0.3))
    assert found == pytest.approx(0.7 * np.square(excesses).sum(), rel=ROUNDING)
    two = {"matrix": 0.4, "fibre": 0.6}
    for start, fractions in (("coated", two), ("random", two | {"void": 0.1}), ("random", None)):
        settings = Settings(1, 8, 0.7, 1.3, 0, initialisation=start, fractions=fractions)
        assert settings.weights_of_phases == ()


@given(seeds)
@examples(20)
def test_a_dead_layer_with_voids_beside_a_void_makes_no_jump(seed: int) -> None:
    """M is that of the dead layer, which bears nothing along one direction but for rounding."""
    rng = np.random.default_rng(seed)
    dead = block(random_stiffness(rng), VOID, 0.5, unit(rng))
    G, M = (
        part[None, None] for part in interface(VOID, dead, 1.0, interface_matrix(unit(rng)), point)
    )
    jump = hollow_arrays.solve(M, G, VOID[None, None])
    assert np.abs(jump).max() < 1e6


def test_a_network_learns_a_laminate_with_voids() -> None:
    parts = {"matrix": 0.4, "fibre": 0.4, "void": 0.2}
    teacher = coated_network("IMN", 4, parts, 1.0, np.random.default_rng(2))
    phases = samples_of(teacher, 60).phases
    data = Dataset(phases, homogenise(teacher, *phases.swapaxes(0, 1)))
    settings = Settings(200, 20, 1.0, 2.0, 1, loss="energy", fractions=parts)
    result = train("IMN", 4, data, data.first(20), settings)
    assert result.status == "ok"
    assert result.network.names == NAMES
    errors = result.history.error_validation
    assert errors[-1] < errors[0] / 2


def test_single_precision_is_refused_with_voids() -> None:
    with pytest.raises(InputError, match="precision: in float32"):
        Settings(1, 1, 1.0, 1.0, 0, precision="float32", fractions={"matrix": 0.8, "void": 0.2})
