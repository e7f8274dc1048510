"""The derived tangent of every law: finite differences, and points that do not see each other."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from properties import examples
from random_laws import CONSTANTS, laws

from rve.errors import ConvergenceError
from rve.materials.composite import LAWS
from rve.materials.drucker_prager import Cone
from rve.materials.law import Law

Array = NDArray[np.float64]

plastic_laws = laws.filter(lambda law: {"plastic_strain", "p"} <= law.state.keys())
seeds = st.integers(0, 2**32 - 1)


def test_every_law_with_a_tangent_to_derive_is_tested() -> None:
    assert {law for law in LAWS.values() if issubclass(law, Law)} == set(CONSTANTS)


@examples(150)
@given(laws, seeds, st.floats(0.1, 10))
def test_tangent_is_the_derivative_of_the_stress(law: Law, seed: int, size: float) -> None:
    """From a state that two random steps reached, at a strain off the kinks."""
    rng = np.random.default_rng(seed)
    unit = 0.1 / law.stiffness[0, 0]
    strain, state = np.zeros(6), np.zeros((1, law.state_size))
    for _ in range(2):
        strain = strain + rng.normal(scale=size * unit, size=6)
        state = law.respond(strain[None], state).state
    strain = strain + rng.normal(scale=size * unit, size=6)
    step = 1e-6 * size * unit
    steps = step * np.concatenate([np.eye(6), -np.eye(6)])
    answer = law.respond(strain + steps, np.repeat(state, 12, axis=0))
    scale = np.linalg.norm(law.stiffness)
    # Not across a kink, where the tangent jumps.
    assume(np.abs(answer.tangent - answer.tangent[:1]).max() < 1e-3 * scale)
    expected = (answer.stress[:6] - answer.stress[6:]).T / (2 * step)
    tangent = law.respond(strain[None], state).tangent[0]
    assert np.linalg.norm(tangent - expected) < 1e-5 * scale
    if law.symmetric:
        assert np.array_equal(tangent, tangent.T)


@examples(40)
@given(plastic_laws, seeds)
def test_stress_is_that_of_the_elastic_strain(law: Law, seed: int) -> None:
    """sigma = C (eps - eps_p), and p grows as the plastic strain does."""
    rng = np.random.default_rng(seed)
    unit = 0.1 / law.stiffness[0, 0]
    strains = np.cumsum(rng.normal(scale=3 * unit, size=(6, 6)), axis=0)
    state = np.zeros((1, law.state_size))
    for strain in strains:
        before, answer = state[0], law.respond(strain[None], state)
        state = answer.state
        size = np.linalg.norm(law.stiffness) * np.linalg.norm(strain)
        expected = law.stiffness @ (strain - state[0, :6])
        assert np.linalg.norm(answer.stress[0] - expected) < 1e-12 * size
        grown = state[0] - before
        assert grown[6] >= 0
        if not isinstance(law, Cone):  # whose flow changes the volume
            length = np.sqrt(2 / 3) * np.linalg.norm(grown[:6])
            assert length == pytest.approx(grown[6], rel=1e-9, abs=1e-15)


@examples(30)
@given(laws, seeds)
def test_points_of_a_tile_do_not_see_each_other(law: Law, seed: int) -> None:
    strain = np.random.default_rng(seed).normal(scale=0.01, size=(35, 6))
    state = np.zeros((35, law.state_size))
    whole = law.respond(strain, state)
    alone = law.respond(strain[7:8], state[:1])
    assert np.array_equal(whole.stress[7], alone.stress[0])
    assert np.array_equal(whole.tangent[7], alone.tangent[0])
    strain[5, 2] = np.nan
    with pytest.raises(ConvergenceError, match="found no stress at 1 of 35 points"):
        law.respond(strain, state)


@examples(60)
@given(laws, seeds, st.floats(-3, 3))
def test_large_and_small_steps_find_their_stress(law: Law, seed: int, decades: float) -> None:
    """From a thousandth of the elastic range to strains of some thousand per cent."""
    strain = 10**decades * 0.03 * np.random.default_rng(seed).normal(size=(20, 6))
    for duration in (1e-9, 1.0, 1e12):
        stress = law.respond(strain, np.zeros((20, law.state_size)), duration).stress
        assert np.isfinite(stress).all()
