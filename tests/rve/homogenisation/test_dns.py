"""Direct numerical simulation against the material point, the laminate and linear theory."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from meshes import (
    drive,
    isotropic_stiffness,
    layered_medium,
    layered_mesh,
    random_orthotropic,
    relative_difference,
)
from numpy.typing import NDArray
from scipy.optimize import root

import rve.homogenisation.dns
from rve.errors import ConvergenceError, InputError
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import Components, assemble_components, homogenise
from rve.homogenisation.dns import increments, simulate
from rve.homogenisation.linear_solver import SparseCholesky
from rve.loads.load_path import Control, LoadPath, monotonic, piecewise_linear
from rve.mandel import COMPONENTS
from rve.materials.composite import LAWS
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.material import Material, Response
from rve.microstructure.mesh import Mesh
from rve.microstructure.phases import MATRIX as MATRIX_PHASE

Array = NDArray[np.float64]

# Relative; equilibrium is solved to 1e-8, and Newton's last step usually overshoots that.
CONVERGED = 1e-7
UNLOADED = 0.01  # part of the strain that is taken back
# An increment is a difference of two converged states.
CONVERGED_UNLOADING = CONVERGED / UNLOADED

MATRIX = J2Plasticity(3.8, 0.387, 0.010, H=0.1, Q=0.03, b=100)
FIBRE = isotropic_stiffness(72.0, 0.22)
STIFF_METAL = J2Plasticity(70.0, 0.3, 0.05, H=1.0, Q=0.1, b=40)

every_load = pytest.mark.parametrize("load", COMPONENTS)
both_controls = pytest.mark.parametrize("control", ["stress", "strain"])


@pytest.fixture(scope="module")
def small_cell(one_fibre_mesh: Mesh) -> Cell:
    """Some fifty elements."""
    return discretise(one_fibre_mesh)


@pytest.fixture(scope="module")
def same_components(cell: Cell) -> Components:
    """The linear problem with the dilatation averaged in the matrix, which can flow."""
    flows = (cell.phase == MATRIX_PHASE)[:, None, None, None]
    B = np.where(flows, cell.averaged_dilatation, cell.strain_displacement)
    return assemble_components(replace(cell, strain_displacement=B))


@every_load
@both_controls
def test_elastic_limit_is_linear_homogenisation(
    cell: Cell, same_components: Components, load: str, control: Control
) -> None:
    """Below yield, sigma = C eps, with C from the linear problem."""
    rng = np.random.default_rng(2)
    fibre = random_orthotropic(rng, 30)
    matrix = J2Plasticity(3.8, 0.387, yield_stress=0.3)
    stiffness = homogenise(same_components, isotropic_stiffness(3.8, 0.387), fibre)
    path = monotonic(load, 0.01, 2, control)
    curve = simulate(cell, (matrix, Elastic(fibre)), path)

    place, controlled = COMPONENTS.index(load), path.strain_controlled[0]
    expected = path.targets[-1].copy()
    if control == "stress":
        softness = np.linalg.inv(stiffness)
        expected = softness[:, place] / softness[place, place] * path.targets[-1, place]
    assert relative_difference(curve.strain[-1], expected) < 1e-9
    assert relative_difference(curve.stress[-1], stiffness @ expected) < 1e-9
    assert relative_difference(curve.stress[1], curve.stress[2] / 2) < 1e-9
    assert curve.strain[-1, controlled] == pytest.approx(path.targets[-1, controlled], rel=1e-14)


@pytest.mark.parametrize("load", COMPONENTS)
@pytest.mark.parametrize("control", ["stress", "strain"])
def test_homogeneous_cell_is_the_material_point(
    small_cell: Cell, load: str, control: Control
) -> None:
    path = monotonic(load, 0.03, 5, control)
    curve = simulate(small_cell, (MATRIX, MATRIX), path)
    strain, stress, state = drive(MATRIX, path)
    assert state[-1, 6] > 0.005
    assert relative_difference(curve.strain, strain) < CONVERGED
    assert relative_difference(curve.stress, stress) < CONVERGED


def laminate_point(
    axis: int, fractions: Array, laws: Sequence[Material], path: LoadPath
) -> tuple[Array, Array]:
    """Strain and stress (n, 6) of a laminate of two uniform phases, by a general root finder.

    Unknown are the jump b of the displacement gradient across the interface and the free strains;
    equations are the continuity of traction and the prescribed stresses.
    """
    normal = [[0, 5, 4], [5, 1, 3]][axis]  # sigma n in Mandel components
    scale = np.where(np.array(normal) < 3, 1, np.sqrt(0.5))
    jump = np.zeros((6, 3))
    jump[normal, range(3)] = scale
    free = ~path.strain_controlled[0]

    def respond(x: Array, target: Array, states: list[Array]) -> tuple[Array, list[Response]]:
        strain = target.copy()
        strain[free] = x[3:]
        local = strain + np.outer([fractions[1], -fractions[0]], jump @ x[:3])
        return strain, [
            law.respond(point[None], state)
            for law, point, state in zip(laws, local, states, strict=True)
        ]

    def imbalance(x: Array, target: Array, states: list[Array]) -> Array:
        first, second = (response.stress[0] for response in respond(x, target, states)[1])
        mean = fractions[0] * first + fractions[1] * second
        return np.concatenate([jump.T @ (first - second), (mean - target)[free]])

    states = [np.zeros((1, law.state_size)) for law in laws]
    unknown, curve = np.zeros(3 + free.sum()), []
    for target in path.targets:
        unknown = root(imbalance, unknown, args=(target, states), tol=1e-14).x
        strain, responses = respond(unknown, target, states)
        stress = np.array([response.stress[0] for response in responses])
        assert np.abs(imbalance(unknown, target, states)).max() < 1e-11 * np.abs(stress).max()
        states = [response.state for response in responses]
        curve.append((strain, fractions @ stress))
    strains, stresses = zip(*curve, strict=True)
    return np.array(strains), np.array(stresses)


@pytest.fixture(scope="module", params=[0, 1], ids=["layers along 2", "layers along 1"])
def layers(request: pytest.FixtureRequest) -> tuple[int, Cell]:
    """Normal axis and cell of four layers, 35 % of the first phase."""
    mesh = layered_mesh(request.param, (0.25, 0.3, 0.1, 0.35), (0, 1, 0, 1), across=2)
    return request.param, discretise(mesh)


@every_load
@both_controls
@pytest.mark.parametrize("second", [Elastic(FIBRE), STIFF_METAL], ids=["elastic", "plastic"])
def test_layered_cell_is_a_laminate_of_two_points(
    layers: tuple[int, Cell], second: Material, load: str, control: Control
) -> None:
    axis, cell = layers
    path = monotonic(load, 0.02, 4, control)
    laws = (MATRIX, second)
    curve = simulate(cell, laws, path)
    strain, stress = laminate_point(axis, np.array([0.35, 0.65]), laws, path)
    assert relative_difference(curve.strain[1:], strain) < CONVERGED
    assert relative_difference(curve.stress[1:], stress) < CONVERGED


@every_load
def test_other_stresses_stay_zero_under_stress_control(cell: Cell, load: str) -> None:
    path = monotonic(load, 0.02, 4, "stress")
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), path)
    place = COMPONENTS.index(load)
    leading = np.abs(curve.stress[1:, place])
    assert (np.abs(np.delete(curve.stress[1:], place, axis=1)).max(axis=1) < 1e-8 * leading).all()
    assert curve.strain[1:, place] == pytest.approx(path.targets[:, place], rel=1e-14)
    assert not curve.strain[0].any()
    assert not curve.stress[0].any()


def test_prescribed_stresses_are_reached_under_mixed_control(cell: Cell) -> None:
    """Axial strain under a lateral pressure that is not zero."""
    controlled = np.array([False, False, True, True, False, True])
    target = np.array([-0.01, -0.02, 0.005, 0.002, 0.003, 0.0])
    path = LoadPath(controlled, np.array([target / 2, target]))
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), path)
    reached = np.where(controlled, curve.strain, curve.stress)[1:]
    assert reached == pytest.approx(path.targets, abs=1e-8)
    assert np.abs(np.where(controlled, curve.stress, curve.strain)[2]).min() > 1e-6


def unloading(load: str, control: Control) -> LoadPath:
    """Two percent in eight increments, then a part of it back."""
    up = monotonic(load, 0.02, 8, control)
    return LoadPath(
        up.strain_controlled[0], np.vstack([up.targets, (1 - UNLOADED) * up.targets[-1]])
    )


@pytest.mark.parametrize(
    ("load", "tolerance"),
    # Across the fibres some points of the redistributed stress go on yielding for a while.
    [(load, CONVERGED_UNLOADING) for load in ("33", "23", "31")]
    + [(load, 0.01) for load in ("11", "22", "12")],
)
@both_controls
def test_unloading_starts_with_the_initial_stiffness(
    cell: Cell, same_components: Components, load: str, tolerance: float, control: Control
) -> None:
    stiffness = homogenise(same_components, isotropic_stiffness(3.8, 0.387), FIBRE)
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), unloading(load, control))
    strain, stress = np.diff(curve.strain, axis=0), np.diff(curve.stress, axis=0)
    assert relative_difference(stress[-1], stiffness @ strain[-1]) < tolerance
    loading = strain[-2] @ stress[-2] / (strain[-2] @ stiffness @ strain[-2])
    assert loading < (0.999 if load == "33" else 0.7)


@every_load
@both_controls
def test_unloading_of_a_layered_cell_is_elastic(
    layers: tuple[int, Cell], load: str, control: Control
) -> None:
    """Uniform phases unload as a whole, with the layered medium's elastic stiffness."""
    axis, cell = layers
    phases = np.array([isotropic_stiffness(3.8, 0.387), FIBRE])
    stiffness = layered_medium(axis, np.array([0.35, 0.65]), phases)
    curve = simulate(cell, (MATRIX, Elastic(FIBRE)), unloading(load, control))
    strain, stress = curve.strain[-1] - curve.strain[-2], curve.stress[-1] - curve.stress[-2]
    assert relative_difference(stress, stiffness @ strain) < CONVERGED_UNLOADING


