"""Strains in the cell by macroscopic strains: averages, energies, and the layers of a laminate."""

import numpy as np
import pytest
from meshes import isotropic_stiffness, layered_mesh, random_orthotropic, relative_difference

from rve.dataset.moments import mean_deviator, uniaxial_strains
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import assemble_components, homogenise, localise
from rve.mandel import DEVIATORIC_PROJECTION

PAIR = random_orthotropic(np.random.default_rng(3)), random_orthotropic(np.random.default_rng(4), 9)


@pytest.mark.parametrize("flowing", [(), ("matrix",), ("matrix", "fibre")])
def test_localised_strains_carry_the_stiffness(cell: Cell, flowing: tuple[str, ...]) -> None:
    """They average to the macroscopic strain; their stresses and their energy to the stiffness."""
    components = assemble_components(cell)
    A = localise(cell, components, *PAIR, flowing)
    C = np.array(PAIR)[cell.phase]
    expected = homogenise(components, *PAIR, flowing)
    assert np.einsum("mq,mqij->ij", cell.weights, A) == pytest.approx(np.eye(6), abs=1e-10)
    stress = np.einsum("mq,mik,mqkj->ij", cell.weights, C, A, optimize=True)
    energy = np.einsum("mq,mqki,mkl,mqlj->ij", cell.weights, A, C, A, optimize=True)
    assert relative_difference(energy, expected) < 1e-9
    if not flowing:  # averaged strains and plain ones only agree in energy
        assert relative_difference(stress, expected) < 1e-9


def test_second_moments_are_the_derivatives_of_the_stiffness(cell: Cell) -> None:
    """By the shear modulus of the matrix: twice the mean square of its deviator."""
    components = assemble_components(cell)
    fibre, step = PAIR[1], 1e-5
    soft, stiff = (
        homogenise(components, isotropic_stiffness(1, 0.3) + 2 * s * DEVIATORIC_PROJECTION, fibre)
        for s in (-step, step)
    )
    deviators = DEVIATORIC_PROJECTION @ localise(
        cell, components, isotropic_stiffness(1, 0.3), fibre
    )
    weights = np.where(cell.phase[:, None] == 0, cell.weights, 0)
    second = np.einsum("mq,mqki,mqkj->ij", weights, deviators, deviators, optimize=True)
    assert relative_difference(2 * second, (stiff - soft) / (2 * step)) < 1e-6


def test_moment_of_a_laminate_is_that_of_its_even_strain() -> None:
    """The strain is even in a layer: its mean norm is the norm of its mean, by any stress."""
    cell = discretise(layered_mesh(0, [0.35, 0.65], [0, 1]))
    components = assemble_components(cell)
    A = localise(cell, components, *PAIR)
    E = uniaxial_strains(homogenise(components, *PAIR)[None])[0]
    strains = np.einsum("mqij,lj->mqli", A, E)[cell.phase == 0]
    weights = cell.weights[cell.phase == 0]
    mean = np.einsum("mq,mqli->li", weights, strains) / weights.sum()
    found = mean_deviator(strains.reshape(-1, 6, 6), weights.ravel())
    assert found == pytest.approx(np.linalg.norm(mean @ DEVIATORIC_PROJECTION, axis=1), rel=1e-10)
    assert np.diag(E) == pytest.approx(1)
    stress = E @ homogenise(components, *PAIR)
    assert stress == pytest.approx(np.diag(np.diag(stress)), abs=1e-10)
