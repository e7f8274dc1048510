"""Linear homogenisation of the periodic cell against exact results."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import (
    isotropic_stiffness,
    layered_medium,
    layered_mesh,
    orthotropic,
    random_orthotropic,
    relative_difference,
)
from networks import laminate
from numpy.typing import NDArray
from properties import examples
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

from rve.errors import InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.mandel import interface_matrix, rotation_matrix
from rve.materials.stiffness import isotropic

Array = NDArray[np.float64]

WIDTHS = (0.25, 0.3, 0.1, 0.35)
PHASES = (0, 1, 0, 1)
FRACTIONS = np.array([0.35, 0.65])

seeds = st.integers(0, 2**32 - 1)
contrasts = st.floats(-3, 3).map(lambda decades: 10.0**decades)


@pytest.fixture(scope="module", params=[0, 1], ids=["layers along 2", "layers along 1"])
def layered(request: pytest.FixtureRequest) -> tuple[int, Components]:
    """Normal axis and component matrices of a cell of four layers."""
    return request.param, assemble_components(
        discretise(layered_mesh(request.param, WIDTHS, PHASES))
    )


@examples(25)
@given(seeds)
def test_homogeneous_cell_returns_its_own_stiffness(components: Components, seed: int) -> None:
    stiffness = random_orthotropic(np.random.default_rng(seed))
    assert relative_difference(homogenise(components, stiffness, stiffness), stiffness) < 1e-12


@examples(40)
@given(seeds, contrasts)
def test_layered_cell_is_a_layered_medium(
    layered: tuple[int, Components], seed: int, contrast: float
) -> None:
    """Backus' average, and with it the paper's laminate, Eq. 22."""
    axis, components = layered
    rng = np.random.default_rng(seed)
    phases = np.array([random_orthotropic(rng), random_orthotropic(rng, contrast)])
    result = homogenise(components, *phases)

    assert relative_difference(result, layered_medium(axis, FRACTIONS, phases)) < 1e-8
    H = interface_matrix(np.eye(3)[axis])
    block = laminate(phases[:1, None], phases[1:, None], FRACTIONS[:1], H[None])
    assert relative_difference(result, block[0, 0]) < 1e-8


@examples(25)
@given(seeds, contrasts)
def test_stiffness_is_symmetric_and_between_reuss_and_voigt(
    components: Components, seed: int, contrast: float
) -> None:
    """Hill (1963): the differences to both means are semi-definite; Reuss' is definite itself."""
    rng = np.random.default_rng(seed)
    phases = np.array([random_orthotropic(rng), random_orthotropic(rng, contrast)])
    result = homogenise(components, *phases)

    upper = np.tensordot(components.fractions, phases, 1)
    lower = np.linalg.inv(np.tensordot(components.fractions, np.linalg.inv(phases), 1))
    rounding = 1e-10 * np.linalg.norm(upper)
    assert np.array_equal(result, result.T)
    assert np.linalg.eigvalsh(lower)[0] > 0
    assert np.linalg.eigvalsh(upper - result)[0] > -rounding
    assert np.linalg.eigvalsh(result - lower)[0] > -rounding


@examples(10)
@given(seeds, st.floats(1e-3, 1e3))
def test_stiffness_is_homogeneous_of_degree_one(
    components: Components, seed: int, factor: float
) -> None:
    rng = np.random.default_rng(seed)
    phases = random_orthotropic(rng), random_orthotropic(rng, 10)
    scaled = homogenise(components, *(factor * phase for phase in phases))
    assert relative_difference(scaled, factor * homogenise(components, *phases)) < 1e-12


def test_phases_are_not_mistaken_for_each_other(cell: Cell, components: Components) -> None:
    """Voids in the matrix leave no stiffness across the fibres, void fibres leave some."""
    solid, void = isotropic_stiffness(1, 0.3), isotropic_stiffness(1e-6, 0.3)
    assert homogenise(components, void, solid)[0, 0] < 1e-4
    assert homogenise(components, solid, void)[0, 0] > 1e-2
    assert cell.fractions[1] == pytest.approx(0.60, abs=1e-3)


