"""Networks of any number of phases, and of voids."""

import re
from typing import Any

import numpy as np
import pytest
from networks import Array, distance, random_network, traction_jumps
from random_laws import examples_of

from evaluation.online import SCHEMES, NetworkLaw, as_printed, predict
from evaluation.online.prediction import SchemeName, predict_many
from rve.errors import ConvergenceError, InputError
from rve.loads.load_path import LoadPath, monotonic
from rve.mandel import COMPONENTS
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.composite import LAWS, materials
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.law import Law
from training.homogenise import homogenise
from training.network import Kind, MaterialNetwork
from training.tree import prune

EPOXY = J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80)
PERFECT = J2Plasticity(3.2, 0.35, 0.03)
GLASS = LAWS["isotropic"](72, 0.22).law()
CARBON = LAWS["transversely_isotropic"](230, 15, 24, 0.2, 0.3).law()
STIFFNESSES = EPOXY.stiffness[None], CARBON.stiffness[None], np.zeros((1, 6, 6))
NAMES = ("matrix", "fibre", "rubber", "void")
HOLLOW = ("matrix", "fibre", "void")
KINDS: list[Kind] = ["DMN", "IMN"]
BALANCED: list[SchemeName] = [scheme for scheme in SCHEMES if scheme != "fixed_point"]
PATHS = [monotonic("11", 0.02, 4, "stress"), monotonic("12", 0.03, 4, "strain")]
ACROSS_1, OBLIQUE = (0.0, 0.5), (0.1, 0.3)
"""Angles of normals: e1, and another."""


def with_voids(kind: Kind, seed: int) -> MaterialNetwork:
    """A random network with voids, some of them in a subtree of their own; stiff as a whole."""
    rng = np.random.default_rng(seed)
    while True:
        network = random_network(kind, 5, rng, dead=rng.choice(32, 5, replace=False))
        phases = np.arange(32) % 2
        phases[[4, 5, *rng.choice(32, 4, replace=False)]] = 2
        found = MaterialNetwork(kind, network.z, network.angles, phases, HOLLOW)
        cell = homogenise(found, *STIFFNESSES)[0]
        if np.linalg.eigvalsh(cell)[0] > 0.05 * EPOXY.stiffness[5, 5]:
            return found


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_three_phases_of_which_two_agree_are_two(kind: Kind, scheme: SchemeName) -> None:
    two = random_network(kind, 4, np.random.default_rng(4), dead=[3, 8])
    phases = np.where(np.arange(16) % 4 == 1, 2, two.phases)
    three = MaterialNetwork(kind, two.z, two.angles, phases, NAMES[:3])
    for path in PATHS:
        expected = predict(two, (EPOXY, CARBON), path, scheme)
        found = predict(three, (EPOXY, CARBON, CARBON), path, scheme)
        assert distance(found.curve.stress, expected.curve.stress) < 1e-12
        assert distance(found.tangent, expected.tangent) < 1e-12
        assert [len(states) for states in found.states] == [7, 3, 4]


def test_order_of_phases_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    network = random_network("DMN", 4, rng)
    place = rng.integers(4, size=16)
    laws = {"matrix": EPOXY, "fibre": CARBON, "rubber": GLASS}
    one = MaterialNetwork("DMN", network.z, network.angles, place, NAMES)
    other = MaterialNetwork("DMN", network.z, network.angles, 3 - place, NAMES[::-1])
    expected = predict(one, tuple(laws.values()), PATHS[0]).curve.stress
    for given in (laws, dict(reversed(laws.items()))):
        assert np.array_equal(predict(other, given, PATHS[0]).curve.stress, expected)
        assert np.array_equal(predict(one, given, PATHS[0]).curve.stress, expected)


