"""Two scales: a plate with a hole, a network as the law at every integration point.

    python docs/examples/plate_with_hole.py results/demo/network.npz

A quarter of a square plate is pulled along x, across its fibres, which run along z, out of the
plane; plane strain, quadratic triangles in scikit-fem, three integration points each. The same
plate of matrix material alone shows what the network costs: any material of
`rve.materials.material` can be given.
"""

import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import spsolve
from skfem import (
    Basis,
    BilinearForm,
    ElementQuad2,
    ElementTriP2,
    ElementVector,
    LinearForm,
    MeshQuad,
    MeshTri,
    condense,
)

from evaluation.online import NetworkLaw
from rve.materials import Elastic, J2Plasticity, Material
from rve.materials.stiffness import isotropic
from training import load, prune

Array = NDArray[np.float64]

RADIUS, EDGE, TOLERANCE = 0.3, 1.0, 1e-8
MATRIX, FIBRE = J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80), Elastic(isotropic(72, 0.22))


def quarter_plate(
    around: int, outwards: int, shape: type[MeshTri | MeshQuad] = MeshTri
) -> MeshTri | MeshQuad:
    """Elements between the hole's quarter circle and the square's two outer edges."""
    mesh = shape.init_tensor(np.linspace(0, 1, around + 1), np.linspace(0, 1, outwards + 1))
    angle, along = np.pi / 2 * mesh.p[0], mesh.p[1] ** 1.5
    circle = RADIUS * np.array([np.cos(angle), np.sin(angle)])
    square = (
        EDGE * np.array([np.cos(angle), np.sin(angle)]) / np.maximum(np.cos(angle), np.sin(angle))
    )
    return shape((1 - along) * circle + along * square, mesh.t)


def six_nodes(mesh: MeshTri) -> tuple[Array, NDArray[np.int64]]:
    """Points (n, 2) and cells (elements, 6) of its quadratic triangles, for other codes.

    The middles of the edges 0-1, 1-2 and 2-0 follow the corners, as in VTK.
    """
    middles = mesh.p[:, mesh.facets].mean(axis=1)
    cells = np.vstack([mesh.t, mesh.t2f + mesh.p.shape[1]])
    turned = np.linalg.det(np.moveaxis(mesh.p[:, mesh.t[1:]] - mesh.p[:, mesh.t[:1]], -1, 0)) < 0
    cells[:, turned] = cells[:, turned][[0, 2, 1, 5, 4, 3]]
    return np.hstack([mesh.p, middles]).T, cells.T


def mandel(gradient: Array) -> Array:
    """Plane strains (6, ...) of displacement gradients (2, 2, ...)."""
    zero = np.zeros_like(gradient[0, 0])
    shear = (gradient[0, 1] + gradient[1, 0]) / np.sqrt(2)
    return np.array([gradient[0, 0], gradient[1, 1], zero, zero, zero, shear])


@BilinearForm
def stiffness(u, v, w):
    """Virtual work of the tangents."""
    return np.einsum("i...,ij...,j...->...", mandel(v.grad), w.tangent, mandel(u.grad))


@LinearForm
def forces(v, w):
    """Virtual work of the stresses."""
    return np.einsum("i...,i...->...", mandel(v.grad), w.stress)


def pull(
    mesh: MeshTri | MeshQuad, law: Material, elongation: float, steps: int
) -> tuple[Array, Array]:
    """Forces at the end of each step, GPa times lengths, and the strains (6, elements, points)."""
    element, order = (ElementTriP2(), 2) if isinstance(mesh, MeshTri) else (ElementQuad2(), 4)
    basis = Basis(mesh, ElementVector(element), intorder=order)
    left, bottom, right = (
        basis.get_dofs(lambda x, axis=axis, place=place: np.isclose(x[axis], place))
        for axis, place in ((0, 0.0), (1, 0.0), (0, EDGE))
    )
    pulled = right.all("u^1")
    fixed = np.unique(np.concatenate([left.all("u^1"), bottom.all("u^2"), pulled]))
    shape = (mesh.t.shape[1], basis.X.shape[1])
    u, state = basis.zeros(), np.zeros((np.prod(shape), law.state_size))

    def respond() -> tuple[Array, Array, Array, Array]:
        strain = mandel(basis.interpolate(u).grad)
        response = law.respond(strain.reshape(6, -1).T.copy(), state)
        stress = response.stress.T.reshape(6, *shape)
        tangent = np.moveaxis(response.tangent, 0, -1).reshape(6, 6, *shape)
        return strain, forces.assemble(basis, stress=stress), tangent, response.state

    reached = []
    for step in range(1, steps + 1):
        goal = elongation * step / steps
        strain, force, tangent, new_state = respond()
        for _ in range(20):
            correction = basis.zeros()
            correction[pulled] = goal - u[pulled]
            matrix = stiffness.assemble(basis, tangent=tangent)
            correction = solve_for(matrix, -force, correction, fixed)
            u += correction
            strain, force, tangent, new_state = respond()
            if np.abs(np.delete(force, fixed)).max() <= TOLERANCE * np.abs(force).max():
                break
        else:
            raise RuntimeError(f"step {step} did not converge")
        state = new_state
        reached.append(force[pulled].sum())
    return np.array(reached), strain


def solve_for(matrix, force: Array, prescribed: Array, fixed: NDArray[np.int64]) -> Array:
    """Displacement (n,) under forces, some of its components prescribed."""
    inner, load, solution, free = condense(matrix, force, x=prescribed, D=fixed)
    solution[free] = spsolve(inner, load)
    return solution


def main(network: Path, around: int = 10, outwards: int = 8, steps: int = 6) -> dict[str, Array]:
    """Pull both plates by 1 % and print forces and wall times."""
    mesh = quarter_plate(around, outwards)
    found = {}
    for name, law in (
        ("matrix alone", MATRIX),
        ("network", NetworkLaw(prune(load(network)), (MATRIX, FIBRE))),
    ):
        start = perf_counter()
        found[name], strain = pull(mesh, law, 0.01 * EDGE, steps)
        print(
            f"{name}: {strain[0].size} integration points, {steps} steps, "
            f"{perf_counter() - start:.2f} s; force {1e3 * found[name][-1]:.2f} MPa x edge; "
            f"largest strain 11 {strain[0].max():.3f}"
        )
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
