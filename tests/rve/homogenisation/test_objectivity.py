"""A quarter turn of the whole cell about the fibres turns its response, linear and nonlinear."""

import dataclasses

import numpy as np
import pytest
from meshes import isotropic_stiffness, random_orthotropic, relative_difference
from numpy.typing import NDArray

from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import LoadPath, monotonic
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

# The turn e1 -> e2, e2 -> -e1: component 11 of the turned cell is the old 22, 23 the old 31, ...
FROM = [1, 0, 2, 4, 3, 5]
SIGN = np.array([1, 1, 1, 1, -1, -1])

MATRIX = J2Plasticity(3.8, 0.387, 0.010, H=0.1, Q=0.03, b=100)
FIBRE = random_orthotropic(np.random.default_rng(6), 30)

PATHS = {
    "uniaxial stress": monotonic("11", 0.02, 3, "stress"),
    "axial shear": monotonic("31", 0.02, 3, "strain"),
    "all components": LoadPath(
        np.array([True, False, True, True, False, True]),
        np.outer([0.5, 1, 0.8], [0.01, -0.005, 0.004, 0.012, 0.006, -0.008]),
    ),
}


@pytest.fixture(scope="module")
def turned_mesh(mesh: Mesh) -> Mesh:
    """(x, y) -> (1 - y, x), back in the unit square."""
    x, y = mesh.nodes.T
    return dataclasses.replace(mesh, nodes=np.column_stack([1 - y, x]))


@pytest.fixture(scope="module")
def turned_cell(turned_mesh: Mesh) -> Cell:
    return discretise(turned_mesh)


@pytest.fixture(scope="module")
def turned_components(turned_cell: Cell) -> Components:
    return assemble_components(turned_cell)


def turned(stiffness: Array) -> Array:
    return stiffness[np.ix_(FROM, FROM)] * np.outer(SIGN, SIGN)


@pytest.mark.parametrize("seed", range(3))
def test_turned_cell_has_the_turned_stiffness(
    components: Components, turned_components: Components, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    matrix, fibre = random_orthotropic(rng), random_orthotropic(rng, 10.0 ** (2 * seed - 2))
    stiffness = homogenise(components, matrix, fibre)
    result = homogenise(turned_components, turned(matrix), turned(fibre))
    assert relative_difference(result, turned(stiffness)) < 1e-11
    assert relative_difference(result, stiffness) > 1e-3


@pytest.mark.parametrize("load", PATHS)
def test_turned_cell_has_the_turned_curve(
    cell: Cell, turned_cell: Cell, components: Components, load: str
) -> None:
    """To the 1e-8 that equilibrium is solved to."""
    path = PATHS[load]
    turned_path = LoadPath(path.strain_controlled[0, FROM], SIGN * path.targets[:, FROM])
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), path)
    other = simulate(turned_cell, (MATRIX, Elastic(turned(FIBRE))), turned_path)
    assert relative_difference(other.strain, SIGN * curve.strain[:, FROM]) < 1e-7
    assert relative_difference(other.stress, SIGN * curve.stress[:, FROM]) < 1e-7
    stiffness = homogenise(components, isotropic_stiffness(3.8, 0.387), FIBRE)
    assert relative_difference(curve.stress[-1], stiffness @ curve.strain[-1]) > 0.05