def test_elastic_results_do_not_depend_on_the_increments(cell: Cell) -> None:
    """The matrix yields at 0.01 GPa; 1e-5 of strain are far below."""
    laws = (MATRIX, Elastic(FIBRE))
    once, often = (simulate(cell, laws, monotonic("12", 1e-5, n, "stress")) for n in (1, 5))
    assert relative_difference(once.strain[-1], often.strain[-1]) < 1e-9
    assert relative_difference(once.stress[-1], often.stress[-1]) < 1e-9


def test_curve_converges_with_the_increments(small_cell: Cell) -> None:
    """Backward Euler is of first order: halving the increments halves the distance."""
    laws = (MATRIX, Elastic(FIBRE))
    ends = [
        simulate(small_cell, laws, monotonic("11", 0.02, n, "stress")).stress[-1, 0]
        for n in (4, 8, 16, 32)
    ]
    changes = np.abs(np.diff(ends))
    assert changes[-1] < 1e-2 * ends[-1]
    assert (changes[1:] < 0.75 * changes[:-1]).all()


def test_work_of_the_fields_is_the_work_of_the_means(small_cell: Cell) -> None:
    """Hill-Mandel in every increment of a mixed path with a reversal, though the fields yield."""
    points = [{"eps_11": 0.02, "sig_22": 0.01}, {"eps_11": -0.01, "sig_22": 0.0}]
    path = piecewise_linear(points, 6)
    last = np.zeros_like(small_cell.strain_displacement[..., 0]), np.zeros(6)
    for increment in increments(small_cell, (MATRIX, Elastic(FIBRE)), path):
        local = (increment.local_stress * (increment.local_strain - last[0])).sum(axis=-1)
        mean = increment.stress @ (increment.strain - last[1])
        assert (small_cell.weights * local).sum() == pytest.approx(mean, rel=1e-7, abs=1e-12)
        last = increment.local_strain, increment.strain


