"""Stiffness of the phases from engineering constants, and the elementary bounds."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, orthotropic, random_orthotropic
from numpy.typing import NDArray

from rve.errors import InputError
from rve.mandel import engineering_strain, from_engineering_stress, rotation_matrix
from rve.materials.elastic_constants import TransverselyIsotropic
from rve.materials.stiffness import (
    bounds_defect,
    engineering_constants,
    is_positive_definite,
    isotropic,
    orthotropic_compliance,
    reuss,
    voigt,
)

Array = NDArray[np.float64]

ROUNDING = 1e-12

# Composite 1's fibres, Table 2; G and nu differ in every plane so that a swap would show.
FIBRE = {
    "E11": 19.8, "E22": 25.0, "E33": 245.0,
    "G12": 5.9, "G13": 29.2, "G23": 31.0,
    "nu12": 0.47, "nu13": 0.02, "nu23": 0.03,
}  # fmt: skip

seeds = st.integers(0, 2**32 - 1)


@given(st.floats(1e-3, 1e3), st.floats(-0.9, 0.49))
def test_isotropic_stiffness_is_hookes_law(E: float, nu: float) -> None:
    """sigma = 2 mu eps + lambda tr(eps) 1."""
    assert isotropic(E, nu) == pytest.approx(
        isotropic_stiffness(E, nu), rel=ROUNDING, abs=E * 1e-12
    )


@pytest.mark.parametrize(("along", "others"), [("1", "23"), ("2", "13"), ("3", "12")])
def test_uniaxial_stress_gives_youngs_modulus_and_contractions(along: str, others: str) -> None:
    """eps_ii = sigma / E_i and eps_jj = -nu_ij sigma / E_i, with nu_ij / E_i = nu_ji / E_j."""
    stress = np.zeros(6)
    stress[int(along) - 1] = 1.7
    strain = np.linalg.solve(orthotropic(**FIBRE), stress)
    E = FIBRE[f"E{along}{along}"]
    expected = np.zeros(6)
    expected[int(along) - 1] = 1.7 / E
    for other in others:
        if along < other:
            nu = FIBRE[f"nu{along}{other}"]
        else:
            nu = FIBRE[f"nu{other}{along}"] * E / FIBRE[f"E{other}{other}"]
        expected[int(other) - 1] = -nu * 1.7 / E
    assert strain == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize(("place", "name"), [(3, "G23"), (4, "G13"), (5, "G12")])
def test_shear_stress_gives_the_engineering_shear_of_its_plane(place: int, name: str) -> None:
    """gamma = tau / G."""
    stress = np.zeros(6)
    stress[place] = 0.4
    strain = np.linalg.solve(orthotropic(**FIBRE), from_engineering_stress(stress))
    expected = np.zeros(6)
    expected[place] = 0.4 / FIBRE[name]
    assert engineering_strain(strain) == pytest.approx(expected, abs=ROUNDING)


def test_equal_constants_make_an_orthotropic_material_isotropic() -> None:
    constants = {name: {"E": 3.0, "G": 3.0 / 2.6, "n": 0.3}[name[0]] for name in FIBRE}
    assert orthotropic(**constants) == pytest.approx(isotropic_stiffness(3.0, 0.3), rel=ROUNDING)


def test_compliances_come_in_batches() -> None:
    rng = np.random.default_rng(2)
    E, G = rng.uniform(1, 2, (2, 4, 5, 3))
    nu = rng.uniform(0, 0.2, (4, 5, 3))
    batch = orthotropic_compliance(E, G, nu)
    assert batch.shape == (4, 5, 6, 6)
    for i in np.ndindex(4, 5):
        names = ("E11", "E22", "E33", "G23", "G13", "G12", "nu23", "nu13", "nu12")
        one = orthotropic(**dict(zip(names, [*E[i], *G[i], *nu[i]], strict=True)))
        assert batch[i] @ one == pytest.approx(np.eye(6), abs=ROUNDING)


@pytest.mark.parametrize(("E", "nu"), [(0, 0.3), (-1, 0.3), (1, 0.5), (1, -1), (np.nan, 0.3)])
def test_inadmissible_isotropic_constants_are_refused(E: float, nu: float) -> None:
    with pytest.raises(InputError, match=r"expected a number above (0|-1 and below 0\.5), got "):
        isotropic(E, nu)


@pytest.mark.parametrize("name", ["E11", "E22", "E33", "G12", "G13", "G23"])
def test_moduli_must_be_positive(name: str) -> None:
    with pytest.raises(InputError, match=f"{name}: expected a number above 0 and .* GPa, got 0"):
        orthotropic(**FIBRE | {name: 0.0})


@pytest.mark.parametrize("name", ["nu12", "nu13", "nu23"])
def test_poisson_ratios_that_release_energy_are_refused(name: str) -> None:
    """Positive definite only while |nu_ij| < sqrt(E_i / E_j)."""
    limit = np.sqrt(FIBRE[f"E{name[2] * 2}"] / FIBRE[f"E{name[3] * 2}"])
    others = dict.fromkeys(["nu12", "nu13", "nu23"], 0.0)
    assert is_positive_definite(orthotropic(**FIBRE | others | {name: 0.999 * limit}))
    with pytest.raises(InputError, match=f"positive definite compliance, but .*{name} = "):
        orthotropic(**FIBRE | others | {name: 1.001 * limit})


@given(seeds, st.integers(0, 5))
def test_positive_definiteness_needs_every_eigenvalue(seed: int, index: int) -> None:
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    eigenvalues = rng.uniform(0.1, 10, 6)
    assert is_positive_definite(axes @ np.diag(eigenvalues) @ axes.T)
    eigenvalues[index] *= -1
    assert not is_positive_definite(axes @ np.diag(eigenvalues) @ axes.T)
    eigenvalues[index] = 0
    assert not is_positive_definite(np.diag(eigenvalues))


@given(seeds, st.floats(0.01, 0.99))
def test_bounds_are_means_of_stiffness_and_compliance(seed: int, fraction: float) -> None:
    rng = np.random.default_rng(seed)
    phases = np.array([random_orthotropic(rng), random_orthotropic(rng, 100)])
    fractions = np.array([1 - fraction, fraction])
    upper = (1 - fraction) * phases[0] + fraction * phases[1]
    softness = (1 - fraction) * np.linalg.inv(phases[0]) + fraction * np.linalg.inv(phases[1])
    assert voigt(fractions, phases) == pytest.approx(upper, rel=ROUNDING, abs=ROUNDING)
    assert reuss(fractions, phases) @ softness == pytest.approx(np.eye(6), abs=1e-10)


@given(seeds, st.floats(0.05, 0.95), st.floats(0, 1))
def test_no_defect_between_the_bounds(seed: int, fraction: float, between: float) -> None:
    """Any convex combination of Reuss and Voigt lies inside, in any frame."""
    fractions, phases = turned_pair(seed, fraction)
    inside = between * voigt(fractions, phases) + (1 - between) * reuss(fractions, phases)
    assert bounds_defect(inside, fractions, phases) <= ROUNDING


@given(seeds, st.floats(0.05, 0.95), st.floats(1e-6, 0.1))
def test_defect_is_the_relative_energy_outside(seed: int, fraction: float, excess: float) -> None:
    """A bound itself scaled up (or down) by 1 + d leaves the interval by exactly d."""
    fractions, phases = turned_pair(seed, fraction)
    above = bounds_defect((1 + excess) * voigt(fractions, phases), fractions, phases)
    below = bounds_defect(reuss(fractions, phases) / (1 + excess), fractions, phases)
    assert above == pytest.approx(excess, rel=1e-8, abs=ROUNDING)
    assert below == pytest.approx(excess, rel=1e-8, abs=ROUNDING)


@given(seeds, st.floats(0.05, 0.95), st.floats(1e-4, 0.1))
def test_defect_shows_in_a_single_direction(seed: int, fraction: float, excess: float) -> None:
    """One strain that stores too much energy suffices, however soft its direction."""
    fractions, phases = turned_pair(seed, fraction)
    bound = voigt(fractions, phases)
    direction = np.random.default_rng(seed + 1).normal(size=6)
    assume(np.linalg.norm(direction) > 0.1)
    image = bound @ direction
    outside = bound + excess * np.outer(image, image) / (direction @ image)
    assert bounds_defect(outside, fractions, phases) == pytest.approx(
        excess, rel=1e-8, abs=ROUNDING
    )


def turned_pair(seed: int, fraction: float) -> tuple[Array, Array]:
    """Volume fractions (2,) and two stiffnesses (2, 6, 6), not in their material axes."""
    rng = np.random.default_rng(seed)
    R = [rotation_matrix(np.linalg.qr(rng.normal(size=(3, 3)))[0]) for _ in range(2)]
    scales = 1, 10 ** rng.uniform(-2, 2)
    phases = [r @ random_orthotropic(rng, s) @ r.T for r, s in zip(R, scales, strict=True)]
    return np.array([1 - fraction, fraction]), np.array(phases)


@given(st.integers(0, 2**32 - 1))
def test_engineering_constants_are_those_that_make_the_stiffness(seed: int) -> None:
    """All nine of them differ."""
    rng = np.random.default_rng(seed)
    E, G = np.exp(rng.uniform(-3, 3, (2, 3)))
    nu23, nu13, nu12 = rng.uniform(-0.45, 0.45, 3) * np.sqrt(E[[1, 0, 0]] / E[[2, 2, 1]])
    given = {
        **dict(zip(("E11", "E22", "E33"), E, strict=True)),
        **dict(zip(("G23", "G13", "G12"), G, strict=True)),
        "nu12": nu12,
        "nu13": nu13,
        "nu23": nu23,
    }
    found = engineering_constants(orthotropic(**given))
    assert list(found) == ["E1", "E2", "E3", "G23", "G31", "G12", "nu12", "nu13", "nu23"]
    assert list(found.values()) == pytest.approx(list(given.values()), rel=1e-9)


@given(st.floats(1, 500), st.floats(1, 50), st.floats(1, 50), st.floats(0.05, 0.45))
def test_engineering_constants_of_a_carbon_fibre(E3: float, E1: float, G: float, nu: float) -> None:
    """By the names of data sheets; nu31 / E3 = nu13 / E1, and G12 = E1 / (2 (1 + nu12))."""
    assume(nu < 0.9 * np.sqrt(E3 / E1) * np.sqrt((1 - 0.3) / 2))
    found = engineering_constants(TransverselyIsotropic(E3, E1, G, nu, 0.3).law().stiffness)
    assert (found["E1"], found["E2"], found["E3"]) == pytest.approx((E1, E1, E3))
    assert (found["G23"], found["G31"], found["G12"]) == pytest.approx((G, G, E1 / 2.6))
    assert found["nu12"] == pytest.approx(0.3)
    assert found["nu13"] * E3 / E1 == pytest.approx(nu) == found["nu23"] * E3 / E1


@given(st.floats(0, np.pi))
def test_young_s_modulus_off_the_axes(angle: float) -> None:
    """Of a unidirectional ply turned in its plane (Jones, Mechanics of Composite Materials, 2.97).

    1/Ex = c^4/E1 + (1/G12 - 2 nu12/E1) s^2 c^2 + s^4/E2; there the stiffness is not orthotropic.
    """
    c, s = np.cos(angle), np.sin(angle)
    turn = rotation_matrix(np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))
    E1, E2, G12, nu12 = (FIBRE[name] for name in ("E11", "E22", "G12", "nu12"))
    expected = 1 / (c**4 / E1 + (1 / G12 - 2 * nu12 / E1) * s**2 * c**2 + s**4 / E2)
    turned = turn @ orthotropic(**FIBRE) @ turn.T
    assert engineering_constants(turned)["E1"] == pytest.approx(expected, rel=1e-9)


def test_engineering_constants_come_in_batches() -> None:
    stiffnesses = np.array([[isotropic_stiffness(E, nu) for nu in (0, 0.3)] for E in (1, 2, 3)])
    found = engineering_constants(stiffnesses)
    assert found["E2"] == pytest.approx(np.array([[1, 1], [2, 2], [3, 3]]))
    assert found["nu13"] == pytest.approx(np.array([[0, 0.3]] * 3), abs=1e-12)


@pytest.mark.parametrize(
    ("stiffness", "message"),
    [
        (np.eye(3), r"expected the shape \(\.\.\., 6, 6\), got \(3, 3\)"),
        (np.diag([1.0, 1, 1, 1, 1, 0]), "expected a symmetric and positive definite matrix"),
        (np.triu(np.ones((6, 6))) + 9 * np.eye(6), "expected a symmetric and positive definite"),
        (np.full((6, 6), np.nan), "expected a symmetric and positive definite matrix"),
    ],
)
def test_what_is_no_stiffness_has_no_engineering_constants(stiffness: Array, message: str) -> None:
    with pytest.raises(InputError, match=message):
        engineering_constants(stiffness)