@pytest.mark.parametrize("scheme", BALANCED)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_void_is_the_limit_of_soft_phases(seed: int, kind: Kind, scheme: SchemeName) -> None:
    network = with_voids(kind, seed)
    soft = MaterialNetwork(kind, network.z, network.angles, network.phases, NAMES[:3])
    for path in PATHS:
        found = predict(network, (EPOXY, CARBON), path, scheme).curve
        errors = []
        for share in (1e-3, 1e-5):
            laws = EPOXY, CARBON, Elastic(share * EPOXY.stiffness)
            errors.append(distance(predict(soft, laws, path, scheme).curve.stress, found.stress))
        assert errors[0] < 0.5 and errors[1] < 0.02 * errors[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_equilibrium_and_averages_with_voids(seed: int, kind: Kind) -> None:
    network = with_voids(kind, seed)
    tree = prune(network)
    weights, laws = tree.weights / tree.weights.sum(), (EPOXY, CARBON)
    for path in PATHS:
        ends = [predict(tree, laws, path, scheme) for scheme in BALANCED]
        ends.append(predict(tree, (PERFECT, CARBON), path))  # flows without hardening
        for end in ends:
            assert distance(weights @ end.strain, end.curve.strain[-1]) < 1e-9
            assert distance(weights @ end.stress, end.curve.stress[-1]) < 1e-9
            assert not end.stress[tree.phases == 2].any()
            jumps = traction_jumps(tree, end.stress)
            assert np.abs(jumps).max() < 1e-6 * np.abs(end.stress).max()
        for end in ends[:-1]:
            assert distance(end.curve.stress, ends[0].curve.stress) < 1e-7
    for curve, path in zip(predict_many(tree, laws, PATHS), PATHS, strict=True):
        assert distance(curve.stress, predict(tree, laws, path).curve.stress) < 1e-9


@pytest.mark.parametrize("scheme", BALANCED)
@pytest.mark.parametrize(
    ("weights", "angles"),
    [
        ([0.4, 0.0, 0.6, 0.0], [ACROSS_1, OBLIQUE, OBLIQUE]),
        ([0.4, 0.1, 0.2, 0.3], [ACROSS_1, ACROSS_1, OBLIQUE]),
        ([0.4, 0.1, 0.0, 0.5], [ACROSS_1, ACROSS_1, OBLIQUE]),
    ],
)
def test_layers_between_voids_are_in_plane_stress(
    scheme: SchemeName, weights: list[float], angles: list[Any]
) -> None:
    """Also where nothing holds the layers: a void beside a laminate with a void."""
    network = MaterialNetwork(
        "IMN", np.array(weights), np.array(angles), np.array([0, 1, 1, 1]), ("matrix", "void")
    )
    strain = np.array([0.01, 0.02, -0.005, 0.01, -0.02, 0.01])
    ramp = np.linspace(0.1, 1, 10)[:, None]
    found = predict(network, (EPOXY,), LoadPath(np.ones(6, dtype=bool), ramp * strain), scheme)
    in_plane = np.array([False, True, True, True, False, False])
    alone = EPOXY.curve(LoadPath(in_plane, ramp * np.where(in_plane, strain, 0)))
    assert distance(found.curve.stress, 0.4 * alone.stress) < 1e-9


def test_a_void_frees_what_lies_behind_it() -> None:
    """Two oblique free surfaces leave a layer the stress along both alone."""
    network = MaterialNetwork(
        "IMN",
        np.array([0.4, 0.1, 0.0, 0.5]),
        np.array([(0.25, 0.5), ACROSS_1, OBLIQUE]),  # e2 above e1
        np.array([0, 1, 1, 1]),
        ("matrix", "void"),
    )
    ramp = np.linspace(0.1, 1, 10)[:, None] * np.array([0.01, 0.02, 0.03, 0.01, -0.02, 0.01])
    path = LoadPath(np.ones(6, dtype=bool), ramp)
    along_3 = np.arange(6) == 2
    alone = EPOXY.curve(LoadPath(along_3, np.where(along_3, ramp, 0)))
    for scheme in BALANCED:
        found = predict(network, (EPOXY,), path, scheme)
        assert distance(found.curve.stress, 0.4 * alone.stress) < 1e-9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "matrix", [EPOXY, examples_of[ArmstrongFrederick]], ids=["j2", "unsymmetric"]
)
def test_tangent_with_voids_is_the_derivative(kind: Kind, matrix: Law) -> None:
    law = NetworkLaw(with_voids(kind, 1), (matrix, CARBON), tolerance=1e-11)
    before = 0.01 * np.array([[0.5, -0.3, 0.2, 1.0, -0.4, 0.8]])
    state = law.respond(before, np.zeros((1, law.state_size))).state
    strain, size = 1.2 * before, 1e-7
    answer = law.respond(strain, state)
    ends = [law.respond(strain + sign * size * np.eye(6), state.repeat(6, 0)) for sign in (1, -1)]
    found = (ends[0].stress - ends[1].stress).T / (2 * size)
    assert distance(answer.tangent[0], found) < 1e-5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_pruning_makes_one_base_node_of_a_subtree_of_voids(seed: int, kind: Kind) -> None:
    network = with_voids(kind, seed)
    network.z[[4, 5, 6, 7]] = 0.2, 0.3, 0.1, -1.0
    network.phases[[4, 5, 6, 7]] = 2, 2, 2, 0
    tree = prune(network)
    assert 0.6 in tree.weights.round(12)
    for level in tree.levels:
        below = level.children[(level.children < len(tree.weights)).all(axis=1)]
        assert not (tree.phases[below] == 2).all(axis=1).any()
    expected = homogenise(network, *STIFFNESSES)[0]
    assert distance(NetworkLaw(tree, (EPOXY, CARBON)).stiffness, expected) < 1e-12


