"""One-fibre square cells against published numerical and analytical values.

The literature counts 1 along the fibre, and 2 and 3 across it; here 3 is along the fibre, and 1 and
2 across. So the published E1, E2, G12, G23, nu12, nu23 are E33, E11, G31, G12, nu31, nu12 of this
package.
"""

import numpy as np
import pytest
from meshes import isotropic_stiffness, orthotropic
from numpy.typing import NDArray

from rve.homogenisation.cell import discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.materials.stiffness import engineering_constants
from rve.microstructure.mesh import generate, read
from rve.microstructure.packing import Packing

Array = NDArray[np.float64]

TOLERANCE = 0.015  # of finite elements on the meshes of 1996 and 2003, in two or three digits

BORON_ALUMINIUM = (0.47, isotropic_stiffness(68.3, 0.3), isotropic_stiffness(379.3, 0.1))
# The transverse shear modulus follows from E and nu of the isotropic plane across the fibre.
AS4_EPOXY = (
    0.60,
    isotropic_stiffness(4.8, 0.34),
    orthotropic(
        E11=14, E22=14, E33=235, G12=14 / 2 / 1.25, G13=28, G23=28,
        nu12=0.25, nu13=0.2 * 14 / 235, nu23=0.2 * 14 / 235,
    ),
)  # fmt: skip
COMPOSITES = {"boron/aluminium": BORON_ALUMINIUM, "AS4/3501-6": AS4_EPOXY}

# Lowest and highest published value; moduli in GPa.
PUBLISHED = [
    ("boron/aluminium", "E1", 214, 215),
    ("boron/aluminium", "E2", 143, 144),
    ("boron/aluminium", "G12", 54.2, 54.2),
    ("boron/aluminium", "G23", 45.7, 45.9),
    ("boron/aluminium", "nu12", 0.195, 0.195),
    ("boron/aluminium", "nu23", 0.253, 0.253),
    ("AS4/3501-6", "E1", 142.6, 142.6),
    ("AS4/3501-6", "E2", 9.60, 9.60),
    ("AS4/3501-6", "G12", 6.00, 6.00),
    ("AS4/3501-6", "G23", 3.10, 3.10),
    ("AS4/3501-6", "nu12", 0.25, 0.25),
    ("AS4/3501-6", "nu23", 0.35, 0.35),
]


@pytest.fixture(scope="module")
def square_cells(tmp_path_factory: pytest.TempPathFactory) -> dict[float, Components]:
    """Square arrays by volume fraction; finer meshes change the constants by less than 0.1 %."""
    cells = {}
    for volume_fraction in (0.30, 0.47, 0.60):
        path = tmp_path_factory.mktemp("mesh") / "square.msh"
        radius = np.sqrt(volume_fraction / np.pi)
        generate(Packing(np.array([[0.5, 0.5]]), radius), 0.1, path)
        cells[volume_fraction] = assemble_components(discretise(read(path)))
    return cells


@pytest.fixture(scope="module")
def stiffnesses(square_cells: dict[float, Components]) -> dict[str, Array]:
    return {
        name: homogenise(square_cells[fraction], matrix, fibre)
        for name, (fraction, matrix, fibre) in COMPOSITES.items()
    }


@pytest.mark.parametrize(("composite", "constant", "lowest", "highest"), PUBLISHED)
def test_square_array_has_the_published_constants(
    stiffnesses: dict[str, Array], composite: str, constant: str, lowest: float, highest: float
) -> None:
    """Finite elements of Sun & Vaidya (1996) and Xia et al. (2003), where they agree.

    Sun & Vaidya, Composites Science and Technology 56, 171-179; Xia, Zhang & Ellyin, International
    Journal of Solids and Structures 40, 1907-1921.
    """
    found = engineering_constants(stiffnesses[composite])
    nu31 = found["nu13"] * found["E3"] / found["E1"]
    here = {"E1": "E3", "E2": "E1", "G12": "G31", "G23": "G12", "nu23": "nu12"}
    value = nu31 if constant == "nu12" else found[here[constant]]
    assert lowest * (1 - TOLERANCE) < value < highest * (1 + TOLERANCE)


@pytest.mark.parametrize("composite", COMPOSITES)
def test_square_array_is_the_same_along_both_transverse_axes(
    stiffnesses: dict[str, Array], composite: str
) -> None:
    """Tetragonal; the mesh is not, so that discretisation error is left."""
    stiffness = stiffnesses[composite]
    swapped = [1, 0, 2, 4, 3, 5]
    assert stiffness[np.ix_(swapped, swapped)] == pytest.approx(
        stiffness, rel=1e-4, abs=1e-6 * stiffness.max()
    )


@pytest.mark.parametrize("contrast", [0.01, 6.563, 15.63, 120.0])
@pytest.mark.parametrize("fraction", [0.30, 0.47, 0.60])
def test_axial_shear_modulus_of_a_square_array_is_rayleighs(
    square_cells: dict[float, Components], fraction: float, contrast: float
) -> None:
    """Rayleigh's series, with the terms of Perrins, McKenzie & McPhedran (1979).

    Proceedings of the Royal Society A 369, 207-225, for the conductivity of a square array of
    cylinders; axial shear obeys the same equation. Its next terms are small up to 60 %.
    """
    matrix, fibre = isotropic_stiffness(2.6, 0.3), isotropic_stiffness(2.6 * contrast, 0.3)
    stiffness = homogenise(square_cells[fraction], matrix, fibre)
    T, f = (contrast + 1) / (contrast - 1), fraction
    images = 0.305827 * f**4 * T / (T**2 - 1.402958 * f**8) + 0.013362 * f**8 / T
    expected = 1 + 2 * f / (T - f - images)
    assert stiffness[4, 4] / 2 == pytest.approx(expected, rel=1e-3)
    assert stiffness[3, 3] / 2 == pytest.approx(expected, rel=1e-3)
