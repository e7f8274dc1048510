"""What is asked about before it is computed with, and what is said of a result."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, layered_medium, layered_mesh, random_orthotropic
from networks import unhalved

from rve.errors import ConvergenceError, InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.dns import simulate
from rve.loads.curve import Curve
from rve.loads.load_limits import (
    large_strain,
    large_strains,
    refusal_of_stress,
    strains_at_least,
)
from rve.loads.load_path import LoadPath, advice, monotonic, piecewise_linear
from rve.loads.load_points import prescribed_stress
from rve.mandel import from_engineering_strain
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity

EPOXY, GLASS = isotropic_stiffness(3.2, 0.35), isotropic_stiffness(72.0, 0.22)


@pytest.fixture(scope="module")
def cell() -> Cell:
    return discretise(layered_mesh(0, (0.4, 0.6), (0, 1), across=1))


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
def test_no_composite_is_stiffer_than_both_phases_together(seed: int, fraction: float) -> None:
    """The strain along a stress of a laminate, which is exact, exceeds the bound."""
    rng = np.random.default_rng(seed)
    phases = np.array([random_orthotropic(rng, scale) for scale in (1, rng.uniform(0.1, 30))])
    fractions = np.array([fraction, 1 - fraction])
    laminate = layered_medium(rng.integers(2), fractions, phases)
    stress = rng.normal(size=(4, 6))
    strain = np.linalg.solve(laminate, stress.T).T
    along = (stress * strain).sum(axis=1) / np.linalg.norm(stress, axis=1)
    assert (strains_at_least(stress, list(phases)) < along).all()


def test_the_bound_of_a_uniaxial_stress_is_its_axial_strain() -> None:
    """Phases of one Poisson's ratio: sigma over the sum of Young's moduli."""
    phases = [isotropic_stiffness(E, 0.3) for E in (20.0, 80.0)]
    assert strains_at_least(np.array([[0, -2.0, 0, 0, 0, 0]]), phases) == pytest.approx([0.02])


@pytest.mark.parametrize(
    ("point", "said"),
    [
        (
            {"sig_22": -5},
            "sig_22 is -5 GPa, which would strain glass/epoxy by more than 6.63 % even",
        ),
        ({"sig_22": -5}, "; its unit is GPa, and -5 MPa are -0.005 GPa"),
        ({"sig_12": 9, "sig_11": 0.1}, "sig_12 is 9 GPa"),
        ({"sig_22": -3}, None),
        ({"sig_22": -0.005}, None),
        ({"eps_11": 0.01, "sig_22": 0}, None),
    ],
)
def test_a_stress_that_cannot_be_one_of_these_phases(point: dict, said: str | None) -> None:
    refusal = refusal_of_stress(prescribed_stress(point), [EPOXY, GLASS], "glass/epoxy")
    assert said in (refusal or "") if said else refusal is None


def test_stresses_are_asked_about_in_python(cell: Cell) -> None:
    """At the increment that asks for the most; finite elements say so before they begin."""
    path = piecewise_linear([{"eps_11": 0.01}, {"sig_11": 0.1}, {"sig_11": -5}], 4)
    message = "increment 12 of the path: sig_11 is -5 GPa, which would strain the composite by "
    with pytest.raises(InputError, match=re.escape(message)):
        simulate(cell, (Elastic(EPOXY), Elastic(GLASS)), path)


def test_arguments_of_simulate_are_checked(cell: Cell) -> None:
    laws, path = (Elastic(EPOXY), Elastic(GLASS)), monotonic("11", 0.01, 2, "stress")
    with pytest.raises(InputError, match="expected a LoadPath, as piecewise_linear gives it, got"):
        simulate(cell, laws, {"eps_11": 0.01})  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected a Cell, as discretise"):
        simulate(None, laws, path)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected laws of matrix, fibre, got Elastic;"):
        simulate(cell, laws[:1], path)


@pytest.mark.parametrize(
    ("controlled", "targets", "message"),
    [
        (np.ones(6), np.zeros(6), "targets: expected the shape (n, 6), got (6,)"),
        (np.ones(6), np.zeros((0, 6)), "targets: expected the shape (n, 6), got (0, 6)"),
        (np.ones((2, 6)), np.zeros((3, 6)), "strain_controlled: expected (6,) or (3, 6), got (2,"),
        (np.ones(6), np.full((2, 6), np.nan), "targets: expected finite numbers in the last incr"),
        (np.eye(6)[:2], [[np.nan] * 6, [0] * 6], "and before its control changes"),
        (np.ones(6), [[np.inf] * 6, [0] * 6], "targets: expected finite numbers"),
    ],
)
def test_a_path_of_wrong_shape_is_refused(
    controlled: np.ndarray, targets: np.ndarray, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        LoadPath(controlled, targets)


def test_durations_are_one_or_one_an_increment() -> None:
    with pytest.raises(InputError, match=re.escape("duration: expected a number or (2,), got (3")):
        LoadPath(np.ones(6, dtype=bool), np.zeros((2, 6)), np.ones(3))


def strained(**components: float) -> Curve:
    """A curve of four increments that ends at an engineering strain (11, 22, 33, 23, 31, 12)."""
    names = ("e11", "e22", "e33", "g23", "g31", "g12")
    end = from_engineering_strain(np.array([components.get(name, 0.0) for name in names]))
    strain = np.linspace(0, 1, 5)[:, None] * end
    return unhalved(strain, 0 * strain)


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (strained(e22=-1.13), "not small from increment 1 of 4 on: they reach 113 %"),
        (strained(e11=0.12), "not small from increment 4 of 4 on: they reach 12 %"),
        (strained(g12=0.3), "not small from increment 3 of 4 on: they reach 15 %"),
        (strained(e11=0.09, g12=0.1), "increment 4 of 4 on: they reach 11.2 %"),
        (strained(g12=0.19), None),
        (strained(e11=0.1), None),
        (strained(g12=0.2), None),
        (strained(e11=0.099), None),
    ],
)
def test_a_result_says_where_it_leaves_small_strains(curve: Curve, said: str | None) -> None:
    """By principal strains: pure shear has half its gamma."""
    remark = large_strain(curve)
    assert said in (remark or "") if said else remark is None
    expected = [f"glass, path, creep: {remark}"] if said else []
    assert (
        large_strains({"glass, path, creep": curve, "glass, path, small": strained()}) == expected
    )


def test_curves_that_say_the_same_are_one_sentence() -> None:
    curves = {"11": strained(e11=0.12), "22": strained(e22=0.12), "12": strained(g12=0.3)}
    first, second = large_strains(curves)
    assert first.startswith("11; 22: strains are not small")
    assert second.startswith("12: strains are not small")


def test_finite_elements_warn_of_large_strains(
    cell: Cell, recwarn: pytest.WarningsRecorder
) -> None:
    laws = Elastic(EPOXY), Elastic(GLASS)
    simulate(cell, laws, monotonic("11", 0.04, 2, "stress"))
    assert not recwarn.list
    simulate(cell, laws, monotonic("11", 0.15, 2, "stress"))
    (warning,) = recwarn.list
    assert "strains are not small from increment 2 of 2 on: they reach 15 %" in str(warning.message)
    assert warning.filename == __file__


def test_a_stress_beyond_what_a_composite_bears_asks_for_strains(cell: Cell) -> None:
    """Layers that yield in series bear what the weaker one does: a shear of 0.03 / sqrt(3)."""
    plastic = J2Plasticity(3.2, 0.35, 0.03)
    words = r"load less; its stresses may be more .* limit load: prescribe the strains there"
    with pytest.raises(ConvergenceError, match=words):
        simulate(cell, (plastic, plastic), piecewise_linear([{"sig_12": 0.02}], 2))
    path = piecewise_linear([{"eps_12": 0.02, "eps_11": 0}], 2)
    assert advice(path, 1) == "use more increments or load less"
    halfway = piecewise_linear([{"eps_12": 0.02}, {"sig_12": 0}], 2)
    assert not any("limit load" in advice(halfway, number) for number in (1, 2, 3, 4))
    onwards = piecewise_linear([{"eps_12": 0.02}, {"sig_12": 0.1}], 2)
    assert ["limit load" in advice(onwards, number) for number in (2, 3, 4)] == [False, True, True]
