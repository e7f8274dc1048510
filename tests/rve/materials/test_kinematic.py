"""Kinematic hardening: Prager's line, saturation, the stable cycle, and what is dissipated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import drive
from properties import examples

from rve.errors import InputError
from rve.loads.load_path import monotonic, piecewise_linear
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.j2 import J2Plasticity

E, NU, YIELD = 200.0, 0.3, 0.2


def law(*backstresses: tuple[float, float], H: float = 0.0) -> ArmstrongFrederick:
    return ArmstrongFrederick(E, NU, YIELD, H, backstresses=backstresses)


def test_without_fading_the_yield_surface_moves_along_a_line() -> None:
    """Prager: sigma = sigma_y + C eps_p on loading, sigma = C eps_p - sigma_y on the way back."""
    C = 10.0
    path = piecewise_linear([{"eps_11": 0.02}, {"eps_11": -0.02}], 5)
    strain, stress, state = drive(law((C, 0.0)), path)
    for number, sign in ((5, 1), (10, -1)):
        sigma, plastic = stress[number, 0], state[number, 0]
        assert sigma == pytest.approx(sign * YIELD + C * plastic, rel=1e-11)
        assert strain[number, 0] == pytest.approx(sigma / E + plastic, rel=1e-11)


def test_fading_backstress_saturates() -> None:
    """At C / gamma, above the initial yield stress; along any direction."""
    for direction in ("11", "33", "12"):
        path = monotonic(direction, 0.3, 60, "stress")
        _, stress, _ = drive(law((40.0, 400.0), (10.0, 500.0)), path)
        factor = np.sqrt(3) / np.sqrt(2) if direction == "12" else 1.0
        equivalent = factor * np.abs(stress[-1]).max()
        assert equivalent == pytest.approx(YIELD + 40 / 400 + 10 / 500, rel=1e-10)


def test_stable_cycle_has_its_closed_form() -> None:
    """Amplitude sigma_y + C / gamma tanh(gamma eps_p), eps_p that of the plastic strain.

    Lemaitre & Chaboche, Mechanics of Solid Materials (1990), Section 5.4. Backward Euler reaches it
    in first order.
    """
    C, gamma, errors = 40.0, 300.0, []
    for increments in (50, 100):
        points = [{"eps_11": sign * 0.006} for sign in [1, -1] * 6]
        _, stress, state = drive(law((C, gamma)), piecewise_linear(points, increments))
        top, bottom = -1 - increments, -1
        amplitude = (stress[top, 0] - stress[bottom, 0]) / 2
        plastic = (state[top, 0] - state[bottom, 0]) / 2
        errors.append(amplitude / (YIELD + C / gamma * np.tanh(gamma * plastic)) - 1)
    assert abs(errors[1]) < 5e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)


def test_without_backstress_it_is_j2_plasticity() -> None:
    strain = np.random.default_rng(0).normal(scale=0.01, size=(40, 6))
    hardening = {"yield_stress": YIELD, "H": 2.0, "Q": 0.1, "b": 40.0}
    both = (
        ArmstrongFrederick(E, NU, **hardening, backstresses=((0.0, 5.0),)),
        J2Plasticity(E, NU, **hardening),
    )
    one, other = (one.respond(strain, np.zeros((40, one.state_size))) for one in both)
    assert one.stress == pytest.approx(other.stress, rel=1e-11, abs=1e-13)
    assert one.tangent == pytest.approx(other.tangent, rel=1e-9, abs=1e-9)


@examples(40)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20))
def test_dissipation_is_that_of_the_yield_stress_and_of_fading(seed: int, size: float) -> None:
    """sigma : d eps_p less what the backstresses store, 3 / (2 C) a : da, in every step."""
    pairs = (30.0, 200.0), (5.0, 10.0), (2.0, 0.0)
    material, rng = law(*pairs, H=1.0), np.random.default_rng(seed)
    state = np.zeros((1, material.state_size))
    for strain in np.cumsum(rng.normal(scale=size * YIELD / E, size=(8, 6)), axis=0):
        answer = material.respond(strain[None], state)
        grown, new = answer.state[0] - state[0], answer.state[0]
        state = answer.state
        dp = grown[6]
        lost, expected = answer.stress[0] @ grown[:6], (YIELD + new[6]) * dp
        for i, (C, gamma) in enumerate(pairs):
            place = slice(7 + 6 * i, 13 + 6 * i)
            lost -= 3 / (2 * C) * new[place] @ grown[place]
            expected += 3 * gamma / (2 * C) * new[place] @ new[place] * dp
        assert lost == pytest.approx(expected, rel=1e-9, abs=1e-14)
        assert lost >= -1e-15


@pytest.mark.parametrize(
    ("backstresses", "message"),
    [
        ((), r"expected rows of C \[GPa\], gamma \[-\]"),
        (((-1.0, 1.0),), "expected a number of at least 0 GPa"),
    ],
)
def test_bad_backstresses_are_refused(backstresses: tuple, message: str) -> None:
    with pytest.raises(InputError, match=message):
        law(*backstresses)


def test_backstresses_beside_isotropic_hardening_follow_their_recursion() -> None:
    """Pulled, pressed and pulled: of five backstresses each a += C de - gamma a dp, and Q and b."""
    parts = ((2.0, 150.0), (1.0, 60.0), (0.5, 20.0), (0.3, 4.0), (0.2, 0.0))
    combined = ArmstrongFrederick(E, NU, YIELD, H=0.2, Q=0.03, b=40, backstresses=parts)
    points: list[dict[str, float]] = [{"eps_11": e} for e in (0.02, -0.02, 0.03)]
    _, stress, state = drive(combined, piecewise_linear(points, 12))
    p = np.concatenate([[0], state[:, 6]])
    plastic = np.concatenate([[0], state[:, 0]])
    backstress = np.zeros(5)
    C, gamma = np.transpose(parts)
    for i, (grown, flow) in enumerate(zip(np.diff(p), np.diff(plastic), strict=True)):
        backstress = (backstress + C * flow) / (1 + gamma * grown)
        if grown > 0:
            size = YIELD + 0.2 * p[i + 1] + 0.03 * (1 - np.exp(-40 * p[i + 1]))
            expected = backstress.sum() + np.sign(flow) * size
            assert stress[i, 0] == pytest.approx(expected, rel=1e-7)
    assert p[-1] > 0.1