def test_axial_modulus_follows_hills_relation(components: Components) -> None:
    """With equal Poisson's ratios E33 is the mean of the phases' E, for any shape (Hill 1964)."""
    matrix, fibre = isotropic_stiffness(3.0, 0.25), isotropic_stiffness(70.0, 0.25)
    softness = np.linalg.inv(homogenise(components, matrix, fibre))
    expected = components.fractions @ [3.0, 70.0]
    assert 1 / softness[2, 2] == pytest.approx(expected, rel=1e-10)
    assert -softness[0, 2] / softness[2, 2] == pytest.approx(0.25, rel=1e-10)


def test_equal_shear_moduli_make_hills_medium(components: Components) -> None:
    """With equal G any microstructure is isotropic, 1 / (K + 4 G / 3) averages (Hill 1963)."""
    G, K = 2.0, np.array([1.5, 40.0])
    E, nu = 9 * K * G / (3 * K + G), (3 * K - 2 * G) / (6 * K + 2 * G)
    phases = [isotropic_stiffness(e, n) for e, n in zip(E, nu, strict=True)]
    bulk = 1 / (components.fractions @ (1 / (K + 4 / 3 * G))) - 4 / 3 * G
    expected = isotropic_stiffness(
        9 * bulk * G / (3 * bulk + G), (3 * bulk - 2 * G) / (6 * bulk + 2 * G)
    )
    result = homogenise(components, *phases)
    # The exact displacement, the gradient of a potential, is no polynomial: discretisation error.
    assert relative_difference(result, expected) < 2e-3


@examples(10)
@given(seeds, contrasts)
def test_mean_energy_is_the_energy_of_the_means(
    cell: Cell, components: Components, seed: int, contrast: float
) -> None:
    """Hill-Mandel, from the fields: <sigma : eps> = <sigma> : <eps>, in all 36 products."""
    rng = np.random.default_rng(seed)
    phases = np.array([random_orthotropic(rng), random_orthotropic(rng, contrast)])
    strain, stress = fields(cell, phases)

    mean_strain = np.einsum("mq,mqik->ik", cell.weights, strain)
    mean_stress = np.einsum("mq,mqik->ik", cell.weights, stress)
    energy = np.einsum("mq,mqik,mqil->kl", cell.weights, stress, strain, optimize=True)
    result = homogenise(components, *phases)
    assert mean_strain == pytest.approx(np.eye(6), abs=1e-10)
    assert relative_difference(mean_stress.T @ mean_strain, energy) < 1e-8
    assert relative_difference(mean_stress, result) < 1e-8
    assert relative_difference(energy, result) < 1e-8


def fields(cell: Cell, phases: Array) -> tuple[Array, Array]:
    """Strain and stress (m, q, 6, 6) at the integration points for six unit mean strains.

    Dense element matrices and a general sparse solver, nothing of rve.homogenisation.components.
    """
    B, w, C = cell.strain_displacement, cell.weights, phases[cell.phase]
    K = np.einsum("mq,mqia,mij,mqjb->mab", w, B, C, B, optimize=True)
    f = np.einsum("mq,mqia,mij->maj", w, B, C, optimize=True)
    number = cell.element_unknowns
    rows, columns = np.broadcast_arrays(number[:, :, None], number[:, None, :])
    size = cell.size + 1
    matrix = csc_matrix((K.ravel(), (rows.ravel(), columns.ravel())), shape=(size, size))
    load = np.zeros((size, 6))
    np.add.at(load, number, f)
    displacement = np.zeros((size, 6))
    displacement[:-1] = spsolve(matrix[:-1, :-1], -load[:-1])
    strain = np.eye(6) + np.einsum("mqia,mak->mqik", B, displacement[number], optimize=True)
    return strain, np.einsum("mij,mqjk->mqik", C, strain)


@pytest.mark.parametrize("phase", [0, 1])
def test_stiffness_out_of_the_cells_axes_is_refused(components: Components, phase: int) -> None:
    angle = np.pi / 6
    turn = np.array(
        [[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]]
    )
    R = rotation_matrix(turn)
    fibre = orthotropic(10, 2, 3, 1, 1, 1, 0.2, 0.2, 0.2)
    phases = [isotropic(1, 0.3), isotropic(1, 0.3)]
    phases[phase] = R @ fibre @ R.T
    with pytest.raises(InputError, match=f"stiffness of the {('matrix', 'fibre')[phase]} is not"):
        homogenise(components, *phases)
