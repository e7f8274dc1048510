"""The homogenised stiffness converges as curved quadratic triangles should.

With the fourth power of the element size, and from above, where the strain is the displacement's at
every point; with the second power where the dilatation is averaged over each element, which leaves
axial shear as it was. Both to the same limit.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from meshes import curved_areas, displacement_cell, isotropic_stiffness, refined
from numpy.typing import NDArray

from rve.cell import Cell, discretise
from rve.homogenisation import assemble_components, homogenise
from rve.mesh import FIBRE, Mesh, generate, read
from rve.packing import Packing

Array = NDArray[np.float64]

CENTRE, RADIUS = np.array([0.5, 0.5]), float(np.sqrt(0.60 / np.pi))
LEVELS = 4
# An energy converges with the square of its field's strain error, h^2 for quadratic elements.
ORDER, LOWEST, HIGHEST = 4, 3.3, 5.0


def stiffness(cell: Cell) -> Array:
    components = assemble_components(cell)
    return homogenise(components, isotropic_stiffness(3.8, 0.387), isotropic_stiffness(72.0, 0.22))


def meshed(element_size: float, path: Path) -> Mesh:
    generate(Packing(CENTRE[None], RADIUS), element_size, path)
    return read(path)


@pytest.fixture(scope="module")
def coarse(tmp_path_factory: pytest.TempPathFactory) -> Mesh:
    return meshed(0.3, tmp_path_factory.mktemp("mesh") / "coarse.msh")


@pytest.fixture(scope="module")
def onto_the_circle(coarse: Mesh) -> list[Mesh]:
    """Meshes of sizes h, h/2, h/4, h/8 whose interface nodes lie on the fibre's circle."""
    meshes = [coarse]
    for _ in range(LEVELS - 1):
        meshes.append(refined(meshes[-1], (CENTRE, RADIUS)))
    return meshes


@pytest.fixture(scope="module")
def converging(onto_the_circle: list[Mesh]) -> Array:
    """Their stiffnesses (4, 6, 6) with the strains of the displacement."""
    return np.array([stiffness(displacement_cell(mesh)) for mesh in onto_the_circle])


@pytest.fixture(scope="module")
def averaged(onto_the_circle: list[Mesh]) -> Array:
    """Their stiffnesses (4, 6, 6) with averaged dilatation."""
    return np.array([stiffness(discretise(mesh)) for mesh in onto_the_circle])


def orders(values: Array) -> Array:
    """Orders of convergence of values (n, ...) on meshes halved n - 1 times, (n - 2, ...)."""
    changes = np.abs(np.diff(values, axis=0))
    return np.log2(changes[:-1] / changes[1:])


def test_fibre_area_converges_with_the_fourth_power(onto_the_circle: list[Mesh]) -> None:
    """Parabolas through three points of a circle: the area between is of the order of h^4."""
    errors = np.array(
        [0.60 - curved_areas(mesh)[mesh.phase == FIBRE].sum() for mesh in onto_the_circle]
    )
    assert (errors > 0).all()
    assert np.log2(errors[:-1] / errors[1:]) == pytest.approx(ORDER, abs=0.3)


def test_stiffness_converges_with_the_fourth_power(converging: Array) -> None:
    """The coarsest mesh, of fifty elements, is not in the asymptotic range yet."""
    measured = orders(converging[1:, [0, 1, 2, 3, 4, 5, 0], [0, 1, 2, 3, 4, 5, 1]])
    assert measured.min() > LOWEST
    assert measured.max() < HIGHEST


def test_averaged_dilatation_converges_with_the_second_power(averaged: Array) -> None:
    measured = orders(averaged[1:, [0, 1, 2, 5, 0], [0, 1, 2, 5, 1]])
    assert measured.min() > 1.7
    assert measured.max() < 2.3


def test_averaged_dilatation_leaves_axial_shear(converging: Array, averaged: Array) -> None:
    axial = np.s_[:, 3:5, 3:5]
    assert averaged[axial] == pytest.approx(converging[axial], rel=1e-12, abs=1e-12)


def test_averaged_dilatation_has_the_same_limit(converging: Array, averaged: Array) -> None:
    """By Richardson's extrapolation of both."""
    limit = extrapolated(converging, ORDER)
    assert distance(extrapolated(averaged, 2), limit) < 3e-5
    assert distance(averaged[-1], limit) > 2e-4


def test_stiffness_falls_with_nested_refinement(coarse: Mesh) -> None:
    """Of the same geometry: more displacements to choose from can only lower every energy."""
    meshes = [coarse, refined(coarse), refined(refined(coarse))]
    results = [stiffness(displacement_cell(mesh)) for mesh in meshes]
    for before, after in pairwise(results):
        drop = np.linalg.eigvalsh(before - after)
        assert drop[0] > -1e-10 * np.linalg.norm(after)
        assert drop[-1] > 1e-5 * np.linalg.norm(after)


def test_generated_meshes_converge_to_the_same_limit(converging: Array, tmp_path: Path) -> None:
    """Meshes of gmsh, not nested, as the study uses them.

    Coarse ones have smaller elements between the fibres than they were asked for, so that the
    error falls a little slower than with the second power of the mean element size.
    """
    limit = extrapolated(converging, ORDER)
    errors, counts = [], []
    for size in (0.2, 0.1, 0.05):
        mesh = meshed(size, tmp_path / f"{size}.msh")
        errors.append(distance(stiffness(discretise(mesh)), limit))
        counts.append(len(mesh.phase))
    assert (np.array(errors) < [1e-2, 3e-3, 1e-3]).all()
    assert 2 * np.log(errors[0] / errors[-1]) / np.log(counts[-1] / counts[0]) > 1.7


def extrapolated(stiffnesses: Array, order: int) -> Array:
    """Richardson's extrapolation (6, 6) of the last two of (n, 6, 6), meshes being halved."""
    before, last = stiffnesses[-2:]
    return last + (last - before) / (2**order - 1)


def distance(stiffness: Array, limit: Array) -> float:
    return float(np.linalg.norm(stiffness - limit) / np.linalg.norm(limit))
