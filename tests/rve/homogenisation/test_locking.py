"""Averaging the dilatation keeps the elements from locking where the matrix keeps its volume."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import displacement_cell, isotropic_stiffness, refined
from numpy.typing import NDArray

from rve.homogenisation.cell import LOCKING, Cell, discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import monotonic
from rve.mandel import COMPONENTS, DEVIATORIC_PROJECTION
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.stiffness import bulk_over_shear
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

MATRIX = J2Plasticity(3.8, 0.387, yield_stress=0.01, H=0.1, Q=0.03, b=100)
FIBRE = isotropic_stiffness(72.0, 0.22)


@pytest.mark.slow
@pytest.mark.parametrize("load", ["11", "12"])
def test_plastic_stress_is_nearly_that_of_a_finer_mesh(mesh: Mesh, load: str) -> None:
    """Of this coarse mesh, plain triangles are 15 and 12 % stiffer."""

    def end(cell: Cell) -> float:
        path = monotonic(load, 0.04, 10, "stress")
        stress = simulate(cell, (MATRIX, Elastic(FIBRE)), path).stress
        return float(stress[-1, COMPONENTS.index(load)])

    fine = refined(mesh)
    averaged, pointwise = (
        end(discretised(mesh)) / end(discretised(fine)) - 1
        for discretised in (discretise, displacement_cell)
    )
    assert pointwise > 0.1
    assert abs(averaged) < pointwise / 4


def test_averaging_keeps_all_but_the_dilatation(cell: Cell) -> None:
    """Deviators at each point, and the mean of each element, of which the dilatation is one."""
    plain, averaged = cell.strain_displacement, cell.averaged_dilatation
    traces = averaged[:, :, :3].sum(axis=2)
    assert np.ptp(traces, axis=1).max() < 1e-12 * np.abs(traces).max()
    deviators = np.einsum("ij,mqjd->mqid", DEVIATORIC_PROJECTION, averaged - plain)
    assert np.abs(deviators).max() < 1e-12 * np.abs(plain).max()
    means = np.einsum("mq,mqid->mid", cell.weights, averaged - plain)
    assert np.abs(means).max() < 1e-12


def test_elastic_phases_are_not_averaged(mesh: Mesh) -> None:
    """Their curves have the stiffness of the linear problem, to rounding."""
    cell, matrix = discretise(mesh), isotropic_stiffness(3.8, 0.387)
    stiffness = homogenise(assemble_components(cell), matrix, FIBRE)
    curve = simulate(cell, (Elastic(matrix), Elastic(FIBRE)), monotonic("12", 0.01, 1, "strain"))
    assert curve.stress[-1] == pytest.approx(stiffness @ curve.strain[-1], rel=1e-9, abs=1e-12)


def test_flowing_phases_have_the_elastic_stiffness_but_for_the_mesh(mesh: Mesh) -> None:
    """A coarse one here: two percent, which fall with the second power of the element size."""
    cell, path = discretise(mesh), monotonic("12", 1e-5, 1, "strain")
    stiffness = homogenise(assemble_components(cell), MATRIX.stiffness, FIBRE)
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), path)
    expected = stiffness @ curve.strain[-1]
    difference = np.linalg.norm(curve.stress[-1] - expected) / np.linalg.norm(expected)
    assert 1e-4 < difference < 3e-2


def rubber(ratio: float) -> Array:
    """Stiffness of bulk modulus 1 GPa, `ratio` times the shear modulus."""
    return isotropic_stiffness(9 / (3 * ratio + 1), (3 * ratio - 2) / (6 * ratio + 2))


@given(st.floats(0.5, 1e4), st.floats(0.1, 1e3))
def test_ratio_of_bulk_and_shear_is_that_of_the_moduli(ratio: float, scale: float) -> None:
    assert bulk_over_shear(scale * rubber(ratio)) == pytest.approx(ratio, rel=1e-8)


@pytest.mark.slow
def test_nearly_incompressible_matrix_does_not_lock(mesh: Mesh) -> None:
    """nu = 0.4999 on this coarse mesh: transverse shear within 12 % of that of a fine one.

    Plain elements are several times too stiff. Both errors fall with the element size.
    """
    matrix, shear = rubber(5000), (5, 5)
    fine = discretise(refined(refined(mesh)))
    reference = homogenise(assemble_components(fine), matrix, FIBRE)[shear]

    def errors(mesh: Mesh) -> tuple[float, float]:
        cell = discretise(mesh)
        plain = replace(cell, averaged_dilatation=cell.strain_displacement)
        return tuple(  # type: ignore[return-value]
            homogenise(assemble_components(one), matrix, FIBRE)[shear] / reference - 1
            for one in (cell, plain)
        )

    (averaged, plain), (averaged_finer, _) = errors(mesh), errors(refined(mesh))
    assert plain > 1
    assert abs(averaged) < 0.12
    assert abs(averaged_finer) < abs(averaged) / 2


def test_element_follows_the_ratio_of_bulk_and_shear(components: Components) -> None:
    """Below LOCKING a phase is plain, unless it is said to flow; above it never is."""
    for ratio, differs in ((0.9 * LOCKING, True), (1.1 * LOCKING, False)):
        matrix = rubber(ratio)
        default = homogenise(components, matrix, FIBRE)
        flowing = homogenise(components, matrix, FIBRE, flowing=["matrix"])
        assert (np.abs(default - flowing).max() > 1e-6) == differs


def test_elastic_phases_lock_as_little_in_both_problems(mesh: Mesh) -> None:
    """Curves of nearly incompressible elastic phases have the stiffness of the linear problem."""
    cell, matrix = discretise(mesh), rubber(5000)
    stiffness = homogenise(assemble_components(cell), matrix, FIBRE)
    curve = simulate(cell, (Elastic(matrix), Elastic(FIBRE)), monotonic("12", 0.01, 1, "strain"))
    assert curve.stress[-1] == pytest.approx(stiffness @ curve.strain[-1], rel=1e-8, abs=1e-12)


def test_flowing_phases_have_the_stiffness_of_flowing_samples(mesh: Mesh) -> None:
    """The same element in the linear data and in the references: equal to rounding."""
    cell, path = discretise(mesh), monotonic("12", 1e-5, 1, "strain")
    stiffness = homogenise(assemble_components(cell), MATRIX.stiffness, FIBRE, flowing=["matrix"])
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), path)
    expected = stiffness @ curve.strain[-1]
    assert curve.stress[-1] == pytest.approx(expected, rel=1e-8, abs=1e-15)
