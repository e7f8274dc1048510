"""The interface of the material laws, and Drucker-Prager plasticity, its third law."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meshes import drive, isotropic_stiffness, relative_difference
from numpy.typing import NDArray
from properties import examples
from test_plasticity import LAWS

from evaluation.online import predict
from rve.errors import ConvergenceError, InputError
from rve.homogenisation.cell import Cell
from rve.homogenisation.dns import simulate
from rve.kernels.tile import LANES
from rve.loads.load_path import LoadPath, piecewise_linear
from rve.materials.composite import materials
from rve.materials.drucker_prager import DruckerPrager, MeasuredDruckerPrager
from rve.materials.elastic import Elastic
from rve.materials.isotropic import IsotropicLaw
from rve.materials.law import Law
from training.network import initialise
from training.tree import prune

Array = NDArray[np.float64]

EXACT = 1e-11

seeds = st.integers(0, 2**32 - 1)
laws = st.builds(
    DruckerPrager,
    youngs_modulus=st.floats(5, 200),
    poisson_ratio=st.floats(-0.3, 0.45),
    cohesion=st.floats(0.001, 0.05),
    friction_angle=st.floats(5, 60),
    hardening_modulus=st.floats(0, 0.2),
)
SOIL = DruckerPrager(20.0, 0.25, 0.05, 30.0, hardening_modulus=0.5)


@pytest.mark.parametrize("increments", [1, 6])
@pytest.mark.parametrize("sign", [1, -1], ids=["tension", "compression"])
def test_uniaxial_stress_meets_the_cone(sign: int, increments: int) -> None:
    """sigma / sqrt(3) + eta sigma_m = xi (c + H p), and the normal to the cone gives the flow."""
    path = piecewise_linear([{"eps_11": sign * 0.03}], increments)
    strain, stress, state = drive(SOIL, path)
    sigma, p = stress[-1, 0], state[-1, 6]
    sine = np.sin(np.radians(30.0))
    eta = 6 * sine / np.sqrt(3) / (3 - sine)
    xi = 6 * np.cos(np.radians(30.0)) / np.sqrt(3) / (3 - sine)
    strength = xi * (0.05 + 0.5 * p) / (1 / np.sqrt(3) + sign * eta / 3)
    assert p > 0.01
    assert sigma == pytest.approx(sign * strength, rel=EXACT)
    along, across = sign / np.sqrt(3) + eta / 3, -sign / np.sqrt(12) + eta / 3
    assert strain[-1, 0] == pytest.approx(sigma / 20 + p / xi * along, rel=EXACT)
    assert strain[-1, 1] == pytest.approx(-0.25 * sigma / 20 + p / xi * across, rel=1e-10)


def test_compressive_strength_is_that_of_mohr_and_coulomb() -> None:
    """2 c cos(phi) / (1 - sin(phi)): the cone goes through the pyramid's outer edges."""
    law = DruckerPrager(20.0, 0.25, 0.05, 30.0)
    _, stress, _ = drive(law, piecewise_linear([{"eps_33": -0.02}], 1))
    assert stress[-1, 2] == pytest.approx(-2 * 0.05 * np.cos(np.pi / 6) / 0.5, rel=EXACT)


MEASURED = MeasuredDruckerPrager(3.2, 0.35, 0.06, 0.08, hardening_modulus=0.2)


@pytest.mark.parametrize(("sign", "strength"), [(1, 0.06), (-1, 0.08)], ids=["pull", "press"])
def test_measured_strengths_come_out_as_given(sign: int, strength: float) -> None:
    """60 MPa under tension, 80 MPa under compression, and both grow in proportion.

    The cone of Mohr and Coulomb's outer edges has 65.5 MPa under tension.
    """
    perfect = replace(MEASURED, hardening_modulus=0.0)
    path = piecewise_linear([{"eps_11": sign * 0.06}], 3)
    assert drive(perfect, path)[1][-1, 0] == pytest.approx(sign * strength, rel=EXACT)
    strain, stress, state = drive(MEASURED, path)
    p, plastic = state[-1, 6], strain[-1, 0] - stress[-1, 0] / 3.2
    assert sign * stress[-1, 0] == pytest.approx(strength * (1 + 0.2 * p / 0.08), rel=EXACT)
    if sign < 0:  # where p is the plastic strain
        assert p == pytest.approx(-plastic, rel=EXACT)


def test_measured_strengths_are_a_cohesion_and_an_angle() -> None:
    """As docs/materials.md says; the hardening of the cohesion makes the same cone grow."""
    sine = 3 * (0.08 - 0.06) / (3 * 0.08 + 0.06)
    cosine = np.sqrt(1 - sine**2)
    cohesion = 0.08 * (1 - sine) / (2 * cosine)
    (_, xi, _), slope = MEASURED.cone, 6 * cosine / np.sqrt(3) / (3 - sine)
    hardening = 0.2 * xi**2 / slope**2
    other = DruckerPrager(3.2, 0.35, cohesion, np.degrees(np.arcsin(sine)), hardening)
    strain = np.random.default_rng(0).normal(scale=0.03, size=(60, 6))
    stresses = [law.respond(strain, np.zeros((60, 7))).stress for law in (MEASURED, other)]
    assert stresses[0] == pytest.approx(stresses[1], rel=1e-9, abs=1e-12)


