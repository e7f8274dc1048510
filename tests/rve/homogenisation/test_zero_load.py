"""Cells that are unloaded exactly: what a residual is compared with when nothing is left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, relative_difference
from properties import examples

from rve.errors import ConvergenceError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import LoadPath, piecewise_linear
from rve.mandel import COMPONENTS
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.microstructure.mesh import Mesh

MATRIX = J2Plasticity(3.8, 0.387, 0.03, H=0.1, Q=0.03, b=100)


def elastic(modulus: float, nu: float) -> Elastic:
    """An isotropic phase."""
    return Elastic(isotropic_stiffness(modulus, nu))


@pytest.fixture(scope="module")
def small_cell(one_fibre_mesh: Mesh) -> Cell:
    """Some fifty elements."""
    return discretise(one_fibre_mesh)


@pytest.mark.parametrize(
    ("matrix", "fibre"),
    [
        (elastic(3.8, 0.387), elastic(72, 0.22)),
        (elastic(0.0003, 0.499), elastic(210, 0.3)),
        (elastic(3.8, 0.387), elastic(1e-5, 0.3)),
        (elastic(3.8, 0.387), elastic(1e-7, 0.3)),
    ],
    ids=["glass in epoxy", "steel in rubber", "soft pores", "softer pores"],
)
@pytest.mark.parametrize("end", [0.0, -0.001])
def test_elastic_cell_is_unloaded_at_once(
    cell: Cell, matrix: Elastic, fibre: Elastic, end: float
) -> None:
    """To zero and beyond; an extrapolation of the last step meets a straight line."""
    path = piecewise_linear([{"eps_11": 0.001}, {"eps_11": end}], 4)
    curve = simulate(cell, (matrix, fibre), path)
    assert curve.iterations.sum() <= 3
    modulus = curve.stress[4, 0] / 0.001
    assert relative_difference(curve.stress[1:, 0], modulus * path.targets[:, 0]) < 1e-8


@examples(15)
@given(
    st.floats(-7, 7),
    st.tuples(st.floats(0, 0.49), st.floats(0, 0.49)),
    st.sampled_from(COMPONENTS),
    st.booleans(),
    st.integers(1, 10),
)
def test_elastic_cycles_end_at_nothing_whatever_the_contrast(
    small_cell: Cell,
    contrast: float,
    nu: tuple[float, float],
    load: str,
    stress: bool,
    increments: int,
) -> None:
    modulus = 3.8 * 10**contrast
    kind, largest = ("sig", 1e-3 * min(3.8, modulus)) if stress else ("eps", 0.01)
    points = [{f"{kind}_{load}": largest * x} for x in (1, 0, 0, -1, 0)]
    laws = elastic(3.8, nu[0]), elastic(modulus, nu[1])
    curve = simulate(small_cell, laws, piecewise_linear(points, increments))
    for values in (curve.strain, curve.stress):
        assert np.abs(values[-1]).max() < 1e-7 * np.abs(values).max()
    assert curve.iterations.max() <= 3
    assert curve.steps is not None
    assert curve.steps[1:].max() == 1


@pytest.mark.parametrize("fibre", [MATRIX, elastic(72, 0.22)], ids=["one material", "two"])
def test_unloaded_after_yielding_and_held(small_cell: Cell, fibre: Elastic | J2Plasticity) -> None:
    points = [{"eps_11": 0.03}, {"sig_11": 0.0}, {"sig_11": 0.0}]
    curve = simulate(small_cell, (MATRIX, fibre), piecewise_linear(points, 4))
    assert np.abs(curve.stress[8:]).max() < 1e-7 * np.abs(curve.stress).max()
    assert curve.strain[8, 0] > 1e-4
    assert curve.strain[8:] == pytest.approx(np.tile(curve.strain[8], (5, 1)), abs=1e-8)
    assert curve.iterations[9:].max() <= 1


@pytest.mark.parametrize("exponent", [-20, 4])
def test_another_unit_of_stress_changes_nothing(small_cell: Cell, exponent: int) -> None:
    """By powers of two, which leave the digits."""
    path = piecewise_linear([{"eps_12": 0.02}, {"eps_12": 0.0}, {"eps_12": -0.01}], 3)
    one, other = (
        simulate(
            small_cell,
            (J2Plasticity(4.0 * x, 0.35, 0.03 * x, H=0.1 * x, Q=0.03 * x, b=100.0), fibre),
            path,
        )
        for x in (1.0, 2.0**exponent)
        for fibre in [Elastic(x * isotropic_stiffness(72, 0.22))]
    )
    assert np.array_equal(one.iterations, other.iterations)
    assert relative_difference(other.strain, one.strain) < 1e-12
    assert relative_difference(other.stress, 2.0**exponent * one.stress) < 1e-12


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
@pytest.mark.parametrize("matrix", [MATRIX, elastic(3.8, 0.387)], ids=["plastic", "elastic"])
def test_a_strain_whose_square_is_infinite_is_no_equilibrium(
    small_cell: Cell, matrix: Elastic | J2Plasticity
) -> None:
    path = LoadPath(np.ones((1, 6), dtype=bool), np.full((1, 6), 1e160))
    with pytest.raises(ConvergenceError):
        simulate(small_cell, (matrix, matrix), path)
