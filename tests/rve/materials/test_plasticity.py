"""The material point of J2 plasticity against closed forms and thermodynamics."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meshes import drive, isotropic_stiffness, relative_difference
from numpy.typing import NDArray
from properties import examples
from scipy.spatial.transform import Rotation

from rve.errors import InputError
from rve.loads.load_path import monotonic
from rve.mandel import from_engineering_strain, rotation_matrix
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity

Array = NDArray[np.float64]

EXACT = 1e-11  # relative; backward Euler is exact for radial loading, only rounding is left

# The matrices of the paper's three composites, perfect plasticity and linear hardening alone.
LAWS = {
    "composite 1": J2Plasticity(3.8, 0.387, 0.010, H=0.1, Q=0.03, b=100),
    "composite 2": J2Plasticity(2.1, 0.3, 0.029, H=0.05, Q=0.02, b=150),
    "composite 3": J2Plasticity(3.8, 0.387, 0.030, H=0.0, Q=0.05, b=100),
    "perfect": J2Plasticity(200.0, 0.3, 0.25),
    "linear": J2Plasticity(70.0, 0.33, 0.1, H=2.0),
}

seeds = st.integers(0, 2**32 - 1)
laws = st.builds(
    J2Plasticity,
    youngs_modulus=st.floats(15, 200),
    poisson_ratio=st.floats(-0.3, 0.45),
    yield_stress=st.floats(0.01, 0.5),
    H=st.floats(0, 5),
    Q=st.floats(0, 0.5),
    b=st.floats(0, 200),
)


def yield_stress(law: J2Plasticity, p: Array) -> Array:
    """sigma_y(p) = s0 + H p + Q (1 - exp(-b p)), typed anew."""
    return law.yield_stress + law.H * p + law.Q * (1 - np.exp(-law.b * p))


def equivalent_stress(stress: Array) -> Array:
    """Von Mises stress of Mandel vectors (..., 6), from its components."""
    s11, s22, s33, s23, s31, s12 = np.moveaxis(stress, -1, 0)
    normal = (s11 - s22) ** 2 + (s22 - s33) ** 2 + (s33 - s11) ** 2
    return np.sqrt(normal / 2 + 1.5 * (s23**2 + s31**2 + s12**2))


@dataclass(frozen=True)
class Path:
    """What happened along a random strain path: strain, stress (n, 6) and state (n + 1, 7)."""

    law: J2Plasticity
    strain: Array
    stress: Array
    state: Array


def random_path(law: J2Plasticity, seed: int, steps: int = 12) -> Path:
    """Steps of a random walk of the strain, some times the yield strain each."""
    rng = np.random.default_rng(seed)
    size = 1.5 * law.yield_stress / law.youngs_modulus
    strain = np.cumsum(rng.normal(scale=size, size=(steps, 6)), axis=0)
    states, stresses = [np.zeros((1, 7))], []
    for point in strain:
        response = law.respond(point[None], states[-1])
        states.append(response.state)
        stresses.append(response.stress[0])
    return Path(law, strain, np.array(stresses), np.concatenate(states))


paths = st.builds(random_path, laws, seeds)


@pytest.mark.parametrize("increments", [1, 7])
@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("axis", ["11", "22", "33"])
def test_uniaxial_stress_follows_the_hardening_curve(name: str, axis: str, increments: int) -> None:
    """sigma = sigma_y(p), eps = sigma / E + p, lateral strain -nu sigma / E - p / 2."""
    law, along = LAWS[name], int(axis[0]) - 1
    strain, stress, state = drive(law, monotonic(axis, 0.04, increments, "stress"))
    sigma, p = stress[-1, along], state[-1, 6]
    lateral = np.delete(strain[-1, :3], along)
    assert p > 0.01
    assert sigma == pytest.approx(yield_stress(law, p), rel=EXACT)
    assert strain[-1, along] == pytest.approx(sigma / law.youngs_modulus + p, rel=EXACT)
    contraction = law.poisson_ratio * sigma / law.youngs_modulus + p / 2
    assert lateral == pytest.approx(-contraction, rel=EXACT)
    assert np.abs(np.delete(stress[-1], along)).max() < EXACT * sigma


@pytest.mark.parametrize("increments", [1, 7])
@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("plane", ["23", "31", "12"])
def test_pure_shear_follows_the_hardening_curve(name: str, plane: str, increments: int) -> None:
    """sqrt(3) tau = sigma_y(p), gamma = tau / G + sqrt(3) p."""
    law, place = LAWS[name], ["23", "31", "12"].index(plane) + 3
    shear_modulus = law.youngs_modulus / 2 / (1 + law.poisson_ratio)
    _, stress, state = drive(law, monotonic(plane, 0.04, increments, "stress"))
    tau, p = stress[-1, place] / np.sqrt(2), state[-1, 6]
    assert p > 0.005
    assert np.sqrt(3) * tau == pytest.approx(yield_stress(law, p), rel=EXACT)
    assert tau / shear_modulus + np.sqrt(3) * p == pytest.approx(0.04, rel=EXACT)


def test_yielding_starts_at_the_yield_stress() -> None:
    law = LAWS["composite 1"]
    at_yield = law.yield_stress / law.youngs_modulus
    below, above = (drive(law, monotonic("11", f * at_yield, 1, "stress")) for f in (0.999, 1.001))
    assert below[2][-1, 6] == 0
    assert below[1][-1, 0] == pytest.approx(0.999 * law.yield_stress, rel=EXACT)
    assert above[2][-1, 6] > 0


@examples(50)
@given(laws, seeds, st.floats(0.1, 30))
def test_tangent_is_the_derivative_of_the_stress(law: J2Plasticity, seed: int, size: float) -> None:
    """Central differences, for a random state and a strain off the kink of the yield surface."""
    rng = np.random.default_rng(seed)
    unit = law.yield_stress / law.youngs_modulus
    plastic = rng.normal(scale=unit, size=6)
    plastic[:3] -= plastic[:3].mean()
    p = np.sqrt(2 / 3) * np.linalg.norm(plastic) * (1 + rng.random())
    state = np.append(plastic, p)[None]
    strain = plastic + rng.normal(scale=size * unit, size=6)
    trial = isotropic_stiffness(law.youngs_modulus, law.poisson_ratio) @ (strain - plastic)
    assume(abs(equivalent_stress(trial) / yield_stress(law, p) - 1) > 1e-2)

    step = 1e-5 * unit
    steps = step * np.concatenate([np.eye(6), -np.eye(6)])
    stresses = law.respond(strain + steps, np.repeat(state, 12, axis=0)).stress
    expected = (stresses[:6] - stresses[6:]).T / (2 * step)
    tangent = law.respond(strain[None], state).tangent[0]
    # Differencing loses half the digits: rounding of the stress over the step.
    scale = np.linalg.norm(isotropic_stiffness(law.youngs_modulus, law.poisson_ratio))
    assert np.linalg.norm(tangent - expected) < 1e-6 * scale
    assert relative_difference(tangent, tangent.T) < EXACT


@examples(25)
@given(paths)
def test_stress_is_hookes_law_of_the_elastic_strain(path: Path) -> None:
    """sigma = C (eps - eps_p)."""
    stiffness = isotropic_stiffness(path.law.youngs_modulus, path.law.poisson_ratio)
    expected = (path.strain - path.state[1:, :6]) @ stiffness
    assert relative_difference(path.stress, expected) < EXACT


@examples(25)
@given(paths)
def test_stress_never_leaves_the_yield_surface(path: Path) -> None:
    """Kuhn-Tucker: f <= 0, p grows, and only on the surface."""
    excess = equivalent_stress(path.stress) / yield_stress(path.law, path.state[1:, 6]) - 1
    growth = np.diff(path.state[:, 6])
    assert excess.max() < EXACT
    assert (growth >= 0).all()
    assert np.abs(excess[growth > 0]).max(initial=0) < EXACT
    assert path.state[-1, 6] > 0


@examples(25)
@given(paths)
def test_plastic_work_is_dissipated(path: Path) -> None:
    """sigma : d eps_p = sigma_y dp >= 0, an associated flow."""
    work = np.einsum("ni,ni->n", path.stress, np.diff(path.state[:, :6], axis=0))
    expected = yield_stress(path.law, path.state[1:, 6]) * np.diff(path.state[:, 6])
    assert (work >= 0).all()
    assert relative_difference(work, expected) < 1e-9


@examples(25)
@given(paths)
def test_plastic_flow_keeps_the_volume_and_its_length_is_p(path: Path) -> None:
    """tr d eps_p = 0 and dp = sqrt(2/3) |d eps_p|."""
    flow = np.diff(path.state[:, :6], axis=0)
    assert np.abs(flow[:, :3].sum(axis=1)).max() < EXACT * np.abs(flow).max()
    lengths = np.sqrt(2 / 3) * np.linalg.norm(flow, axis=1)
    assert relative_difference(np.diff(path.state[:, 6]), lengths) < 1e-9


@examples(25)
@given(paths, st.floats(0, 0.99))
def test_unloading_is_elastic(path: Path, kept: float) -> None:
    """Towards the stress-free strain the state stays and the tangent is the stiffness."""
    state = path.state[-1:]
    strain = state[:, :6] + kept * (path.strain[-1] - state[:, :6])
    response = path.law.respond(strain, state)
    stiffness = isotropic_stiffness(path.law.youngs_modulus, path.law.poisson_ratio)
    assert np.array_equal(response.state, state)
    assert relative_difference(response.tangent[0], stiffness) < EXACT
    assert np.linalg.norm(response.stress - kept * path.stress[-1]) < EXACT * np.linalg.norm(
        path.stress[-1]
    )


@examples(25)
@given(laws, seeds)
def test_law_is_isotropic(law: J2Plasticity, seed: int) -> None:
    """Turned strain and state turn stress, state and tangent."""
    path = random_path(law, seed, steps=4)
    R = rotation_matrix(Rotation.random(rng=seed).as_matrix())
    before, strain = path.state[-2:-1], path.strain[-1:]
    turned = np.column_stack([before[:, :6] @ R.T, before[:, 6]])
    plain, rotated = law.respond(strain, before), law.respond(strain @ R.T, turned)
    scale = np.linalg.norm(plain.stress)
    assert np.linalg.norm(rotated.stress - plain.stress @ R.T) < 1e-9 * scale
    assert rotated.state[:, 6] == pytest.approx(plain.state[:, 6], rel=1e-9)
    assert relative_difference(rotated.tangent[0], R @ plain.tangent[0] @ R.T) < 1e-8


def test_points_do_not_see_each_other() -> None:
    """A batch of yielding and elastic points gives what each of them gives alone."""
    law, rng = LAWS["composite 1"], np.random.default_rng(5)
    strain = rng.normal(size=(20, 6)) * np.logspace(-4, -1, 20)[:, None]
    state = np.zeros((20, 7))
    batch = law.respond(strain, state)
    assert 0 < np.count_nonzero(batch.state[:, 6]) < 20
    for i in range(20):
        alone = law.respond(strain[i : i + 1], state[i : i + 1])
        for together, single in zip(batch, alone, strict=True):
            assert together[i] == pytest.approx(single[0], rel=EXACT, abs=EXACT)


def test_unstrained_material_is_elastic_and_free_of_stress() -> None:
    law = LAWS["composite 2"]
    response = law.respond(np.zeros((1, 6)), np.zeros((1, 7)))
    assert not response.stress.any()
    assert not response.state.any()
    assert relative_difference(response.tangent[0], isotropic_stiffness(2.1, 0.3)) < EXACT
    assert relative_difference(law.stiffness, isotropic_stiffness(2.1, 0.3)) < EXACT


def test_elastic_law_is_hookes() -> None:
    stiffness = isotropic_stiffness(3.0, 0.2)
    strain = np.random.default_rng(1).normal(size=(4, 6))
    response = Elastic(stiffness).respond(strain, np.zeros((4, 0)))
    assert relative_difference(response.stress, strain @ stiffness) < EXACT
    assert response.state.shape == (4, 0)
    assert np.array_equal(response.tangent, np.broadcast_to(stiffness, (4, 6, 6)))


@pytest.mark.parametrize(
    "wrong",
    [{"yield_stress": 0.0}, {"yield_stress": -1.0}, {"H": -0.1}, {"Q": -0.1}, {"b": -1.0}],
    ids=str,
)
def test_softening_and_no_yield_stress_are_refused(wrong: dict[str, float]) -> None:
    (name,) = wrong
    with pytest.raises(InputError, match=f"j2: {name}: expected a number (above|of at least) 0"):
        J2Plasticity(**{"youngs_modulus": 3.8, "poisson_ratio": 0.3, "yield_stress": 0.1} | wrong)


@pytest.mark.parametrize("elastic", [(-1.0, 0.3), (3.8, 0.5)])
def test_inadmissible_elastic_constants_are_refused(elastic: tuple[float, float]) -> None:
    with pytest.raises(InputError, match=r"j2: (youngs_modulus|poisson_ratio): expected"):
        J2Plasticity(*elastic, yield_stress=0.1)


def test_engineering_shear_is_halved_before_the_law_sees_it() -> None:
    """tau = G gamma in the elastic range."""
    law = LAWS["perfect"]
    strain = from_engineering_strain(np.array([[0, 0, 0, 0, 0, 1e-4]]))
    tau = law.respond(strain, np.zeros((1, 7))).stress[0, 5] / np.sqrt(2)
    assert tau == pytest.approx(200.0 / 2.6 * 1e-4, rel=EXACT)