def test_strengths_that_are_equal_or_exchanged_are_refused() -> None:
    for tension in (0.08, 0.09):
        with pytest.raises(InputError, match="expected more than tensile_strength"):
            MeasuredDruckerPrager(3.2, 0.35, tension, 0.08)


def test_volume_alone_is_returned_to_the_apex() -> None:
    """sigma_m = c / tan(phi) with p growing by the plastic volume over tan(phi)."""
    volume, tan = 0.06, np.tan(np.pi / 6)
    strain = volume / 3 * np.array([[1.0, 1, 1, 0, 0, 0]])
    response = SOIL.respond(strain, np.zeros((1, 7)))
    bulk = 20 / (3 * (1 - 0.5))
    plastic = (bulk * volume - 0.05 / tan) / (bulk + 0.5 / tan**2)
    sigma_m = bulk * (volume - plastic)
    assert response.stress[0] == pytest.approx([sigma_m] * 3 + [0] * 3, rel=EXACT)
    assert sigma_m == pytest.approx((0.05 + 0.5 * response.state[0, 6]) / tan, rel=EXACT)
    assert response.state[0, :3].sum() == pytest.approx(plastic, rel=EXACT)


@examples(60)
@given(laws, seeds, st.floats(0.1, 30), st.floats(-3, 3))
def test_tangent_is_the_derivative_of_the_stress(
    law: DruckerPrager, seed: int, size: float, volume: float
) -> None:
    """Central differences in the elastic range, on the cone and at the apex."""
    rng = np.random.default_rng(seed)
    unit = law.cohesion / law.youngs_modulus
    state = np.append(rng.normal(scale=unit, size=6), abs(rng.normal(scale=unit)))[None]
    strain = state[0, :6] + size * unit * (
        rng.normal(size=6) + volume * np.array([1, 1, 1, 0, 0, 0])
    )
    step = 1e-6 * unit * (1 + size)
    steps = step * np.concatenate([np.eye(6), -np.eye(6)])
    answer = law.respond(strain + steps, np.repeat(state, 12, axis=0))
    tangents = answer.tangent
    # Not across the kinks, where the tangent jumps.
    assume(np.abs(tangents - tangents[:1]).max() < 1e-2 * np.abs(law.stiffness).max())
    expected = (answer.stress[:6] - answer.stress[6:]).T / (2 * step)
    tangent = law.respond(strain[None], state).tangent[0]
    assert np.linalg.norm(tangent - expected) < 1e-5 * np.linalg.norm(law.stiffness)


@examples(40)
@given(laws, seeds)
def test_walk_stays_within_the_cone_and_dissipates(law: DruckerPrager, seed: int) -> None:
    """f <= 0, sigma = C (eps - eps_p), and sigma : d eps_p = (c + H p) dp >= 0."""
    rng = np.random.default_rng(seed)
    size = 2 * law.cohesion / law.youngs_modulus
    strains = np.cumsum(rng.normal(scale=size, size=(12, 6)), axis=0)
    state = np.zeros((1, 7))
    stiffness = isotropic_stiffness(law.youngs_modulus, law.poisson_ratio)
    for strain in strains:
        before, response = state, law.respond(strain[None], state)
        state, stress = response.state, response.stress[0]
        mean = stress[:3].mean()
        q = np.linalg.norm(stress - mean * np.array([1, 1, 1, 0, 0, 0])) / np.sqrt(2)
        cohesion = law.cohesion + law.hardening_modulus * state[0, 6]
        eta, xi, _ = law.cone
        assert q + eta * mean <= xi * cohesion * (1 + 1e-9) + 1e-11 * abs(eta * mean)
        scale = np.linalg.norm(stiffness) * np.linalg.norm(strain)
        assert np.linalg.norm(stress - stiffness @ (strain - state[0, :6])) < EXACT * scale
        work, growth = stress @ (state - before)[0, :6], (state - before)[0, 6]
        assert growth >= 0
        assert work == pytest.approx(cohesion * growth, rel=1e-8, abs=1e-12 * scale * size)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cohesion": 0.0},
        {"friction_angle": 0.0},
        {"friction_angle": 90.0},
        {"hardening_modulus": -1.0},
    ],
    ids=str,
)
def test_inadmissible_constants_are_refused(wrong: dict[str, float]) -> None:
    constants = {"cohesion": 0.1, "friction_angle": 30.0} | wrong
    with pytest.raises(InputError, match=f"drucker_prager: {next(iter(wrong))}: expected"):
        DruckerPrager(20.0, 0.25, **constants)


