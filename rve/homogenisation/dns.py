"""Direct numerical simulation: nonlinear response of the cell along a macroscopic load path.

Unknowns are the periodic displacement and those macroscopic strains that the load does not
prescribe. The six macroscopic columns are condensed in every Newton iteration, which gives the
macroscopic consistent tangent as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from rve import arguments
from rve.arrays import Array
from rve.errors import ConvergenceError
from rve.homogenisation.cell import Cell, locks
from rve.homogenisation.elements import Elements, Linearised, total
from rve.homogenisation.linear_solver import SparseCholesky
from rve.loads.curve import Curve, remark_on_halving
from rve.loads.load_limits import check_load, warn_of_large_strain
from rve.loads.load_path import LoadPath, Target, follow
from rve.materials.composite import Materials, laws_of
from rve.materials.elastic import Elastic
from rve.materials.material import Material

_TOLERANCE = 1e-8
"""Forces and mean stress out of balance, relative to their scales.

The scale is the larger of the sizes at the beginning and at the end of a step, so that a step that
ends without load is judged by the load that it took away. It does not fall below what stresses at
its beginning can be computed to: the rounding of the terms of the strains, times the stiffnesses.
"""
_MAX_ITERATIONS = 15


@dataclass(frozen=True)
class Increment:
    """A converged increment, with the fields at the m elements' q integration points.

    Attributes:
        strain: macroscopic strain (6,), Mandel.
        displacement: periodic displacement (n,), cell edges.
        stress: macroscopic stress (6,), GPa, Mandel.
        local_strain: strain (m, q, 6), Mandel.
        local_stress: stress (m, q, 6), GPa, Mandel.
        states: internal variables (points, s) of each phase but the void.
        forces: out of balance (n,).
        force_scale: size of the contributions to the forces.
        tangents: consistent tangents (points, 6, 6) of each of these phases, GPa.
        step: the part of an increment that was made at once; below one after bisections.
        steps: number of steps in which the increment was made; more than one after bisections.
        iterations: Newton iterations spent since the last increment.
        residuals: relative force out of balance before each of its last Newton iterations and at
            its end.
        target: of the step, as the changes of strain (6,) and displacement (n,) are.
    """

    strain: Array
    displacement: Array
    stress: Array
    local_strain: Array
    local_stress: Array
    states: tuple[Array, ...]
    forces: Array
    force_scale: float = 0.0
    tangents: tuple[Array, ...] = ()
    target: Target | None = None
    strain_change: Array | float = 0.0
    displacement_change: Array | float = 0.0
    step: float = 1.0
    steps: int = 0
    iterations: int = 0
    residuals: tuple[float, ...] = ()


class _Phase(Elements):
    """The elements of one phase, and its law."""

    def __init__(self, cell: Cell, number: int, material: Material) -> None:
        elastic = isinstance(material, Elastic)
        super().__init__(cell, number, averaged=not elastic or locks(material.stiffness))
        self.material = material
        self.symmetric = getattr(material, "symmetric", True)
        self.largest_stiffness = float(np.linalg.norm(material.stiffness, 2))
        self._constant = super().linearised(material.stiffness) if elastic else None

    def linearised(self, tangent: Array) -> Linearised:
        if self._constant:
            return self._constant
        if not self.symmetric:  # the solver takes no other; the equilibrium is the same
            tangent = (tangent + tangent.swapaxes(-1, -2)) / 2
        return super().linearised(tangent)


class _Problem:
    """The discrete problem, and the steps and iterations spent on the increment at hand."""

    def __init__(self, cell: Cell, materials: Sequence[Material]) -> None:
        self.cell = cell
        self.phases = [_Phase(cell, number, material) for number, material in enumerate(materials)]
        self.solver = SparseCholesky(cell.pattern)
        self.steps = self.iterations = 0
        elastic = np.stack([material.stiffness for material in materials])
        self.mean_stiffness = np.tensordot(cell.fractions[: len(elastic)], elastic, 1)

    def virgin(self) -> Increment:
        zero, field = np.zeros(6), np.zeros((*self.cell.weights.shape, 6))
        unloaded = np.zeros(self.cell.size)
        states = [np.zeros((one.weights.size, one.material.state_size)) for one in self.phases]
        return Increment(zero, unloaded, zero, field, field, tuple(states), forces=unloaded)

    def answer(
        self, strain: Array, displacement: Array, states: tuple[Array, ...], duration: float
    ) -> Increment:
        """Answer to a macroscopic strain (6,) and a displacement (n,) reached in this time."""
        local_strain = np.empty((*self.cell.weights.shape, 6))
        local_stress = np.empty_like(local_strain)
        forces, sizes = np.zeros(self.cell.size), np.zeros(self.cell.size)
        new_states, tangents = [], []
        for phase, state in zip(self.phases, states, strict=True):
            strains = phase.strain(displacement) + strain
            response = phase.material.respond(strains.reshape(-1, 6), state, duration)
            stresses = response.stress.reshape(strains.shape)
            phase_forces, phase_sizes = phase.forces(stresses)
            forces += phase_forces
            sizes += phase_sizes
            local_strain[phase.elements], local_stress[phase.elements] = strains, stresses
            new_states.append(response.state)
            tangents.append(response.tangent)
        return Increment(
            strain,
            displacement,
            np.einsum("mq,mqi->i", self.cell.weights, local_stress),
            local_strain,
            local_stress,
            tuple(new_states),
            forces,
            # Sizes, not forces: a pure axial stress is in equilibrium without any nodal force.
            force_scale=float(np.linalg.norm(sizes)),
            tangents=tuple(tangents),
        )

    def scales(self, start: Increment) -> tuple[float, float]:
        """Sizes of the forces and of the mean stress at the beginning of a step; `_TOLERANCE`."""
        terms, mean_term = np.zeros(self.cell.size), 0.0
        for phase in self.phases:
            strains = np.linalg.norm(start.strain) + phase.strain_sizes(start.displacement)
            terms += phase.sizes(phase.largest_stiffness * strains)
            mean_term += phase.largest_stiffness * float((phase.weights * strains).sum())
        rounding = np.finfo(float).eps / _TOLERANCE
        return (
            max(start.force_scale, rounding * float(np.linalg.norm(terms))),
            max(float(np.linalg.norm(start.stress)), rounding * mean_term),
        )


def increments(cell: Cell, materials: Sequence[Material], path: LoadPath) -> Iterator[Increment]:
    """The converged increments along a load path, one after the other; see `simulate`."""
    problem = _Problem(cell, materials)
    solve = partial(_newton, problem)
    for increment in follow(path, problem.virgin(), lambda last: (last.strain, last.stress), solve):
        yield replace(increment, iterations=problem.iterations, steps=problem.steps)
        problem.iterations = problem.steps = 0


def simulate(
    cell: Cell,
    materials: Materials,
    path: LoadPath,
    observe: Callable[[int, Increment], None] = lambda number, increment: None,
) -> Curve:
    """Homogenised response of the cell along a load path.

    Args:
        cell: the discretised cell.
        materials: laws of the phases but the void, or constants that declare them: by the names of
            `cell.phases` or in their order.
        path: the macroscopic load.
        observe: called with the number of each converged increment, from one, and the increment.

    Warns:
        UserWarning: the macroscopic strains are not small.

    Raises:
        InputError: an argument is not as said, or a stress of the path cannot be one of these
            materials.
        ConvergenceError: Newton's method failed even with bisected increments.

    Example:
        A cell of one material answers as its law:

        >>> import numpy as np
        >>> from rve.homogenisation import discretise, simulate
        >>> from rve.loads import monotonic
        >>> from rve.materials import J2Plasticity
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> cell = discretise(Mesh(nodes, triangles, np.array([0, 1])))
        >>> alloy = J2Plasticity(70.0, 0.33, yield_stress=0.25)
        >>> path = monotonic("11", 0.02, 4, control="stress")
        >>> simulate(cell, (alloy, alloy), path).stress[:, 0].round(6).tolist()
        [0.0, 0.25, 0.25, 0.25, 0.25]
    """
    arguments.instance("cell", cell, Cell, ", as discretise(mesh) gives it")
    laws = laws_of(materials, cell.phases)
    check_load(path, laws)
    zero = np.zeros(6)
    rows = [(zero, zero, 0, 0)]
    for number, increment in enumerate(increments(cell, laws, path), start=1):
        rows.append((increment.strain, increment.stress, increment.iterations, increment.steps))
        observe(number, increment)
    strain, stress, iterations, steps = map(np.array, zip(*rows, strict=True))
    curve = Curve(strain, stress, path.times, iterations, steps)
    remark_on_halving(curve, laws)
    warn_of_large_strain(curve)
    return curve


@np.errstate(over="ignore", invalid="ignore")  # what is not finite ends the search
def _newton(
    problem: _Problem, target: Target, last: Increment, step: float, duration: float
) -> Increment:
    """Equilibrium at a target, from an extrapolation of the last step."""
    fixed = target.strain_controlled
    # Where the load turns round, or its control changes, the last increment is the better guess.
    ratio = 0.0
    if last.target and np.array_equal(fixed, last.target.strain_controlled):
        before = last.target.change
        ratio = max(0.0, float(target.change @ before / (before @ before))) if before.any() else 0.0
    strain = last.strain + ratio * last.strain_change
    displacement = last.displacement + ratio * last.displacement_change
    force_scale, stress_scale = problem.scales(last)
    residuals: list[float] = []
    for iteration in range(_MAX_ITERATIONS + 1):
        now = problem.answer(strain, displacement, last.states, duration)
        off_target = problem.mean_stiffness @ np.where(fixed, strain - target.value, 0)
        mismatch = np.where(fixed, off_target, now.stress - target.value)
        off_forces = _relative(now.forces, max(force_scale, now.force_scale))
        size = max(stress_scale, float(np.linalg.norm(now.stress)))
        off_load = _relative(mismatch, size + float(np.linalg.norm(mismatch)))
        defect = float(np.maximum(off_forces, off_load))  # nan if one is
        residuals.append(defect)
        if defect <= _TOLERANCE:
            problem.steps += 1
            return replace(
                now,
                target=target,
                strain_change=strain - last.strain,
                displacement_change=displacement - last.displacement,
                step=step,
                residuals=tuple(residuals),
            )
        if iteration == _MAX_ITERATIONS or not np.isfinite(defect):
            break
        problem.iterations += 1
        rates = total(map(_Phase.linearised, problem.phases, now.tangents))
        right_hand_sides = np.column_stack([now.forces, rates.coupling])
        solution = problem.solver.solve(rates.stiffness, right_hand_sides)
        stress = now.stress - rates.coupling.T @ solution[:, 0]
        tangent = rates.tangent - rates.coupling.T @ solution[:, 1:]
        strain_step = target.strain_step(tangent, stress, strain)
        strain = strain + strain_step
        displacement = displacement - solution[:, 0] - solution[:, 1:] @ strain_step
    reason = f"relative residual {defect:.1e} against {_TOLERANCE:g}"
    if not np.isfinite(defect):
        reason = "a strain or a stress of it, or the square of one, is no finite number"
    raise ConvergenceError(f"no equilibrium; {reason}")


def _relative(residual: Array, scale: float) -> float:
    """Norm of a residual over its scale; zero where both vanish, nan for an infinite scale."""
    if not np.isfinite(scale):
        return np.nan
    return float(np.linalg.norm(residual) / scale) if scale else 0.0
