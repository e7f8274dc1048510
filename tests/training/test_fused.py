"""The fused backend: its kernels, its gradient, its steps and its cuts, against the plain one."""

from collections.abc import Sequence
from dataclasses import replace
from inspect import signature
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from networks import Array, laminate, random_network, random_stiffness
from numba import njit
from properties import examples
from scipy.spatial.transform import Rotation

from rve.dataset.dataset import Dataset
from rve.dataset.sampling import SamplingRanges, sample_phases
from rve.kernels.derivatives import adjoint
from rve.kernels.formula import Formula
from rve.kernels.graph import evaluate
from rve.kernels.stack import align_stack
from rve.kernels.tile import ENTRIES, UPPER, symmetric, upper
from rve.mandel import interface_matrix, rotation_matrix, turned
from rve.microstructure.phases import PHASES
from training import laminate as block
from training import point
from training.compiled import adjoints, kernels, loops
from training.compiled.backend import FusedBackend, _packed, orthotropic
from training.compiled.kernels import ORTHOTROPIC
from training.compiled.kernels import _laminate as recorded_laminate
from training.compiled.structure import Parameters, structure
from training.compiled.workspace import (
    DOUBLES,
    KEPT,
    LARGEST_GROUP,
    TILE,
    group_size,
    workspace,
)
from training.homogenise import homogenise
from training.loss import LossName, loss
from training.network import (
    Kind,
    MaterialNetwork,
    initialise,
)
from training.specification import Precision, Settings
from training.torch.backend import TorchBackend

ROUNDING = 1e-12
GRADIENT = 1e-10
ETA, XI = 0.7, 1.3
SETTINGS = Settings(epochs=1, batch_size=1, eta=ETA, xi=XI, seed=0)

KINDS: list[Kind] = ["DMN", "IMN"]
each_kind = pytest.mark.parametrize("kind", KINDS)

RANGES = SamplingRanges((0.1, 10.0), (-3.0, 3.0), (0.25, 0.5), (0.0, 0.5))
"""Those of the study: contrasts from a thousandth to a thousand."""

seeds = st.integers(0, 2**32 - 1)
few = examples(30)


def taught_by(teacher: MaterialNetwork, samples: int, stream: int, seed: int = 1) -> Dataset:
    """The study's pairs of orthotropic phases, and the teacher's stiffness of each."""
    pairs = sample_phases(RANGES, PHASES, samples, seed, stream)
    return Dataset(pairs, homogenise(teacher, pairs[:, 0], pairs[:, 1]))


def teacher(kind: Kind, layers: int, seed: int = 0) -> MaterialNetwork:
    return initialise(kind, layers, np.random.default_rng(100 + seed))


def anisotropic(samples: int, seed: int) -> Dataset:
    """Phases without any symmetry, contrasts from a thousandth to a thousand, of some network."""
    rng = np.random.default_rng(seed)
    p1, p2 = (
        np.array([random_stiffness(rng, 10 ** rng.uniform(-1.5, 1.5)) for _ in range(samples)])
        for _ in range(2)
    )
    return Dataset(np.stack([p1, p2], axis=1), homogenise(random_network("DMN", 3, rng), p1, p2))


# The kernels and their formulas


def a_block(
    seed: int, decades: float, f1: float
) -> tuple[Array, Array, float, Array, np.random.Generator]:
    """Two stiffnesses, a fraction and a normal, and a generator."""
    rng = np.random.default_rng(seed)
    n = rng.normal(size=3)
    C1, C2 = random_stiffness(rng), random_stiffness(rng, 10**decades)
    return C1, C2, f1, n / np.linalg.norm(n), rng


@few
@given(seeds, st.floats(-3, 3), st.floats(0, 1))
def test_laminate_is_the_same_with_both_algebras(seed: int, decades: float, f1: float) -> None:
    """Relative to the stiffer phase."""
    C1, C2, f1, n, _ = a_block(seed, decades, f1)
    H, scale = interface_matrix(n), max(np.abs(C1).max(), np.abs(C2).max())
    result, P = block.laminate(C1, C2, f1, H, point)
    expected = laminate(C1[None, None], C2[None, None], np.array([f1]), H[None])[0, 0]
    assert np.abs(result - expected).max() < ROUNDING * scale
    M = H.T @ ((1 - f1) * C1 + f1 * C2) @ H
    assert np.abs(M @ P - H.T @ (C2 - C1)).max() < ROUNDING * scale


