"""A flow stress that falls: by less than 3 G it has one answer, by more the step is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import random_network
from properties import examples
from scipy.optimize import brentq
from softening import softening

from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import predict, predict_many
from rve.errors import ConvergenceError
from rve.loads.load_path import monotonic
from rve.materials.elastic import Elastic
from rve.materials.stiffness import isotropic
from training.tree import prune

TREE = prune(random_network("IMN", 3, np.random.default_rng(2)))
GLASS = Elastic(isotropic(72.0, 0.22))


@examples(60)
@given(share=st.floats(0.01, 0.99), shear=st.floats(0.02, 0.3))
def test_what_falls_by_less_than_3g_has_its_answer(share: float, shear: float) -> None:
    """Of a pure shear strain 12, Mandel: the only root, by bisection, is the equivalent stress."""
    law = softening(share)
    answer = law.respond(np.array([[0, 0, 0, 0, 0, shear]]), np.zeros((1, 7)))
    trial = np.sqrt(6) * law.G * shear
    p = brentq(lambda p: trial - 3 * law.G * p - law.flow_stress(p), 0, trial / (3 * law.G))
    assert answer.state[0, 6] == pytest.approx(p, rel=1e-9)
    q = np.sqrt(3 / 2) * answer.stress[0, 5]
    assert q == pytest.approx(law.flow_stress(p), rel=1e-7, abs=1e-12 * trial)


@examples(60)
@given(share=st.floats(1.01, 50), shear=st.floats(0.02, 0.3))
def test_what_falls_by_more_is_refused_at_the_point(share: float, shear: float) -> None:
    """Its equation has another root, near no stress at all, that no loading would lead to."""
    law = softening(share)
    strain = np.zeros((40, 6))
    strain[7, 5] = shear
    with pytest.raises(ConvergenceError, match=r"at 1 of 40 points: its drive .* more than 3 G"):
        law.respond(strain, np.zeros((40, 7)))
    assert np.isfinite(law.respond(np.delete(strain, 7, 0), np.zeros((39, 7))).stress).all()


def test_a_network_says_why_it_finds_no_equilibrium() -> None:
    laws, path = (softening(1.5), GLASS), monotonic("12", 0.1, 4, "strain")
    words = "a law whose flow stress falls by more than 3 G has no stress"
    with pytest.raises(ConvergenceError, match=words):
        predict(TREE, laws, path)
    with pytest.raises(ConvergenceError, match=words):
        predict_many(TREE, laws, [path] * 2)
    network = NetworkLaw(TREE, laws)
    with pytest.raises(ConvergenceError, match=words):
        network.respond(np.array([[0, 0, 0, 0, 0, 0.1]]), np.zeros((1, network.state_size)))