def test_newton_converges_quadratically(small_cell: Cell) -> None:
    """The exponent in r_k+1 ~ r_k^p at the end of each increment: two, where linear is one."""
    path = monotonic("11", 0.04, 8, "stress")
    exponents = []
    for increment in increments(small_cell, (MATRIX, Elastic(FIBRE)), path):
        before, last, end = increment.residuals[-3:]
        if end > 1e-14:
            exponents.append(np.log(end / last) / np.log(last / before))
    assert len(exponents) >= 4
    assert np.median(exponents) > 1.7


def test_a_load_that_turns_round_starts_from_the_last_increment(small_cell: Cell) -> None:
    """Extrapolation would guess on in the old direction and needs many more iterations."""
    path = piecewise_linear([{"eps_12": 0.02}, {"eps_12": 0.015}], 5)
    curve = simulate(small_cell, (MATRIX, Elastic(FIBRE)), path)
    assert curve.iterations[6] <= 3


def test_progress_counts_the_increments(small_cell: Cell) -> None:
    seen: list[int] = []
    path = monotonic("33", 1e-4, 3, "strain")
    simulate(small_cell, (MATRIX, Elastic(FIBRE)), path, lambda number, _: seen.append(number))
    assert seen == [1, 2, 3]


def test_failed_increment_is_named(small_cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rve.homogenisation.dns, "_MAX_ITERATIONS", 0)
    message = "increment 1 of 3 failed after 8 bisections: no equilibrium; relative residual"
    with pytest.raises(ConvergenceError, match=message):
        simulate(small_cell, (MATRIX, MATRIX), monotonic("11", 0.01, 3, "strain"))