def test_composite_takes_the_law_that_its_matrix_names(cell: Cell) -> None:
    """In the finite elements and in a network; the names are those of the configuration."""
    fibre = {"E11": 72, "E22": 72, "E33": 72, "G12": 29.5, "G13": 29.5, "G23": 29.5}
    matrix = {"law": "drucker_prager", "youngs_modulus": 3.0, "poisson_ratio": 0.3}
    laws = materials(
        {**matrix, "cohesion": 0.02, "friction_angle": 20, "hardening_modulus": 0.2},
        {**fibre, "nu12": 0.22, "nu13": 0.22, "nu23": 0.22},
    )
    assert laws[0] == DruckerPrager(3.0, 0.3, 0.02, 20.0, 0.2)
    pulled, pressed = (
        simulate(cell, laws, piecewise_linear([{"eps_11": sign * 0.02}], 8)) for sign in (1, -1)
    )
    assert -pressed.stress[-1, 0] > 1.2 * pulled.stress[-1, 0] > 0
    network = prune(initialise("DMN", 3, np.random.default_rng(0)))
    path = piecewise_linear([{"eps_11": 0.02}, {"eps_11": -0.02}], 10)
    prediction = predict(network, laws, path)
    assert prediction.traction_defect < 1e-8
    assert prediction.states[0][:, 6].max() > 1e-3


@pytest.mark.parametrize("law", [LAWS["composite 1"], SOIL], ids=["J2", "Drucker-Prager"])
def test_points_of_a_tile_do_not_see_each_other(law: Law) -> None:
    """One of them not a number, in a number that does not fill the tiles."""
    rng = np.random.default_rng(1)
    strain, state = rng.normal(scale=0.01, size=(2 * LANES + 3, 6)), np.zeros((2 * LANES + 3, 7))
    whole = law.respond(strain, state)
    alone = [law.respond(point[None], state[:1]) for point in strain]
    assert np.array_equal(whole.stress, np.concatenate([one.stress for one in alone]))
    assert np.array_equal(whole.tangent, np.concatenate([one.tangent for one in alone]))
    strain[5, 2] = np.nan
    with pytest.raises(ConvergenceError, match=f"found no stress at 1 of {len(strain)} points"):
        law.respond(strain, state)


@dataclass(frozen=True)
class Stiffening(Law):
    """Nonlinear elastic, sigma = C (1 + k e.e) e."""

    C: float
    k: float

    @property
    def stiffness(self) -> Array:
        return self.C * np.eye(6)

    def update(self, step, x):
        e = step.strain
        return self.C * (1 + self.k * (e @ e)) * e, {}


def test_a_law_of_ones_own_is_its_formula() -> None:
    """In a network of this one material, too."""
    law = Stiffening(3.0, 200.0)
    strain = np.array([[0.01, -0.02, 0.03, 0.01, 0.0, 0.02]])
    response = law.respond(strain, np.zeros((1, 0)))
    square = (strain**2).sum()
    assert response.stress == pytest.approx(3 * (1 + 200 * square) * strain, rel=EXACT)
    expected = 3 * (1 + 200 * square) * np.eye(6) + 1200 * strain.T @ strain
    assert relative_difference(response.tangent[0], expected) < EXACT
    tree = prune(initialise("DMN", 2, np.random.default_rng(0)))
    path = LoadPath(np.ones(6, dtype=bool), strain)
    both = predict(tree, (Stiffening(3.0, 200.0),) * 2, path)
    assert both.curve.stress[-1] == pytest.approx(response.stress[0], rel=1e-9)
    mixed = predict(tree, (Stiffening(3.0, 200.0), Elastic(9 * np.eye(6))), path)
    assert mixed.traction_defect < 1e-8


def test_shapes_that_do_not_fit_are_refused() -> None:
    for strain, state in ((np.zeros(6), np.zeros(7)), (np.zeros((2, 6)), np.zeros((2, 3)))):
        with pytest.raises(InputError, match=r"expected strain \(n, 6\) and state \(n, 7\)"):
            SOIL.respond(strain, state)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ({"law": "hocket"}, "^matrix: law: expected one of .*, got 'hocket'$"),
        (
            {"law": "isotropic", "youngs_modulus": 1, "nu": 0.3},
            "^matrix: isotropic: nu: unknown; it has",
        ),
        ({"law": "Drucker Prager"}, "got 'Drucker Prager'; did you mean 'drucker_prager'"),
        ({"law": "isotropic", "youngs_modulus": 1}, "isotropic: poisson_ratio: missing"),
        (
            {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "yield_stres": 0.03, "h": 0.1, "x": 1},
            r"^matrix: j2: h \(did you mean H\?\), x, yield_stres \(did you mean "
            r"yield_stress\?\): unknown; it has H, Q, b, poisson_ratio, ",
        ),
    ],
)
def test_wrong_constants_in_python_are_one_message(matrix: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        materials(matrix, {})


def test_results_of_a_law_fit_what_it_declares() -> None:
    @dataclass(frozen=True)
    class Forgetful(IsotropicLaw):
        name = "forgetful"
        state = {"memory": 6}

        def update(self, step, x):
            return step.strain, {"memory": 0.0}

    with pytest.raises(InputError, match=r"expected the sizes .*'memory': 6.*, got .*'memory': 1"):
        Forgetful(1, 0.3).respond(np.zeros((1, 6)), np.zeros((1, 6)))
