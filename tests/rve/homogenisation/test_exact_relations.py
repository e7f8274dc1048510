"""Exact relations between the constants of any two-phase cell, whatever the arrangement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, random_orthotropic, refined
from numpy.typing import NDArray
from properties import examples

from rve.homogenisation.cell import discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

EXACT = 1e-11  # relative; uniform fields are in the finite-element space, only rounding is left
# Halving quadratic elements divides the defect of an energy by 2^4 in the limit.
LEAST_GAIN = 10

seeds = st.integers(0, 2**32 - 1)
contrasts = st.floats(-3, 3).map(lambda decades: 10.0**decades)


@pytest.fixture(scope="module")
def finer(mesh: Mesh) -> Components:
    """The four fibres' cell with each element cut into four, the same geometry."""
    return assemble_components(discretise(refined(mesh)))


def transversely_isotropic(k: float, l: float, n: float, m: float, p: float) -> Array:  # noqa: E741
    """Stiffness (6, 6) by Hill's moduli (1964), the axis being 3."""
    stiffness = np.diag([0, 0, n, 2 * p, 2 * p, 2 * m])
    stiffness[:2, :2] = [[k + m, k - m], [k - m, k + m]]
    stiffness[:2, 2] = stiffness[2, :2] = l
    return stiffness


def random_moduli(rng: np.random.Generator, contrast: float = 1.0) -> dict[str, float]:
    """Hill's moduli of a positive definite phase, k n > l^2."""
    k, n, m, p = contrast * np.exp(rng.uniform(-1, 1, 4))
    return {"k": k, "l": rng.uniform(-0.9, 0.9) * np.sqrt(k * n), "n": n, "m": m, "p": p}


@examples(25)
@given(seeds, contrasts)
def test_strain_of_equal_transverse_stress_is_uniform(
    components: Components, seed: int, contrast: float
) -> None:
    """Dvorak's uniform field (1990), here for any two orthotropic cylindrical phases.

    Among the normal strains there is one that stresses both phases alike across the fibres. It is
    uniform then, for any arrangement, so that its stress is the mean of the phases' stresses.
    """
    rng = np.random.default_rng(seed)
    matrix, fibre = random_orthotropic(rng), random_orthotropic(rng, contrast)
    strain = np.append(np.linalg.svd((matrix - fibre)[:2, :3])[2][-1], np.zeros(3))
    stiffness = homogenise(components, matrix, fibre)
    mean = np.tensordot(components.fractions, np.stack([matrix, fibre]), 1)
    scale = np.linalg.norm(stiffness)
    assert np.linalg.norm(stiffness @ strain - mean @ strain) < EXACT * scale
    assert np.linalg.norm(stiffness - mean) > 1e-6 * scale


@examples(25)
@given(seeds, contrasts)
def test_axial_constants_follow_from_the_transverse_ones(
    components: Components, seed: int, contrast: float
) -> None:
    """Hill's universal connections (1964), in the form for any arrangement of the fibres.

    Hill's K is (C11 + C12) / 2 for a transversely isotropic composite; else C11 and C22 differ, and
    each gives its own axial coupling.
    """
    rng = np.random.default_rng(seed)
    first, second = random_moduli(rng), random_moduli(rng, contrast)
    C = homogenise(components, transversely_isotropic(**first), transversely_isotropic(**second))
    slope = (first["l"] - second["l"]) / (first["k"] - second["k"]) / 2
    mean_l, mean_n = (components.fractions @ [first[c], second[c]] for c in "ln")
    scale = EXACT * np.linalg.norm(C) * (1 + abs(slope)) ** 2
    for i in range(2):
        coupling = first["l"] + slope * (C[i, 0] + C[i, 1] - 2 * first["k"])
        assert C[i, 2] == pytest.approx(coupling, abs=scale)
    assert C[2, 2] == pytest.approx(mean_n + slope * (C[0, 2] + C[1, 2] - 2 * mean_l), abs=scale)


@examples(15)
@given(seeds, contrasts)
def test_equal_transverse_shear_moduli_leave_the_shear_uniform(
    components: Components, seed: int, contrast: float
) -> None:
    """Hill (1964): C11 - C12 = C22 - C12 = C66 = 2 m, and no coupling of shear and dilatation."""
    rng = np.random.default_rng(seed)
    first, second = random_moduli(rng), random_moduli(rng, contrast) | {"m": 1.0}
    first |= {"m": 1.0}
    C = homogenise(components, transversely_isotropic(**first), transversely_isotropic(**second))
    scale = EXACT * np.linalg.norm(C)
    assert C[0, 0] == pytest.approx(C[1, 1], abs=scale)
    assert C[0, 0] - C[0, 1] == pytest.approx(2, abs=scale)
    assert C[5] == pytest.approx([0, 0, 0, 0, 0, 2], abs=scale)


@pytest.mark.parametrize("fibre_bulk", [0.2, 20.0, 2000.0])
def test_equal_transverse_shear_moduli_give_hills_bulk_modulus(
    components: Components, finer: Components, fibre_bulk: float
) -> None:
    """1 / (K + m) is the mean of 1 / (k + m) (Hill 1964), approached from above."""
    m, k = 1.5, np.array([3.0, fibre_bulk])
    matrix = transversely_isotropic(k[0], 1.2, 5.0, m, 1.7)
    fibre = transversely_isotropic(k[1], 0.3, 230.0, m, 25.0)
    expected = 1 / (components.fractions @ (1 / (k + m))) - m
    defects = []
    for cell in (components, finer):
        C = homogenise(cell, matrix, fibre)
        defects.append((C[0, 0] + C[0, 1]) / 2 / expected - 1)
    assert 0 < defects[1] < defects[0] / LEAST_GAIN
    assert defects[0] < 2e-3


@pytest.mark.parametrize("contrast", [5.0, 1000.0])
def test_interchanged_phases_have_the_inverse_axial_shear_stiffness(
    components: Components, finer: Components, contrast: float
) -> None:
    """A(G1, G2) R A(G2, G1) R^T = G1 G2 I for axial shear, R the quarter turn across the fibres.

    Keller (1964) and Dykhne (1971) for plane conduction in any periodic cell; it relates the
    stiffness of the cell to the softness of its dual, so that both finite-element results are upper
    bounds and their product is approached from above.
    """
    matrix, fibre = isotropic_stiffness(2.6, 0.3), isotropic_stiffness(2.6 * contrast, 0.3)
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    axial = np.ix_([4, 3], [4, 3])  # 31, 32 in Mandel form: twice the moduli

    def excess(cell: Components) -> Array:
        plain, swapped = homogenise(cell, matrix, fibre), homogenise(cell, fibre, matrix)
        product = plain[axial] / 2 @ turn @ swapped[axial] / 2 @ turn.T
        assert abs(plain[3, 4]) > 1e-6 * plain[3, 3]
        return product / contrast - np.eye(2)

    coarse, fine = excess(components), excess(finer)
    assert np.linalg.norm(fine) < np.linalg.norm(coarse) / LEAST_GAIN
    assert np.linalg.norm(coarse) < 5e-3
    assert min(np.linalg.eigvals(fine).real) > 0
