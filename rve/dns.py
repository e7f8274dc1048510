"""Direct numerical simulation: nonlinear response of the cell along a macroscopic load path.

Unknowns are the periodic displacement and those macroscopic strains that the load does not
prescribe. The six macroscopic columns are condensed in every Newton iteration, which gives the
macroscopic consistent tangent as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rve.cell import Cell, accumulate
from rve.curve import Curve
from rve.errors import ConvergenceError
from rve.linear_solver import SparseCholesky
from rve.loading import LoadPath, follow
from rve.material import Material

Array = NDArray[np.float64]

_TOLERANCE = 1e-8
_MAX_ITERATIONS = 15


@dataclass(frozen=True)
class Increment:
    """A converged increment, with the fields of the cell at its m elements' q integration points.

    Attributes:
        strain: macroscopic strain (6,), Mandel.
        stress: macroscopic stress (6,), GPa, Mandel.
        local_strain: strain (m, q, 6), Mandel.
        local_stress: stress (m, q, 6), GPa, Mandel.
        displacement: periodic displacement (n,), cell edges.
        states: internal variables (points, s) of each phase.
        step: the part of an increment that was made at once; below one after bisections.
        residual: relative force out of balance.
        iterations: Newton iterations spent since the last increment.
        target: of the load (6,), as in `LoadPath.targets`.
        target_change: of the step, (6,).
        strain_change: of the step, (6,).
        displacement_change: of the step, (n,).
    """

    strain: Array
    stress: Array
    local_strain: Array
    local_stress: Array
    displacement: Array
    states: tuple[Array, ...]
    step: float
    residual: float
    iterations: int
    target: Array
    target_change: Array
    strain_change: Array
    displacement_change: Array


@dataclass(frozen=True)
class _Equilibrium:
    """The linearised problem: residual r, K, K_eps (n, 6), mean stress and mean tangent."""

    residual: Array
    force_scale: float
    stiffness: Array
    coupling: Array
    stress: Array
    tangent: Array
    local_strain: Array
    local_stress: Array
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
        self.places = cell.pattern.places(*cell.element_entries).ravel()
        self.solver = SparseCholesky(cell.pattern)

    def virgin(self) -> Increment:
        m, q = self.shape.shape[:2]
        states = tuple(
            np.zeros((len(elements) * q, material.state_size))
            for elements, material in zip(self.elements, self.materials, strict=True)
        )
        zero, unloaded, field = np.zeros(6), np.zeros(self.cell.size), np.zeros((m, q, 6))
        return Increment(
            strain=zero,
            stress=zero,
            local_strain=field,
            local_stress=field,
            displacement=unloaded,
            states=states,
            step=1.0,
            residual=0.0,
            iterations=0,
            target=zero,
            target_change=zero,
            strain_change=zero,
            displacement_change=unloaded,
        )

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

        weighted = stress * self.cell.weights[..., None]
        tangent *= self.cell.weights[..., None, None]
        transposed = self.flat_shape.transpose(0, 2, 1)
        forces = (transposed @ weighted.reshape(m, q * 6, 1))[..., 0]
        # Sizes, not forces: a pure axial stress is in equilibrium without any nodal force.
        sizes = np.einsum("mq,mqd->md", np.linalg.norm(weighted, axis=-1), self.shape_size)
        stiffness = transposed @ (tangent @ self.shape).reshape(m, q * 6, d)
        coupling = transposed @ tangent.reshape(m, q * 6, 6)
        return _Equilibrium(
            residual=self._scatter(forces),
            force_scale=float(np.linalg.norm(self._scatter(sizes))),
            stiffness=accumulate(self.places, stiffness, len(self.cell.pattern)),
            coupling=np.stack([self._scatter(coupling[..., k]) for k in range(6)], axis=1),
            stress=weighted.sum(axis=(0, 1)),
            tangent=tangent.sum(axis=(0, 1)),
            local_strain=local,
            local_stress=stress,
            states=tuple(new_states),
        )

    def _scatter(self, values: Array) -> Array:
        """Sum element values (m, 18) into the unknowns (n,)."""
        return accumulate(self.unknowns, values, self.cell.size)


def increments(cell: Cell, materials: Sequence[Material], path: LoadPath) -> Iterator[Increment]:
    """The converged increments along a load path, one after the other.

    Args:
        cell: the discretised cell.
        materials: laws of matrix and fibre.
        path: the macroscopic load.

    Raises:
        ConvergenceError: Newton's method failed even with bisected increments.
    """
    problem = _Problem(cell, materials)
    spent = 0

    def count() -> None:
        nonlocal spent
        spent += 1

    def solve(target: Array, last: Increment, step: float) -> Increment:
        return _newton(problem, path, target, last, step, count)

    for increment in follow(path, problem.virgin(), solve):
        yield replace(increment, iterations=spent)
        spent = 0


def simulate(
    cell: Cell,
    materials: Sequence[Material],
    path: LoadPath,
    observe: Callable[[int, Increment], None] = lambda number, increment: None,
) -> Curve:
    """Homogenised response of the cell along a load path.

    Args:
        cell: the discretised cell.
        materials: laws of matrix and fibre.
        path: the macroscopic load.
        observe: called with the number of each converged increment, from one, and the increment.

    Raises:
        ConvergenceError: Newton's method failed even with bisected increments.
    """
    zero = np.zeros(6)
    rows = [(zero, zero, 0)]
    for number, increment in enumerate(increments(cell, materials, path), start=1):
        rows.append((increment.strain, increment.stress, increment.iterations))
        observe(number, increment)
    strain, stress, iterations = map(np.array, zip(*rows, strict=True))
    return Curve(strain, stress, iterations)


def _newton(
    problem: _Problem,
    path: LoadPath,
    target: Array,
    last: Increment,
    step: float,
    count: Callable[[], None],
) -> Increment:
    """Equilibrium at a target, from an extrapolation of the last step; counts its iterations."""
    target_change = target - last.target
    # Where the load turns round, the last converged increment is the better guess.
    ratio = max(0.0, _ratio(target_change, last.target_change))
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
            return Increment(
                strain=strain,
                stress=now.stress,
                local_strain=now.local_strain,
                local_stress=now.local_stress,
                displacement=displacement,
                states=now.states,
                step=step,
                residual=defect,
                iterations=iteration,
                target=target,
                target_change=target_change,
                strain_change=strain - last.strain,
                displacement_change=displacement - last.displacement,
            )
        if iteration == _MAX_ITERATIONS or not np.isfinite(defect):
            break
        count()
        solution = problem.solver.solve(
            now.stiffness, np.column_stack([now.residual, now.coupling])
        )
        stress = now.stress - now.coupling.T @ solution[:, 0]
        tangent = now.tangent - now.coupling.T @ solution[:, 1:]
        strain_step = path.strain_step(target, tangent, stress, strain)
        strain = strain + strain_step
        displacement = displacement - solution[:, 0] - solution[:, 1:] @ strain_step
    raise ConvergenceError(f"no equilibrium; relative residual {defect:.1e} against {_TOLERANCE:g}")


def _ratio(vector: Array, base: Array) -> float:
    """Component of a vector along another, in lengths of the other; zero for a zero base."""
    return float(vector @ base / (base @ base)) if base.any() else 0.0


def _relative(residual: Array, scale: float | np.floating) -> float:
    """Norm of a residual over its scale; zero for an unloaded cell, where both vanish."""
    return float(np.linalg.norm(residual) / scale) if scale else 0.0
