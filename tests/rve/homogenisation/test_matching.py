"""Strains in the cell of linear solutions, and how they gather step by step."""

import numpy as np
import pytest
from meshes import isotropic_stiffness, layered_mesh, random_orthotropic, relative_difference

from rve.dataset.moments import mean_deviator, uniaxial_strains
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.homogenisation.dns import simulate
from rve.homogenisation.matching import Matching
from rve.linear_matching import LARGEST_FACTOR, shear_factor, softened
from rve.loads.load_path import monotonic
from rve.mandel import DEVIATORIC_PROJECTION
from rve.materials.composite import materials
from rve.materials.stiffness import isotropic

FIBRE = random_orthotropic(np.random.default_rng(4), 9)


@pytest.mark.parametrize("phase", [0, 1])
def test_second_moments_are_the_derivatives_of_the_stiffness(cell: Cell, phase: int) -> None:
    """By the shear modulus of a phase: twice the mean square of its deviator."""
    components, name = assemble_components(cell), ("matrix", "fibre")[phase]
    even = isotropic_stiffness(1, 0.45)

    def pair(change: float) -> list[np.ndarray]:
        own = even + 2 * change * DEVIATORIC_PROJECTION
        return [own, FIBRE] if phase == 0 else [FIBRE / 9, own]

    step = 1e-5
    soft, stiff = (homogenise(components, *pair(s), flowing=[name]) for s in (-step, step))
    matching = Matching(cell, [phase])
    (strains,), (weights,) = matching.strains(np.array(pair(0)), np.eye(6), 1), matching.weights
    deviators = strains[0] @ DEVIATORIC_PROJECTION
    second = np.einsum("n,kni,lni->kl", weights, deviators, deviators)
    assert relative_difference(2 * second, (stiff - soft) / (2 * step)) < 1e-6


def test_strain_of_a_laminate_is_even_in_a_layer_and_stays_so() -> None:
    """The mean norm is the norm of the mean, and nothing is softened."""
    cell = discretise(layered_mesh(0, [0.35, 0.65], [0, 1]))
    pair = np.array([isotropic_stiffness(1, 0.3), FIBRE])
    E = uniaxial_strains(homogenise(assemble_components(cell), *pair)[None])[0]
    matching = Matching(cell, [0])
    (strains,), (weights,) = matching.strains(pair, E, 3), matching.weights
    first, second, third = strains
    assert second == pytest.approx(first, abs=1e-9)
    assert third == pytest.approx(first, abs=1e-9)
    mean = np.einsum("n,lni->li", weights, first) / weights.sum()
    found = mean_deviator(np.moveaxis(first, 1, 0), weights)
    assert found == pytest.approx(np.linalg.norm(mean @ DEVIATORIC_PROJECTION, axis=1), rel=1e-10)


def test_limit_load_of_a_perfectly_plastic_matrix(cell: Cell) -> None:
    """Transverse shear: the work of the finite elements is that of the strain that has gathered.

    The stress of a rigid, perfectly plastic matrix with yield stress s does the work
    sqrt(2/3) s |dev e| at every point.
    """
    constants = {"youngs_modulus": 10.0, "poisson_ratio": 0.45}
    rigid = {"law": "isotropic", "youngs_modulus": 1e3, "poisson_ratio": 0.3}
    laws = materials({**constants, "yield_stress": 1e-4, "H": 0, "Q": 0, "b": 1}, rigid)
    stress = simulate(cell, laws, monotonic("12", 4e-4, 4, "strain")).stress[-1]
    soft = isotropic(10.0, 0.45) - 0.999 * 2 * (10 / 2.9) * DEVIATORIC_PROJECTION
    load = np.array([[0, 0, 0, 0, 0, 1.0]])
    matching = Matching(cell, [0])
    (strains,) = matching.strains(np.array([soft, laws[1].stiffness]), load, 40)
    (weights,) = matching.weights
    moments = mean_deviator(np.moveaxis(strains[:, 0], 1, 0), weights)
    work = np.sqrt(2 / 3) * 1e-4 * weights.sum() * moments
    assert (np.diff(work) < 1e-3 * work[0]).all()
    assert work[0] > 1.05 * stress[5]
    assert work[-1] == pytest.approx(stress[5], rel=0.02)


def test_modulus_follows_the_strain_within_limits() -> None:
    C = isotropic(1.0, 0.3)
    norms = np.array([1.0, 2.0, 0.5, 1e-9, 1e9])
    factors = shear_factor(norms, 1.0)
    assert factors.tolist() == [1, 0.5, 2, LARGEST_FACTOR, 1 / LARGEST_FACTOR]
    soft = softened(C[None], factors)
    assert soft[:, 5, 5] == pytest.approx(factors * C[5, 5])
    assert soft[:, :3, :3].sum(axis=(1, 2)) == pytest.approx(C[:3, :3].sum())
