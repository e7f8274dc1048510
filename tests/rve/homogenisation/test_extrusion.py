"""Generalised plane strain is exact: the extruded cell, solved in full 3D, gives the same.

The 3D problem shares nothing with the package but the 2D mesh: wedges whose shape functions are
those of the quadratic triangle times linear ones along the fibres, full 3D strain, periodic in all
three directions, with two layers of elements so that the fields could vary along the fibres.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from meshes import periodic_numbers, quadratic_shapes, random_orthotropic, relative_difference
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import spsolve

from rve.homogenisation.cell import discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

HEIGHTS = (0.3, 0.7)
# The in-plane points of the 2D cell: between curved elements even the quadrature matters at 1e-8.
TRIANGLE_POINTS = np.array([[1 / 6, 1 / 6], [2 / 3, 1 / 6], [1 / 6, 2 / 3]])
LINE_POINTS = np.array([-1, 1]) / np.sqrt(3)


@dataclass(frozen=True)
class Extrusion:
    """Two layers of 12-node wedges over a 2D mesh of n nodes.

    Attributes:
        wedges: nodes (2 m, 12), lower before upper triangle; planar node k of level l is l n + k.
        number: of each of the 2 n nodes, the same for periodic images.
        strain_displacement: B (2 m, 6, 6, 36) at the six Gauss points; dof 3 a + i: node a's u_i.
        weights: volumes (2 m, 6) of the Gauss points.
        phase: of the wedges (2 m,).
    """

    wedges: NDArray[np.int64]
    number: NDArray[np.int64]
    strain_displacement: Array
    weights: Array
    phase: NDArray[np.int64]


@pytest.fixture(scope="module")
def extrusion(one_fibre_mesh: Mesh) -> Extrusion:
    mesh, n = one_fibre_mesh, len(one_fibre_mesh.nodes)
    # The third level is the periodic image of the first.
    wedges = [
        np.hstack([mesh.triangles + a * n, mesh.triangles + b * n]) for a, b in ((0, 1), (1, 0))
    ]
    gradients, weights = zip(*(wedge_gradients(mesh, height) for height in HEIGHTS), strict=True)
    planar = periodic_numbers(mesh.nodes)
    return Extrusion(
        np.concatenate(wedges),
        np.concatenate([planar, planar + planar.max() + 1]),
        strain_matrices(np.concatenate(gradients)),
        np.concatenate(weights),
        np.tile(mesh.phase, 2),
    )


def wedge_gradients(mesh: Mesh, height: float) -> tuple[Array, Array]:
    """Gradients (m, 6, 12, 3) of the shape functions at six points, and the weights (m, 6)."""
    values, planar = quadratic_shapes(*TRIANGLE_POINTS.T)
    jacobian = np.einsum("mki,qkj->mqij", mesh.nodes[mesh.triangles], planar)
    in_plane = np.einsum("qkj,mqji->mqki", planar, np.linalg.inv(jacobian))
    gradients, weights = [], []
    for zeta in LINE_POINTS:
        lower, upper = (1 - zeta) / 2, (1 + zeta) / 2
        along = np.broadcast_to(values, in_plane.shape[:-1])[..., None] / height
        gradients.append(
            np.concatenate(
                [
                    np.concatenate([lower * in_plane, -along], axis=-1),
                    np.concatenate([upper * in_plane, along], axis=-1),
                ],
                axis=2,
            )
        )
        weights.append(np.linalg.det(jacobian) / 6 * height / 2)
    return np.concatenate(gradients, axis=1), np.concatenate(weights, axis=1)


def strain_matrices(gradients: Array) -> Array:
    """B (m, q, 6, 36) with the Mandel strain of the symmetric gradient of a 3D displacement."""
    m, q, nodes, _ = gradients.shape
    B = np.zeros((m, q, 6, nodes, 3))
    for i in range(3):
        B[:, :, i, :, i] = gradients[..., i]
    for row, (i, j) in ((3, (1, 2)), (4, (2, 0)), (5, (0, 1))):
        B[:, :, row, :, i] = gradients[..., j] / np.sqrt(2)
        B[:, :, row, :, j] = gradients[..., i] / np.sqrt(2)
    return B.reshape(m, q, 6, 3 * nodes)


def solve_in_3d(extrusion: Extrusion, phases: Array) -> tuple[Array, Array]:
    """Mean stress (6, 6) and displacement (2 n, 3, 6) of the nodes for six unit mean strains."""
    B, w, C = extrusion.strain_displacement, extrusion.weights, phases[extrusion.phase]
    K = np.einsum("mq,mqia,mij,mqjb->mab", w, B, C, B, optimize=True)
    f = np.einsum("mq,mqia,mij->maj", w, B, C, optimize=True)
    number = extrusion.number[extrusion.wedges]
    dofs = (3 * number[:, :, None] + np.arange(3)).reshape(len(number), 36)
    rows, columns = np.broadcast_arrays(dofs[:, :, None], dofs[:, None, :])
    size = dofs.max() + 1
    matrix = csc_matrix((K.ravel(), (rows.ravel(), columns.ravel())), shape=(size, size))
    load = np.zeros((size, 6))
    np.add.at(load, dofs, f)
    displacement = np.zeros((size, 6))
    displacement[3:] = spsolve(matrix[3:, 3:], -load[3:])
    strain = np.eye(6) + np.einsum("mqia,mak->mqik", B, displacement[dofs], optimize=True)
    stress = np.einsum("mq,mij,mqjk->ik", w, C, strain, optimize=True)
    return stress, displacement.reshape(-1, 3, 6)[extrusion.number]


@pytest.fixture(scope="module")
def flat(one_fibre_mesh: Mesh) -> Components:
    return assemble_components(discretise(one_fibre_mesh))


@pytest.fixture(
    scope="module", params=[1.0, 1e3, 1e-3], ids=lambda contrast: f"contrast {contrast:g}"
)
def phases(request: pytest.FixtureRequest) -> Array:
    rng = np.random.default_rng(11)
    return np.array([random_orthotropic(rng), random_orthotropic(rng, request.param)])


def test_extruded_elements_fill_the_cube_and_strain_linearly(
    extrusion: Extrusion, one_fibre_mesh: Mesh
) -> None:
    """The 3D element itself: the volume, and the patch test for u = G x."""
    assert extrusion.weights.sum() == pytest.approx(1, abs=1e-12)
    G = np.random.default_rng(3).normal(size=(3, 3))
    triangles = np.tile(one_fibre_mesh.nodes[one_fibre_mesh.triangles], (2, 2, 1))
    levels = np.repeat([[0.0, HEIGHTS[0]], [HEIGHTS[0], 1.0]], 6, axis=1)
    levels = np.repeat(levels, len(one_fibre_mesh.triangles), axis=0)
    displacement = np.concatenate([triangles, levels[..., None]], axis=-1) @ G.T
    strain = extrusion.strain_displacement @ displacement.reshape(len(triangles), 1, 36, 1)
    E = (G + G.T) / 2
    expected = [*np.diag(E), *(np.sqrt(2) * np.array([E[1, 2], E[2, 0], E[0, 1]]))]
    assert np.abs(strain[..., 0] - expected).max() < 1e-11


def test_extrusion_equals_generalised_plane_strain(
    extrusion: Extrusion, flat: Components, phases: Array
) -> None:
    stiffness, _ = solve_in_3d(extrusion, phases)
    assert relative_difference(homogenise(flat, *phases), stiffness) < 1e-8


def test_displacement_does_not_vary_along_the_fibres(extrusion: Extrusion, phases: Array) -> None:
    _, displacement = solve_in_3d(extrusion, phases)
    lower, upper = np.split(displacement, 2)
    assert relative_difference(upper, lower) < 1e-8
    variation_in_plane = np.ptp(lower, axis=0).max(axis=0)
    assert variation_in_plane.min() > 1e-3