def derived(formula: Formula, wanted: str, *numbers: Array | float) -> list[Array]:
    """Derivatives of the sum of a result of a formula times a weight, by the graph's adjoint.

    Args:
        formula: what is derived.
        wanted: name of the result.
        numbers: arguments of the formula, and the weights.
    """
    *arguments, weights = numbers
    _, reads, writes = formula.record()
    stored = {
        name: upper(np.array(value)) if np.shape(value) == (6, 6) else np.ravel(value)
        for name, value in zip(signature(formula.function).parameters, arguments, strict=True)
    }
    outputs = [write for write in writes if write.place.array == wanted]
    # An entry beside the diagonal stands in two places.
    twice = np.array([1.0 if i == j else 2.0 for i, j in UPPER])
    weights = upper(weights) * twice if np.shape(weights) == (6, 6) else np.ravel(weights)
    graph = outputs[0].value.graph
    seeds = [graph.constant(weights[write.place.entry]) for write in outputs]
    slopes = adjoint([write.value for write in outputs], seeds, list(reads))
    inputs = {node.arguments[0]: stored[at.array][at.entry] for node, at in reads.items()}
    found = {name: np.empty(len(values)) for name, values in stored.items()}
    for at, value in zip(reads.values(), evaluate(slopes, inputs), strict=True):
        found[at.array][at.entry] = value
    return [
        symmetric(found[name] / twice) if len(found[name]) == ENTRIES else found[name]
        for name in stored
    ]


@few
@given(seeds, st.floats(-3, 3), st.floats(0.01, 0.99))
def test_adjoint_of_the_laminate_is_what_the_graph_derives(
    seed: int, decades: float, f1: float
) -> None:
    C1, C2, f1, n, rng = a_block(seed, decades, f1)
    W = random_stiffness(rng)
    P = recorded_laminate(C1, C2, f1, n)[1]
    slopes = adjoints.laminate_adjoint(C1, C2, f1, n, P, W)
    expected = derived(recorded_laminate, "C", C1, C2, f1, n, W)
    for slope, value in zip(slopes, expected, strict=True):
        assert np.abs(slope - value).max() <= GRADIENT * np.abs(value).max() + 1e-300


@few
@given(seeds)
def test_error_and_torque_are_what_the_graph_derives(seed: int) -> None:
    """The torque as the derivative by a small turn, of the turned stiffness."""
    rng = np.random.default_rng(seed)
    C, target, S, W = (random_stiffness(rng) for _ in range(4))
    _, half = adjoints.compare(C, target, S)
    by_C = derived(adjoints.compare, "error", C, target, S, [1.0])[0]
    assert half == pytest.approx(by_C / 2, rel=1e-9, abs=1e-9 * np.abs(by_C).max())
    turns = [rotation_matrix(Rotation.from_rotvec(1e-6 * a).as_matrix()) for a in np.eye(3)]
    slopes = [(W * (turned(C, R) - turned(C, R.T))).sum() / 2e-6 for R in turns]
    assert adjoints.torque(C, W) == pytest.approx(slopes, rel=1e-6, abs=1e-6 * np.abs(W).max())


@few
@given(seeds)
def test_turned_stiffness_is_rotated_back_by_the_inverse(seed: int) -> None:
    rng = np.random.default_rng(seed)
    C, R = random_stiffness(rng), rotation_matrix(Rotation.random(rng=rng).as_matrix())
    assert turned(turned(C, R), R.T) == pytest.approx(C, abs=1e-12)


def tiled(matrices: Array) -> Array:
    """Samples (n, 6, 6) side by side in tiles (n // DOUBLES, entries)."""
    entries = np.array([matrices[:, i, j] for i, j in UPPER])
    return entries.reshape(ENTRIES, -1, DOUBLES).swapaxes(0, 1).reshape(-1, ENTRIES * DOUBLES)


