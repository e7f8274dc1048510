"""The homogenised stiffness converges as curved quadratic triangles should, and from above."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from meshes import curved_areas, isotropic_stiffness, refined
from numpy.typing import NDArray

from rve.homogenisation.cell import discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.microstructure.mesh import Mesh, generate, read
from rve.microstructure.packing import Packing
from rve.microstructure.phases import FIBRE

Array = NDArray[np.float64]

CENTRE, RADIUS = np.array([0.5, 0.5]), float(np.sqrt(0.60 / np.pi))
LEVELS = 4
# An energy converges with the square of its field's strain error, h^2 for quadratic elements.
ORDER, LOWEST, HIGHEST = 4, 3.3, 5.0


def stiffness(mesh: Mesh) -> Array:
    components = assemble_components(discretise(mesh))
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
    """Their stiffnesses (4, 6, 6)."""
    return np.array([stiffness(mesh) for mesh in onto_the_circle])


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
    entries = ([0, 1, 2, 3, 4, 5, 0], [0, 1, 2, 3, 4, 5, 1])
    measured = orders(converging[1:, *entries])
    assert measured.min() > LOWEST
    assert measured.max() < HIGHEST


def test_stiffness_falls_with_nested_refinement(coarse: Mesh) -> None:
    """Of the same geometry: more displacements to choose from can only lower every energy."""
    meshes = [coarse, refined(coarse), refined(refined(coarse))]
    results = [stiffness(mesh) for mesh in meshes]
    for before, after in pairwise(results):
        drop = np.linalg.eigvalsh(before - after)
        assert drop[0] > -1e-10 * np.linalg.norm(after)
        assert drop[-1] > 1e-5 * np.linalg.norm(after)


def test_generated_meshes_converge_to_the_same_limit(converging: Array, tmp_path: Path) -> None:
    """Meshes of gmsh, not nested, against Richardson's extrapolation of the nested ones.

    Coarse ones have smaller elements between the fibres than they were asked for, so that the
    error falls with about the third power of the mean element size only.
    """
    limit = converging[-1] + (converging[-1] - converging[-2]) / (2**ORDER - 1)
    errors, counts = [], []
    for size in (0.2, 0.1, 0.05):
        mesh = meshed(size, tmp_path / f"{size}.msh")
        errors.append(np.linalg.norm(stiffness(mesh) - limit) / np.linalg.norm(limit))
        counts.append(len(mesh.phase))
    assert (np.array(errors) < [2e-3, 3e-4, 5e-5]).all()
    assert 2 * np.log(errors[0] / errors[-1]) / np.log(counts[-1] / counts[0]) > 2.7