def test_stress_that_a_cut_matrix_cannot_bear() -> None:
    """Layers across 1: a path may prescribe their strain, and along the layers the stress 33."""
    angles = np.array([ACROSS_1])
    network = MaterialNetwork("IMN", np.array([0.7, 0.3]), angles, names=("matrix", "void"))
    for load, weak in (("22", "11, 31, 12"), ("11", "31, 12"), ("12", "11, 31")):
        path, words = monotonic(load, 0.01, 2, "stress"), rf"none \({weak}\), .*cut the matrix"
        with pytest.raises(ConvergenceError, match=words):
            predict(network, (EPOXY,), path)
        with pytest.raises(ConvergenceError, match=words):
            predict_many(network, (EPOXY,), [PATHS[1], path])
    along = np.array(COMPONENTS) == "33"
    path = LoadPath(~along[None], 0.01 * (np.array(COMPONENTS) == "22")[None])
    stress = predict(network, (EPOXY,), path).curve.stress[-1]
    assert stress[[0, 2, 4, 5]] == pytest.approx(0, abs=1e-12) and stress[1] > 0.01


def test_network_of_voids_alone() -> None:
    voids = MaterialNetwork(
        "IMN", np.ones(2), np.zeros((1, 2)), np.ones(2, int), ("matrix", "void")
    )
    with pytest.raises(InputError, match="every base node of the network is dead or a void"):
        prune(voids)


@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("DMN", "residual_stress"), ("DMN", "fixed_point"), ("IMN", "fixed_point"), ("IMN", "newton")],
)
def test_algorithms_as_printed_know_voids(kind: Kind, scheme: Any) -> None:
    tree = prune(with_voids(kind, 2))
    for path in PATHS:
        expected = predict(tree, (EPOXY, CARBON), path, scheme).curve
        found = as_printed.predict(tree, (EPOXY, CARBON), path, scheme).curve
        assert distance(found.stress, expected.stress) < 1e-9
        assert np.array_equal(found.iterations, expected.iterations)


GIVEN = {"matrix": EPOXY, "fibre": GLASS}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (GIVEN, "the phases are matrix, fibre, rubber, void; rubber: no law; give each its law by"),
        (GIVEN | {"rubbr": GLASS}, "rubbr is none of them; did you mean rubber?"),
        (GIVEN | {"rubber": GLASS, "void": GLASS}, "void: a phase without stiffness has no law"),
        (
            tuple(GIVEN.values()),
            "expected laws of matrix, fibre, rubber, got J2Plasticity, Elastic;",
        ),
        (
            materials({"youngs_modulus": 3, "poisson_ratio": 0.3, "yield_stress": 0.03}),
            "the phases are matrix, fibre, rubber, void; fibre, rubber: no law",
        ),
    ],
)
def test_laws_of_other_phases(given: Any, message: str) -> None:
    network = random_network("IMN", 3, np.random.default_rng(0))
    four = MaterialNetwork("IMN", network.z, network.angles, names=NAMES)
    with pytest.raises(InputError, match=re.escape(message)):
        predict(four, given, PATHS[0])
    with pytest.raises(InputError, match=re.escape(message)):
        NetworkLaw(four, given)


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ({"void": {"law": "isotropic"}}, "void: a phase without stiffness has no law; leave it"),
        ({"rubber": {"youngs_modulus": 3}}, "rubber: law: missing; expected one of armstrong_fr"),
        ({"rubber": {"law": "isotropic", "youngs_modulus": 3}}, "rubber: isotropic: poisson_ratio"),
        ({"rubber": GLASS}, "rubber: expected a dict of constants, as {'law': 'j2', ...}, got a "),
    ],
)
def test_constants_of_other_phases(phases: Any, message: str) -> None:
    matrix = {"youngs_modulus": 3, "poisson_ratio": 0.3, "yield_stress": 0.03}
    with pytest.raises(InputError, match=re.escape(message)):
        materials(matrix, **phases)


def test_strain_of_voids_is_that_of_the_hole() -> None:
    """Layers along 1: the solid is held along the layers, so that the void takes all."""
    angles = np.array([ACROSS_1])
    network = MaterialNetwork("IMN", np.array([0.7, 0.3]), angles, names=("matrix", "void"))
    strain: Array = np.array([0.01, 0, 0, 0, 0, 0])
    end = predict(network, (GLASS,), LoadPath(np.ones(6, dtype=bool), strain[None]))
    assert np.allclose(end.strain[:, 0], [0, 0.01 / 0.3], rtol=0, atol=1e-15)