@pytest.mark.slow
@few
@given(seeds)
def test_compiled_kernels_are_the_formulas_lane_by_lane(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 2
    C1, C2 = (np.array([random_stiffness(rng, s) for _ in range(count * DOUBLES)]) for s in (1, 30))
    Q = Rotation.random(rng=rng).as_matrix()
    f1, R, tiles = rng.uniform(), np.empty((1, 36)), np.zeros((3, count, ENTRIES * DOUBLES))
    fraction, normal, kept = np.array([[f1]]), Q[2][None], np.empty((1, count, KEPT * DOUBLES))
    tiles[:2] = tiled(C1), tiled(C2)
    expected, jumps = zip(
        *(recorded_laminate(a, b, f1, Q[2]) for a, b in zip(C1, C2, strict=True)), strict=True
    )
    points, at = (TILE, count, 1.0), [(tiles, row) for row in range(3)]
    kernels.laminate(points, (fraction, 0), (normal, 0), *at, (kept, 0))
    assert tiles[2] == pytest.approx(tiled(np.array(expected)), rel=0, abs=1e3 * ROUNDING)
    for t in range(count):
        here = np.moveaxis(jumps[t * DOUBLES : (t + 1) * DOUBLES], 0, -1).ravel()
        assert kept[0, t] == pytest.approx(here, rel=0, abs=1e3 * ROUNDING)
    kernels.mandel_rotation(1.0, (Q.reshape(1, 9), 0), (R, 0))
    rotation = rotation_matrix(Q)
    assert pytest.approx(rotation, abs=1e-15) == R.reshape(6, 6)
    for turn, C in ((kernels.turned, C1), (kernels.turned_orthotropic, C1 * ORTHOTROPIC)):
        turn(points, (R, 0), at[0], at[2])
        assert tiles[2] == pytest.approx(tiled(rotation @ C @ rotation.T), abs=1e-14)


def test_vectors_lie_in_whole_cache_lines() -> None:
    """Those in memory, and those of a kernel's that wait on the stack."""
    shape = structure(random_network("DMN", 3, np.random.default_rng(0)), np.ones(8) > 0, True)
    for precision in (np.float64, np.float32):
        for array in workspace(shape, precision, 3):
            assert array.ctypes.data % 64 == 0

    @njit
    def aligned() -> None:
        align_stack()

    aligned()
    (code,) = aligned.inspect_llvm().values()
    assert "alignstack=64" in code


# The gradient


def fused_gradient(
    network: MaterialNetwork,
    data: Dataset,
    precision: Precision = "float64",
    prune: bool = True,
    name: LossName = "frobenius",
) -> tuple[float, Array, Array]:
    """Loss and its derivatives by all parameters, zero by those that are cut out."""
    alive = network.z > 0 if prune else np.ones(len(network.z), dtype=bool)
    shape = structure(network, alive, orthotropic(data))
    by_z, by_angles = np.zeros_like(network.z), np.zeros_like(network.angles)
    active_z, active_angles = by_z[shape.base], by_angles[shape.nodes]
    packed, order = _packed(data, name, np.dtype(precision)), np.arange(len(data))
    memory = workspace(shape, packed.dtype, group_size(len(data)))
    parameters = Parameters(network.z, network.angles, shape)
    scratch, slopes = loops.make_scratch(shape), (active_z, active_angles)
    penalty = ETA, XI, np.zeros(0)
    value = loops.gradient(TILE, parameters, packed, order, memory, scratch, penalty, slopes)
    by_z[shape.base], by_angles[shape.nodes] = active_z, active_angles
    return value, by_z, by_angles


def torch_gradient(
    network: MaterialNetwork, data: Dataset, name: LossName = "frobenius"
) -> tuple[float, Array, Array]:
    z, angles = (torch.tensor(a, requires_grad=True) for a in (network.z, network.angles))
    leaves = MaterialNetwork(network.kind, z, angles)
    (p1, p2), rve = map(torch.tensor, (data.phases.swapaxes(0, 1), data.rve))
    value = loss(leaves, homogenise(leaves, p1, p2), rve, ETA, XI, name)
    value.backward()
    return float(value.detach()), z.grad.numpy(), angles.grad.numpy()


def largest(gradient: Sequence[Array]) -> float:
    return float(max(np.abs(part).max() for part in gradient))


def gradient_distance(result: Sequence[Array], expected: Sequence[Array]) -> float:
    """Largest difference over the largest entry of the whole gradient.

    An entry is a sum of terms that may cancel, each of them rounded: no code knows a small entry
    better than the rounding of its terms, which are as large as the largest entries.
    """
    return largest([a - b for a, b in zip(result, expected, strict=True)]) / largest(expected)


def cancelling_terms(
    network: MaterialNetwork, data: Dataset, name: LossName = "frobenius"
) -> float:
    """Largest entry of the gradient if the dead base nodes had a weight, just not zero.

    A fraction of one has derivatives by its two weights of which the first cancels in theory, but
    by autograd only to the rounding of the second, which may be 1e7 times the rest.
    """
    revived = replace(network, z=np.where(network.z > 0, network.z, 1e-30))
    return largest(torch_gradient(revived, data, name)[1:])


@st.composite
def cases(draw: st.DrawFn) -> tuple[MaterialNetwork, Dataset]:
    """A network, any number of its base nodes but one dead, and data it does not fit."""
    kind, layers = draw(st.sampled_from(KINDS)), draw(st.integers(1, 8))
    samples, seed = draw(st.sampled_from([1, 7, 8, 9, 16, 41])), draw(st.integers(0, 2**31))
    dead = min(int(draw(st.sampled_from([0.0, 0.3, 0.9, 1.0])) * 2**layers), 2**layers - 1)
    rng = np.random.default_rng(seed)
    network = random_network(kind, layers, rng, rng.permutation(2**layers)[:dead])
    if draw(st.booleans()):
        return network, anisotropic(samples, seed)
    return network, taught_by(teacher("DMN", 3, seed), samples, 0, seed)


@pytest.mark.slow
@examples(50)
@given(cases(), st.sampled_from(get_args(LossName)))
def test_loss_and_gradient_are_those_of_autograd(
    case: tuple[MaterialNetwork, Dataset], name: LossName
) -> None:
    value, *slopes = fused_gradient(*case, name=name)
    expected_value, *expected = torch_gradient(*case, name)
    assert value == pytest.approx(expected_value, rel=ROUNDING)
    error = gradient_distance(slopes, expected) * largest(expected)
    assert error < max(GRADIENT * largest(expected), 1e-14 * cancelling_terms(*case, name))


@pytest.mark.slow
@examples(25)
@given(cases())
def test_gradient_in_single_precision_is_that_in_double_precision(
    case: tuple[MaterialNetwork, Dataset],
) -> None:
    """Of the largest term: roundings of 6e-8, which contrasts of a thousand amplify."""
    (value, *slopes), (expected_value, *expected) = (
        fused_gradient(*case, precision) for precision in ("float32", "float64")
    )
    assert value == pytest.approx(expected_value, rel=1e-5)
    assert value != expected_value
    error = gradient_distance(slopes, expected) * largest(expected)
    assert error < 3e-4 * max(largest(expected), cancelling_terms(*case))


@each_kind
@pytest.mark.parametrize("node", range(4))
def test_weight_of_a_single_living_base_node_moves_the_penalty_alone(kind: Kind, node: int) -> None:
    network = random_network(kind, 2, np.random.default_rng(node), set(range(4)) - {node})
    by_z = fused_gradient(network, anisotropic(17, 3))[1]
    assert by_z[node] == pytest.approx(2 * ETA * (network.z[node] - XI), rel=1e-14)
    assert np.count_nonzero(by_z) == 1


@each_kind
@pytest.mark.parametrize("tiny", [1e-160, 1e-300])
def test_gradient_of_tiny_weights_is_that_of_autograd(kind: Kind, tiny: float) -> None:
    """Two children whose weights, squared, are no numbers any more."""
    network = random_network(kind, 3, np.random.default_rng(1))
    network.z[[0, 1, 5, 7]] = tiny
    (value, *slopes), (expected_value, *expected) = (
        gradient(network, anisotropic(17, 2)) for gradient in (fused_gradient, torch_gradient)
    )
    assert value == pytest.approx(expected_value, rel=GRADIENT)
    living = network.z > tiny
    assert slopes[0][living] == pytest.approx(expected[0][living], rel=1e-9)
    assert slopes[0] == pytest.approx(expected[0], rel=1e-6)
    assert gradient_distance(slopes[1:], expected[1:]) < GRADIENT


@each_kind
@pytest.mark.parametrize("samples", [17, LARGEST_GROUP * DOUBLES + 3])
def test_gradient_does_not_see_what_fills_up_the_last_tile(kind: Kind, samples: int) -> None:
    """The loss of some samples is the mean of those of each, and so is its gradient."""
    network, data = random_network(kind, 3, np.random.default_rng(3), [2]), anisotropic(samples, 4)
    each = [
        fused_gradient(network, Dataset(data.phases[[s]], data.rve[[s]])) for s in range(samples)
    ]
    value, *slopes = fused_gradient(network, data)
    assert value == pytest.approx(np.mean([one[0] for one in each]), rel=ROUNDING)
    means = [np.mean([one[part] for one in each], axis=0) for part in (1, 2)]
    assert gradient_distance(slopes, means) < ROUNDING


# Steps


def stepped(
    backend: FusedBackend | TorchBackend, epochs: int, batch_size: int, samples: int, rate: float
) -> MaterialNetwork:
    """The network after some epochs in an order of the samples that depends on nothing else."""
    rng = np.random.default_rng(7)
    for _ in range(epochs):
        backend.step(rng.permutation(samples), batch_size, rate)
    return backend.network


def living(network: MaterialNetwork) -> tuple[Array, Array]:
    """The parameters that matter: what is dead drifts on in one backend and rests in the other."""
    shape = structure(network, network.z > 0, orthotropic=False)
    return network.z[shape.base], network.angles[shape.nodes]


@pytest.mark.slow
@each_kind
@pytest.mark.parametrize("xi", [8.0, 1.0])
def test_first_two_hundred_steps_are_those_of_torchs_adam(kind: Kind, xi: float) -> None:
    """A sum of weights near 8 kills nothing; 1 kills most of the 16 base nodes on the way.

    Four layers, and a rate at which the loss falls without oscillations: nothing then amplifies
    the rounding but Adam's own division by the root of a mean square.
    """
    data = taught_by(teacher("IMN", 2), 50, 0)
    network = initialise(kind, 4, np.random.default_rng(11))
    settings = replace(SETTINGS, eta=1.0, xi=xi)
    fused, expected = (
        stepped(backend(network, data, data, settings), 40, 11, 50, 0.005)
        for backend in (FusedBackend, TorchBackend)
    )
    died = int((fused.z <= 0).sum())
    assert died == (expected.z <= 0).sum()
    assert died == 0 if xi == 8 else died > 4
    for a, b in zip(living(fused), living(expected), strict=True):
        assert np.abs(a - b).max() < 1e-8
    assert np.abs(living(fused)[0] - network.z[fused.z > 0]).min() > 1e-3


@each_kind
def test_cutting_out_what_died_changes_nothing(kind: Kind) -> None:
    """Most of the 64 base nodes die; what lives is the same, and so is what is measured."""
    data = taught_by(teacher("IMN", 2), 60, 0)
    network = initialise(kind, 6, np.random.default_rng(5))
    settings = replace(SETTINGS, eta=1.0, xi=1.0)
    cut, whole = (
        FusedBackend(network, data, data.first(20), settings, prune=prune)
        for prune in (True, False)
    )
    a, b = (stepped(backend, 150, 20, 60, 0.01) for backend in (cut, whole))
    assert 20 < (a.z <= 0).sum() < 64
    assert ((a.z > 0) == (b.z > 0)).all()
    for one, other in zip(living(a), living(b), strict=True):
        assert (one == other).all()
    assert cut.validate() == whole.validate()
    assert cut.training_error() == whole.training_error()


@each_kind
@pytest.mark.parametrize("samples", [1, 15, 17, LARGEST_GROUP * DOUBLES + 1])
def test_measures_are_those_of_the_plain_backend(kind: Kind, samples: int) -> None:
    network = random_network(kind, 4, np.random.default_rng(8), [1, 4, 5])
    training, validation = anisotropic(samples, 5), anisotropic(40, 6)
    fused, expected = (
        backend(network, training, validation, SETTINGS) for backend in (FusedBackend, TorchBackend)
    )
    assert fused.validate() == pytest.approx(expected.validate(), rel=GRADIENT)
    assert fused.training_error() == pytest.approx(expected.training_error(), rel=GRADIENT)


@each_kind
@pytest.mark.parametrize("batch_size", [1, 20, 40, 41, 100])
def test_any_batch_size_takes_the_steps_of_the_plain_backend(kind: Kind, batch_size: int) -> None:
    """Of 41 samples: single ones, a rest of one, more than a tile, all, more than there are."""
    data = taught_by(teacher("DMN", 1), 41, 0)
    network = initialise(kind, 2, np.random.default_rng(2))
    fused, expected = (
        stepped(backend(network, data, data, SETTINGS), 1, batch_size, 41, 0.003)
        for backend in (FusedBackend, TorchBackend)
    )
    for a, b in zip(living(fused), living(expected), strict=True):
        assert np.abs(a - b).max() < GRADIENT


@each_kind
def test_a_single_living_base_node_can_be_trained(kind: Kind) -> None:
    """Nothing is left of an IMN but a weight; a DMN still turns its material."""
    data = anisotropic(5, 9)
    network = random_network(kind, 3, np.random.default_rng(9), set(range(8)) - {6})
    backends = [b(network, data, data, SETTINGS) for b in (FusedBackend, TorchBackend)]
    fused, expected = (stepped(backend, 3, 2, 5, 0.01) for backend in backends)
    for a, b in zip(living(fused), living(expected), strict=True):
        assert a == pytest.approx(b, abs=GRADIENT)
    assert backends[0].validate() == pytest.approx(backends[1].validate(), rel=GRADIENT)
    assert fused.z[6] != network.z[6]