def test_bisected_increments_reach_the_same_state(
    small_cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uniaxial stress in a homogeneous cell: sigma = sigma_y(p), exact for any steps."""
    path = monotonic("11", 0.03, 1, "stress")
    whole = simulate(small_cell, (MATRIX, MATRIX), path)
    monkeypatch.setattr(rve.homogenisation.dns, "_MAX_ITERATIONS", int(whole.iterations[-1]) - 1)
    bisected = simulate(small_cell, (MATRIX, MATRIX), path)
    assert bisected.iterations[-1] > whole.iterations[-1]
    assert (whole.steps[-1], bisected.steps[-1] > 1) == (1, True)
    assert relative_difference(bisected.strain, whole.strain) < CONVERGED
    assert relative_difference(bisected.stress, whole.stress) < CONVERGED


@pytest.mark.parametrize("limit", [15, 4], ids=["whole increments", "bisected increments"])
def test_curve_counts_the_iterations_spent(
    small_cell: Cell, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """One factorisation an iteration, whatever became of it."""
    factorisations = []
    solve = SparseCholesky.solve

    def counting(solver: SparseCholesky, values: Array, right_hand_sides: Array) -> Array:
        factorisations.append(values.shape)
        return solve(solver, values, right_hand_sides)

    monkeypatch.setattr(SparseCholesky, "solve", counting)
    monkeypatch.setattr(rve.homogenisation.dns, "_MAX_ITERATIONS", limit)
    path = monotonic("11", 0.03, 2, "stress")
    curve = simulate(small_cell, (MATRIX, Elastic(FIBRE)), path)
    assert curve.iterations.sum() == len(factorisations)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("matrix", [Elastic(FIBRE), MATRIX], ids=["elastic", "plastic"])
def test_a_strain_whose_square_is_infinite_is_refused_without_warnings(
    small_cell: Cell, matrix: Material
) -> None:
    path = LoadPath(np.ones(6, dtype=bool), np.full((1, 6), 1e160))
    words = "a strain or a stress of it, or the square of one, is no finite number"
    with pytest.raises(ConvergenceError, match=words):
        simulate(small_cell, (matrix, Elastic(FIBRE)), path)


def test_constants_that_declare_a_law_are_as_good_as_the_law(small_cell: Cell) -> None:
    path, declared = monotonic("11", 0.001, 1, "stress"), LAWS["isotropic"](72, 0.22)
    expected = simulate(small_cell, (MATRIX, declared.law()), path)
    assert np.array_equal(simulate(small_cell, (MATRIX, declared), path).stress, expected.stress)
    words = r"expected laws of matrix, fibre, got \w+, dict; make them with materials"
    with pytest.raises(InputError, match=words):
        simulate(small_cell, (MATRIX, {"youngs_modulus": 72}), path)  # type: ignore[arg-type]
