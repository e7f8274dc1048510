"""First and second law for the whole cell, from the local fields along random load paths.

Backward Euler leaves the local balance in closed form: over a step with the stress sigma at its
end, elastic strain e, equivalent plastic strain p and yield stress sigma_y,

    sigma : d eps = d(e : C : e / 2) + de : C : de / 2 + sigma_y dp,

of which the hardening stores d(int (sigma_y - s0) dp) and the rest is dissipated, s0 dp at least.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, relative_difference
from numpy.typing import NDArray
from properties import examples

from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.dns import Increment, simulate
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath
from rve.materials.j2 import J2Plasticity
from rve.materials.material import Response
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]

MATRIX = J2Plasticity(3.8, 0.387, 0.010, H=0.1, Q=0.03, b=100)
FIBRE = J2Plasticity(70.0, 0.22, 0.08, H=1.0, Q=0.05, b=60)
BALANCED = 1e-6  # relative; equilibrium is solved to 1e-8, and energies are differences
ROUNDING = 1e-10

seeds = st.integers(0, 2**32 - 1)
controls = st.lists(st.booleans(), min_size=6, max_size=6)


@dataclass
class Observed:
    """A law whose state carries strain and stress along, and which keeps the states it is given.

    A step starts from the converged state of the last one, so that every new state that a law is
    given belongs to the solution, whatever the solver tried and gave up in between. All points of a
    phase are expected at once, in the order of the elements.
    """

    law: J2Plasticity
    states: list[Array] = field(default_factory=list)

    @property
    def state_size(self) -> int:
        return self.law.state_size + 12

    @property
    def stiffness(self) -> Array:
        return self.law.stiffness

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        if not (self.states and np.array_equal(state, self.states[-1])):
            self.states.append(state.copy())
        response = self.law.respond(strain, state[:, :7])
        carried = np.column_stack([response.state, strain, response.stress])
        return Response(response.stress, carried, response.tangent)


@dataclass(frozen=True)
class LocalFields:
    """Fields of one phase after each of n steps, bisected ones included, and at the start.

    Attributes:
        law: of the phase.
        weights: volumes (points,) of the integration points.
        state: internal variables (n + 1, points, 7).
        strain: (n + 1, points, 6).
        stress: (n + 1, points, 6), GPa.
    """

    law: J2Plasticity
    weights: Array
    state: Array
    strain: Array
    stress: Array

    def integral(self, values: Array) -> Array:
        """Integral (n,) or (n, 6) over the phase of values (n, points) or (n, points, 6)."""
        return np.tensordot(self.weights, values, (0, 1))


def observe(
    cell: Cell, laws: tuple[J2Plasticity, ...], path: LoadPath
) -> tuple[Curve, list[LocalFields], list[int]]:
    """Curve along a path, the local fields of the phases, and the steps that end an increment."""
    observed = tuple(Observed(law) for law in laws)
    ends = [0]

    def increment_done(_: int, __: Increment) -> None:
        ends.append(len(observed[0].states))

    # One more increment, that stays, shows the states at the end of the last one.
    longer = LoadPath(path.strain_controlled[0], np.vstack([path.targets, path.targets[-1]]))
    curve = simulate(cell, observed, longer, increment_done)
    fields = []
    for phase, law in enumerate(observed):
        states = np.array(law.states)
        weights = cell.weights[cell.phase == phase].ravel()
        parts = np.split(states, [7, 13], axis=-1)
        fields.append(LocalFields(law.law, weights, *parts))
    n = len(path.targets) + 1
    whole = Curve(*(values[:n] for values in vars(curve).values()))
    return whole, fields, ends[:n]


def random_path(seed: int, control: list[bool], size: float, increments: int) -> LoadPath:
    """Random walk of the strains, of steps of a size, with the other stresses zero."""
    controlled = np.array(control)
    controlled[0] = True
    steps = np.random.default_rng(seed).normal(scale=size, size=(increments, 6))
    return LoadPath(controlled, np.cumsum(steps, axis=0) * controlled)


def stored_energies(law: J2Plasticity, state: Array, strain: Array) -> tuple[Array, Array]:
    """Elastic energy and energy stored by hardening, GPa, (n, points) each."""
    stiffness = isotropic_stiffness(law.youngs_modulus, law.poisson_ratio)
    elastic, p = strain - state[..., :6], state[..., 6]
    # 1 - exp(-b p) integrates to p - (1 - exp(-b p)) / b.
    hardening = law.H * p**2 / 2 + law.Q * (p - (1 - np.exp(-law.b * p)) / law.b)
    return np.einsum("...i,ij,...j->...", elastic, stiffness, elastic) / 2, hardening


def powers(stress: Array, strain: Array) -> Array:
    """Work (n, ...) of the stress at the end of each step in its strain increment."""
    return np.einsum("n...i,n...i->n...", stress[1:], np.diff(strain, axis=0))


@pytest.fixture(scope="module")
def small_cell(one_fibre_mesh: Mesh) -> Cell:
    return discretise(one_fibre_mesh)


@examples(8)
@given(seeds, controls)
def test_cell_obeys_both_laws_of_thermodynamics(
    small_cell: Cell, seed: int, control: list[bool]
) -> None:
    """Stress power is stored or dissipated, and the dissipation is never negative."""
    path = random_path(seed, control, 0.004, 6)
    curve, phases, ends = observe(small_cell, (MATRIX, FIBRE), path)
    strain = sum(phase.integral(phase.strain) for phase in phases)
    stress = sum(phase.integral(phase.stress) for phase in phases)
    assert relative_difference(strain[ends], curve.strain) < BALANCED
    assert relative_difference(stress[ends], curve.stress) < BALANCED

    power = powers(stress, strain)
    stored, lost, least = (np.zeros_like(power) for _ in range(3))
    for phase in phases:
        law, state = phase.law, phase.state
        elastic, hardening = stored_energies(law, state, phase.strain)
        p, growth = state[..., 6], np.diff(state[..., 6], axis=0)
        stiffness = isotropic_stiffness(law.youngs_modulus, law.poisson_ratio)
        jump = np.diff(phase.strain - state[..., :6], axis=0)
        by_step = np.einsum("...i,ij,...j->...", jump, stiffness, jump) / 2
        flow = law.yield_stress + law.H * p + law.Q * (1 - np.exp(-law.b * p))
        local_power = powers(phase.stress, phase.strain)
        local_stored = np.diff(elastic + hardening, axis=0)
        local_lost = flow[1:] * growth - np.diff(hardening, axis=0) + by_step
        scale = ROUNDING * np.abs(local_power).max()
        assert np.abs(local_power - local_stored - local_lost).max() < scale
        assert (local_power - local_stored - law.yield_stress * growth).min() > -scale
        assert (growth >= 0).all()
        stored += phase.integral(local_stored)
        lost += phase.integral(local_lost)
        least += phase.integral(law.yield_stress * growth)

    scale = BALANCED * np.abs(power).max()
    dissipated = power - stored
    assert np.abs(dissipated - lost).max() < scale
    assert (dissipated - least).min() > -scale
    assert least.sum() > 0.01 * power.sum()


@examples(5)
@given(seeds, controls)
def test_closed_elastic_cycle_of_the_cell_costs_nothing(
    small_cell: Cell, seed: int, control: list[bool]
) -> None:
    """The trapezoidal work of a linear response over straight steps is exact."""
    path = random_path(seed, control, 2e-5, 5)
    closed = LoadPath(path.strain_controlled[0], np.vstack([path.targets, np.zeros(6)]))
    curve = simulate(small_cell, (MATRIX, FIBRE), closed)
    middle = (curve.stress[1:] + curve.stress[:-1]) / 2
    work = np.einsum("ni,ni->n", middle, np.diff(curve.strain, axis=0))
    assert np.linalg.norm(curve.stress[-1]) < BALANCED * np.linalg.norm(curve.stress)
    assert abs(work.sum()) < BALANCED * np.abs(work).sum()


@examples(5)
@given(seeds)
def test_closed_plastic_cycle_of_the_cell_costs_work(small_cell: Cell, seed: int) -> None:
    """Il'iushin's postulate, which associated J2 flow obeys: no cycle of strain gives work back."""
    path = random_path(seed, [True] * 6, 0.004, 5)
    closed = LoadPath(path.strain_controlled[0], np.vstack([path.targets, np.zeros(6)]))
    curve = simulate(small_cell, (MATRIX, FIBRE), closed)
    assert powers(curve.stress, curve.strain).sum() > 0
