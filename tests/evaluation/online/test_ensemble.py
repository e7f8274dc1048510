"""Several networks as one: in prediction, and as a law of the finite elements."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import layered_mesh
from networks import composite, distance, random_network, random_stiffness, random_walk
from properties import examples

from evaluation.online.ensemble import EnsembleLaw, predict_ensemble, spread_factor
from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import predict, predict_many
from rve.dataset.dataset import Dataset
from rve.dataset.moments import STEPS, Moments
from rve.errors import InputError
from rve.homogenisation.cell import discretise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import monotonic
from rve.materials.stiffness import isotropic
from training.first_moments import relative_errors
from training.homogenise import homogenise
from training.tree import prune

LAWS = composite()
TREES = [prune(random_network("IMN", 3, np.random.default_rng(seed))) for seed in (1, 2, 3)]


def test_spread_is_the_deviation_about_the_mean() -> None:
    """Two networks: half their difference times sqrt 2, and the mean midway."""
    paths = [monotonic(load, 0.02, 5, "stress") for load in ("11", "12")]
    first, second = (predict_many(tree, LAWS, paths) for tree in TREES[:2])
    for a, b, both in zip(first, second, predict_ensemble(TREES[:2], LAWS, paths), strict=True):
        assert both.mean.stress == pytest.approx((a.stress + b.stress) / 2, abs=1e-15)
        assert both.deviation == pytest.approx(np.abs(a.stress - b.stress) / np.sqrt(2), abs=1e-15)
        assert (both.mean.iterations == a.iterations + b.iterations).all()
        assert both.deviation[-1].max() > 1e-4


@examples(5)
@given(seed=st.integers(0, 2**32 - 1))
def test_mean_of_equal_networks_is_the_network(seed: int) -> None:
    path = random_walk(np.random.default_rng(seed), 4, 0.01)
    alone = predict(TREES[0], LAWS, path)
    (three,) = predict_ensemble([TREES[0]] * 3, LAWS, [path])
    assert distance(three.mean.stress, alone.curve.stress) < 1e-8
    assert three.deviation == pytest.approx(0, abs=1e-12)
    law = EnsembleLaw([TREES[0]] * 3, LAWS)
    assert law.stiffness == pytest.approx(NetworkLaw(TREES[0], LAWS).stiffness, rel=1e-12)


def test_law_follows_the_mean_under_controlled_strain() -> None:
    path = random_walk(np.random.default_rng(5), 6, 0.01)
    (expected,) = predict_ensemble(TREES, LAWS, [path])
    law = EnsembleLaw(TREES, LAWS)
    state = np.zeros((2, law.state_size))
    for strain, stress in zip(path.targets, expected.mean.stress[1:], strict=True):
        answer = law.respond(np.stack([strain, strain]), state)
        assert answer.stress == pytest.approx(np.stack([stress, stress]), rel=1e-7, abs=1e-10)
        state = answer.state


def test_law_has_a_consistent_tangent() -> None:
    """Central differences of a step that yields, from a state that has yielded before."""
    law = EnsembleLaw(TREES, LAWS, tolerance=1e-12)
    first, second = random_walk(np.random.default_rng(4), 2, 0.01).targets
    state = law.respond(first[None], np.zeros((1, law.state_size))).state
    step = 1e-6
    ends = second + step * np.concatenate([np.eye(6), -np.eye(6)])
    stresses = law.respond(ends, np.repeat(state, 12, axis=0)).stress
    tangent = law.respond(second[None], state).tangent[0]
    assert distance(tangent, (stresses[:6] - stresses[6:]).T / (2 * step)) < 1e-6
    assert distance(tangent, law.stiffness) > 0.1


def test_ensemble_is_a_law_of_the_finite_elements() -> None:
    """A cell whose two phases are one ensemble is strained evenly, and answers as its mean."""
    law = EnsembleLaw(TREES, LAWS)
    cell = discretise(layered_mesh(1, [0.4, 0.6], [0, 1]))
    path = monotonic("12", 0.02, 4, "strain")
    (expected,) = predict_ensemble(TREES, LAWS, [path])
    assert distance(simulate(cell, (law, law), path).stress, expected.mean.stress) < 1e-6


def test_one_network_is_no_ensemble() -> None:
    with pytest.raises(InputError, match="list of two or more networks, got 1"):
        predict_ensemble(TREES[:1], LAWS, [monotonic("11", 0.01, 2, "strain")])
    with pytest.raises(InputError, match="list of two or more networks, got 0"):
        EnsembleLaw([], LAWS)


def test_calibrated_spread_holds_the_errors_of_the_moments() -> None:
    """95 % of the errors of the mean lie within two deviations times the factor."""
    rng = np.random.default_rng(7)
    networks = [random_network("IMN", 3, rng) for _ in range(4)]
    p1 = np.array([isotropic(*rng.uniform([0.5, 0.2], [2, 0.48])) for _ in range(20)])
    p2 = np.array([random_stiffness(rng, 10.0) for _ in range(20)])
    samples = Dataset(np.stack([p1, p2], axis=1), homogenise(networks[0], p1, p2))
    shares = np.tile([1, 1, 0, 1, 0.5, 1], (20, 1, 1))
    moments = Moments(samples, (0,), np.ones((20, 1, 6, STEPS)), shares)
    factor = spread_factor(networks, moments)
    errors = np.array([relative_errors(network, moments) for network in networks])
    inside = np.abs(errors.mean(axis=0)) <= 2 * factor * errors.std(axis=0, ddof=1)
    inside = inside[shares > 0]
    assert inside.mean() == pytest.approx(0.95, abs=0.01)
    with pytest.raises(InputError, match="two or more networks"):
        spread_factor(networks[:1], moments)
