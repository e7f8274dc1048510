"""Elastic stiffness of the cell with two laws, and its engineering constants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import layered_medium, layered_mesh, random_orthotropic, relative_difference
from networks import random_stiffness
from properties import examples

from rve.errors import InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import Components, homogenise
from rve.homogenisation.elastic import elastic_stiffness
from rve.materials.composite import LAWS, materials
from rve.materials.elastic import Elastic
from rve.materials.stiffness import engineering_constants, isotropic

WIDTHS, PHASES = (0.25, 0.3, 0.1, 0.35), (0, 1, 0, 1)
FRACTIONS = np.array([0.35, 0.65])


@pytest.fixture(scope="module", params=[0, 1], ids=["normal 1", "normal 2"])
def layers(request: pytest.FixtureRequest) -> tuple[int, Cell]:
    """The normal of four layers, and their cell."""
    return request.param, discretise(layered_mesh(request.param, WIDTHS, PHASES))


@examples(25)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_layers_of_any_symmetry_are_a_layered_medium(
    layers: tuple[int, Cell], seed: int, contrast: float
) -> None:
    """Backus' average, with phases that couple all components."""
    axis, cell = layers
    rng = np.random.default_rng(seed)
    phases = np.array([random_stiffness(rng), random_stiffness(rng, contrast)])
    result = elastic_stiffness(cell, [Elastic(phase) for phase in phases])
    assert relative_difference(result, layered_medium(axis, FRACTIONS, phases)) < 1e-8


def test_layers_have_the_constants_of_the_rules_of_mixtures(layers: tuple[int, Cell]) -> None:
    """In their plane moduli average, shear on their faces averages the compliance.

    With equal Poisson's ratios; 13 and 23 are the planes of the layers' normals 1 and 2.
    """
    axis, cell = layers
    E, nu = np.array([3.0, 70.0]), 0.25
    G = E / (2 * (1 + nu))
    found = engineering_constants(
        elastic_stiffness(cell, [LAWS["isotropic"](one, nu) for one in E])
    )
    along, across = ("E2", "E1") if axis == 0 else ("E1", "E2")
    plane, face = ("G23", "G31") if axis == 0 else ("G31", "G23")
    assert found[along] == pytest.approx(FRACTIONS @ E) == found["E3"]
    assert found[across] < 0.2 * found[along]
    assert found[plane] == pytest.approx(FRACTIONS @ G)
    assert found[face] == pytest.approx(1 / (FRACTIONS @ (1 / G))) == found["G12"]
    assert found["nu13" if axis else "nu23"] == pytest.approx(nu)


@examples(10)
@given(st.integers(0, 2**32 - 1))
def test_elements_are_those_of_the_linear_samples(
    cell: Cell, components: Components, seed: int
) -> None:
    """With plain elements, and with averaged dilatation in a phase that is incompressible."""
    rng = np.random.default_rng(seed)
    for matrix in (random_orthotropic(rng), isotropic(1.0, 0.4999)):
        phases = matrix, random_orthotropic(rng, 30)
        expected = homogenise(components, *phases)
        found = elastic_stiffness(cell, [Elastic(phase) for phase in phases])
        assert relative_difference(found, expected) < 1e-10


def test_of_a_plastic_law_the_elastic_part_counts(cell: Cell, components: Components) -> None:
    laws = materials(
        {"youngs_modulus": 3.8, "poisson_ratio": 0.387, "yield_stress": 0.01, "H": 0.1},
        {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22},
    )
    expected = homogenise(components, isotropic(3.8, 0.387), isotropic(72, 0.22))
    assert relative_difference(elastic_stiffness(cell, laws), expected) < 1e-10


def test_what_is_no_cell_is_refused() -> None:
    laws = (LAWS["isotropic"](3.0, 0.25),) * 2
    with pytest.raises(InputError, match=r"cell: expected a Cell, as discretise\(mesh\) gives it"):
        elastic_stiffness("cell", laws)  # type: ignore[arg-type]
