"""Averaging the dilatation keeps the elements from locking where the matrix keeps its volume."""

from collections.abc import Callable

import pytest
from meshes import displacement_cell, isotropic_stiffness, refined

from rve.cell import Cell, discretise
from rve.dns import simulate
from rve.elasticity import Elastic
from rve.homogenisation import assemble_components, homogenise
from rve.loading import monotonic
from rve.mandel import COMPONENTS
from rve.mesh import Mesh
from rve.plasticity import J2Plasticity

MATRIX = J2Plasticity(3.8, 0.387, yield_stress=0.01, H=0.1, Q=0.03, b=100)
FIBRE = isotropic_stiffness(72.0, 0.22)


def changes(mesh: Mesh, measure: Callable[[Cell], float]) -> tuple[float, float]:
    """How far a measure lies above that of the mesh cut into four: averaged, and point by point."""
    fine = refined(mesh)
    averaged, pointwise = (
        measure(discretised(mesh)) / measure(discretised(fine)) - 1
        for discretised in (discretise, displacement_cell)
    )
    return averaged, pointwise


@pytest.mark.parametrize("load", ["11", "12"])
def test_plastic_stress_is_nearly_that_of_a_finer_mesh(mesh: Mesh, load: str) -> None:
    """Of this coarse mesh, plain triangles are 15 and 12 % stiffer."""

    def end(cell: Cell) -> float:
        path = monotonic(load, 0.04, 10, "stress")
        stress = simulate(cell, (MATRIX, Elastic(FIBRE)), path).stress
        return float(stress[-1, COMPONENTS.index(load)])

    averaged, pointwise = changes(mesh, end)
    assert pointwise > 0.1
    assert abs(averaged) < pointwise / 4


def test_shear_of_a_nearly_incompressible_matrix_is_nearly_that_of_a_finer_mesh(mesh: Mesh) -> None:
    """Linear elastic: the matrix's bulk modulus is five thousand times its shear modulus."""

    def shear(cell: Cell) -> float:
        components = assemble_components(cell)
        return float(homogenise(components, isotropic_stiffness(3.0, 0.4999), FIBRE)[5, 5])

    averaged, pointwise = changes(mesh, shear)
    assert abs(averaged) < pointwise / 2
