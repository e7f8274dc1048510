"""Direct numerical simulation: nonlinear response of the cell along a macroscopic load path.

Unknowns are the periodic displacement and those macroscopic strains that the load does not
prescribe. The six macroscopic columns are condensed in every Newton iteration, which gives the
macroscopic consistent tangent as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from rve.cell import Cell, accumulate, entry_places
from rve.curve import Curve
from rve.errors import ConvergenceError
from rve.linear_solver import factorise
from rve.loading import LoadPath, follow
from rve.material import Material

Array = NDArray[np.float64]

_TOLERANCE = 1e-8
_MAX_ITERATIONS = 15


@dataclass(frozen=True)
class _Increment:
    """A converged increment: macroscopic quantities, displacement (n,) and internal states."""

    strain: Array
    stress: Array
    displacement: Array
    states: tuple[Array, ...]
    strain_change: Array
    displacement_change: Array
    step: float


@dataclass(frozen=True)
class _Equilibrium:
    """The linearised problem: residual r, K, K_eps (n, 6), mean stress and mean tangent."""

    residual: Array
    force_scale: float
    stiffness: csc_matrix
    coupling: Array
    stress: Array
    tangent: Array
    states: tuple[Array, ...]


class _Problem:
    """The discrete problem with everything that does not change along the load path."""

    def __init__(self, cell: Cell, materials: Sequence[Material]) -> None:
        self.cell = cell
        self.materials = materials
        self.elements = [np.flatnonzero(cell.phase == phase) for phase in range(len(materials))]
        self.unknowns = cell.element_unknowns
        m, q, _, d = cell.strain_displacement.shape
        self.shape = cell.strain_displacement
        self.flat_shape = self.shape.reshape(m, q * 6, d)
        self.shape_size = np.linalg.norm(self.shape, axis=2)
        rows = np.repeat(self.unknowns, d, axis=1).ravel()
        columns = np.tile(self.unknowns, (1, d)).ravel()
        self.kept = (rows < cell.size) & (columns < cell.size)
        pattern = csc_matrix(
            (np.ones(self.kept.sum()), (rows[self.kept], columns[self.kept])),
            shape=(cell.size, cell.size),
        )
        pattern.sort_indices()
        self.pattern = pattern
        self.entry = np.searchsorted(
            entry_places(pattern), columns[self.kept] * cell.size + rows[self.kept]
        )

    def virgin(self) -> _Increment:
        zero, unloaded = np.zeros(6), np.zeros(self.cell.size)
        points = self.shape.shape[1]
        states = tuple(
            np.zeros((len(elements) * points, material.state_size))
            for elements, material in zip(self.elements, self.materials, strict=True)
        )
        return _Increment(zero, zero, unloaded, states, zero, unloaded, 1.0)

    def linearise(
        self, strain: Array, displacement: Array, states: tuple[Array, ...]
    ) -> _Equilibrium:
        """Stress, tangent and residual at a macroscopic strain (6,) and a displacement (n,)."""
        m, q, _, d = self.shape.shape
        nodal = np.append(displacement, np.zeros(3))[self.unknowns]
        local = (self.flat_shape @ nodal[:, :, None]).reshape(m, q, 6) + strain
        stress, tangent = np.empty((m, q, 6)), np.empty((m, q, 6, 6))
        new_states = []
        for elements, material, state in zip(self.elements, self.materials, states, strict=True):
            response = material.respond(local[elements].reshape(-1, 6), state)
            stress[elements] = response.stress.reshape(-1, q, 6)
            tangent[elements] = response.tangent.reshape(-1, q, 6, 6)
            new_states.append(response.state)

        stress *= self.cell.weights[..., None]
        tangent *= self.cell.weights[..., None, None]
        transposed = self.flat_shape.transpose(0, 2, 1)
        forces = (transposed @ stress.reshape(m, q * 6, 1))[..., 0]
        # Sizes, not forces: a pure axial stress is in equilibrium without any nodal force.
        sizes = np.einsum("mq,mqd->md", np.linalg.norm(stress, axis=-1), self.shape_size)
        stiffness = transposed @ (tangent @ self.shape).reshape(m, q * 6, d)
        coupling = transposed @ tangent.reshape(m, q * 6, 6)
        data = np.bincount(self.entry, stiffness.ravel()[self.kept], minlength=self.pattern.nnz)
        pattern = self.pattern
        return _Equilibrium(
            residual=self._scatter(forces),
            force_scale=float(np.linalg.norm(self._scatter(sizes))),
            stiffness=csc_matrix((data, pattern.indices, pattern.indptr), shape=pattern.shape),
            coupling=np.stack([self._scatter(coupling[..., k]) for k in range(6)], axis=1),
            stress=stress.sum(axis=(0, 1)),
            tangent=tangent.sum(axis=(0, 1)),
            states=tuple(new_states),
        )

    def _scatter(self, values: Array) -> Array:
        """Sum element values (m, 18) into the unknowns (n,)."""
        return accumulate(self.unknowns, values, self.cell.size)


def simulate(
    cell: Cell,
    materials: Sequence[Material],
    path: LoadPath,
    progress: Callable[[int], None] = lambda _: None,
) -> Curve:
    """Homogenised response of the cell along a load path.

    Args:
        cell: the discretised cell.
        materials: laws of matrix and fibre.
        path: the macroscopic load.
        progress: called with the number of increments done.

    Raises:
        ConvergenceError: Newton's method failed even with bisected increments.
    """
    problem = _Problem(cell, materials)
    start = problem.virgin()

    spent = 0

    def count() -> None:
        nonlocal spent
        spent += 1

    def solve(target: Array, last: _Increment, step: float) -> _Increment:
        return _newton(problem, path, target, last, step, count)

    rows = [(start.strain, start.stress, 0)]
    for number, increment in enumerate(follow(path, start, solve), start=1):
        rows.append((increment.strain, increment.stress, spent))
        spent = 0
        progress(number)
    strain, stress, iterations = map(np.array, zip(*rows, strict=True))
    return Curve(strain, stress, iterations)


def _newton(
    problem: _Problem,
    path: LoadPath,
    target: Array,
    last: _Increment,
    step: float,
    count: Callable[[], None],
) -> _Increment:
    """Equilibrium at a target, from an extrapolation of the last step; counts its iterations."""
    ratio = step / last.step
    strain = last.strain + ratio * last.strain_change
    displacement = last.displacement + ratio * last.displacement_change
    fixed = path.strain_controlled
    defect = np.inf
    for iteration in range(_MAX_ITERATIONS + 1):
        now = problem.linearise(strain, displacement, last.states)
        off_target = now.tangent @ np.where(fixed, strain - target, 0)
        mismatch = np.where(fixed, off_target, now.stress - target)
        defect = max(
            _relative(now.residual, now.force_scale),
            _relative(mismatch, np.linalg.norm(now.stress) + np.linalg.norm(mismatch)),
        )
        if defect <= _TOLERANCE:
            return _Increment(
                strain,
                now.stress,
                displacement,
                now.states,
                strain - last.strain,
                displacement - last.displacement,
                step,
            )
        if iteration == _MAX_ITERATIONS or not np.isfinite(defect):
            break
        count()
        solution = factorise(now.stiffness).solve(np.column_stack([now.residual, now.coupling]))
        stress = now.stress - now.coupling.T @ solution[:, 0]
        tangent = now.tangent - now.coupling.T @ solution[:, 1:]
        strain_step = path.strain_step(target, tangent, stress, strain)
        strain = strain + strain_step
        displacement = displacement - solution[:, 0] - solution[:, 1:] @ strain_step
    raise ConvergenceError(f"no equilibrium; relative residual {defect:.1e} against {_TOLERANCE:g}")


def _relative(residual: Array, scale: float | np.floating) -> float:
    """Norm of a residual over its scale; zero for an unloaded cell, where both vanish."""
    return float(np.linalg.norm(residual) / scale) if scale else 0.0
