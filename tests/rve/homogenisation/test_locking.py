"""Averaging the dilatation keeps the elements from locking where the matrix keeps its volume."""

import numpy as np
import pytest
from meshes import displacement_cell, isotropic_stiffness, refined

from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.homogenisation.dns import simulate
from rve.homogenisation.load_path import monotonic
from rve.mandel import COMPONENTS, DEVIATORIC_PROJECTION
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.microstructure.mesh import Mesh

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
