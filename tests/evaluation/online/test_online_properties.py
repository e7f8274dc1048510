"""What a network owes to mechanics: order of convergence, thermodynamics, laminates, batches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import layered_mesh
from networks import composite, distance, random_network, random_walk, there_and_back
from properties import examples

from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import predict, predict_many
from rve.errors import ConvergenceError
from rve.homogenisation.cell import discretise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import Control, LoadPath, monotonic, piecewise_linear
from rve.mandel import COMPONENTS
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from training.network import Kind, MaterialNetwork
from training.tree import prune

MATRIX, FIBRE = composite()
STEEL = J2Plasticity(210.0, 0.3, yield_stress=0.3, H=2.0, Q=0.1, b=50.0)
KINDS: list[Kind] = ["DMN", "IMN"]
TREES = {
    kind: prune(random_network(kind, 4, np.random.default_rng(8), range(0, 16, 3)))
    for kind in KINDS
}
CONTROLS: list[Control] = ["stress", "strain"]

each_kind = pytest.mark.parametrize("kind", KINDS)
seeds = st.integers(0, 2**32 - 1)


@each_kind
@pytest.mark.parametrize("load", ["11", "12"])
def test_fixed_point_approaches_equilibrium_at_first_order(kind: Kind, load: str) -> None:
    """Halving the increments halves the distance from the equilibrium; tractions keep a defect."""
    distances, defects = [], []
    for increments in (40, 80, 160, 320):
        path = monotonic(load, 0.02, increments, "strain")
        loose = predict(TREES[kind], (MATRIX, FIBRE), path, "fixed_point")
        exact = predict(TREES[kind], (MATRIX, FIBRE), path)
        distances.append(distance(loose.curve.stress, exact.curve.stress))
        defects.append(loose.traction_defect)
    rates = np.log2(np.divide(distances[:-1], distances[1:]))
    assert rates.mean() == pytest.approx(1, abs=0.3), rates
    assert defects[0] > 2 * defects[-1] > 1e-4


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("fibre", [Elastic(3 * FIBRE.stiffness), STEEL], ids=["elastic", "plastic"])
@pytest.mark.parametrize("load", ["11", "22", "12"])
def test_one_block_is_a_laminate_of_finite_elements(
    control: Control, fibre: Elastic | J2Plasticity, load: str
) -> None:
    """Fields are constant in each layer, so that both are exact: there, back and there again."""
    cell = discretise(layered_mesh(0, [0.35, 0.65], [0, 1]))
    tree = prune(MaterialNetwork("IMN", np.array([0.35, 0.65]), np.array([[0.0, 0.5]])))
    component = f"eps_{load}"
    held = {f"eps_{c}": 0.0 for c in COMPONENTS} if control == "strain" else {}
    points = [held | {component: end} for end in (0.02, -0.01, 0.025)]
    path = piecewise_linear(points, 8)
    expected = simulate(cell, (MATRIX, fibre), path)
    for scheme in ("residual_stress", "newton", "tree_newton"):
        curve = predict(tree, (MATRIX, fibre), path, scheme).curve
        assert distance(curve.stress, expected.stress) < 1e-6
        assert distance(curve.strain, expected.strain) < 1e-6


def stored(law: J2Plasticity | Elastic, strain: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Elastic energy and that of the hardening, GPa, (n,)."""
    if isinstance(law, Elastic):
        return np.einsum("ni,ij,nj->n", strain, law.stiffness, strain) / 2
    elastic, p = strain - state[:, :6], state[:, 6]
    hardening = law.H * p**2 / 2 + law.Q * (p - (1 - np.exp(-law.b * p)) / law.b)
    return np.einsum("ni,ij,nj->n", elastic, law.stiffness, elastic) / 2 + hardening


@examples(25)
@given(seeds, st.sampled_from(KINDS), st.floats(1e-4, 2e-2))
def test_dissipation_is_never_negative(seed: int, kind: Kind, size: float) -> None:
    """Macroscopic work of each step, by the stress at its end, above the growth of what is stored.

    Backward Euler loses energy in each step, so that the end's stress does no less work than is
    stored, in a network as in one point.
    """
    tree, laws = prune(random_network(kind, 3, np.random.default_rng(seed))), (MATRIX, STEEL)
    path = random_walk(np.random.default_rng(seed), 8, size)
    shares = tree.weights / tree.weights.sum()
    energies, stress, strain = [0.0], [np.zeros(6)], [np.zeros(6)]
    law = NetworkLaw(tree, laws, tolerance=1e-12)
    state, n = np.zeros((1, law.state_size)), len(shares)
    for target in path.targets:
        answer = law.respond(target[None], state)
        state = answer.state
        locals_, internal = state[0, : 6 * n].reshape(n, 6), state[0, 6 * n : -1].reshape(n, 7)
        energy = sum(
            shares[tree.phases == phase]
            @ stored(laws[phase], locals_[tree.phases == phase], internal[tree.phases == phase])
            for phase in range(2)
        )
        energies.append(float(energy))
        stress.append(answer.stress[0])
        strain.append(target)
    work = np.einsum("ni,ni->n", np.array(stress)[1:], np.diff(strain, axis=0))
    dissipated = work - np.diff(energies)
    assert dissipated.min() > -1e-9 * max(energies)
    assert internal[:, 6].max() > 0 or size < 5e-3


@examples(20)
@given(seeds, st.sampled_from(KINDS))
def test_closed_elastic_cycle_costs_nothing_and_forgets_its_path(seed: int, kind: Kind) -> None:
    """Below yield: no work around a cycle by the trapezoidal rule, no dependence on increments."""
    rng = np.random.default_rng(seed)
    tree = prune(random_network(kind, 3, rng))
    corners = 1e-5 * rng.normal(size=(3, 6))
    cycle = np.vstack([corners, np.zeros(6)])
    curve = predict(tree, (MATRIX, FIBRE), LoadPath(np.ones(6, dtype=bool), cycle)).curve
    mean = (curve.stress[1:] + curve.stress[:-1]) / 2
    work = np.einsum("ni,ni->n", mean, np.diff(curve.strain, axis=0))
    assert abs(work.sum()) < 1e-9 * np.abs(work).sum()
    assert np.abs(curve.stress[-1]).max() < 1e-9 * np.abs(curve.stress).max()
    fine = np.vstack([cycle[0] * k / 7 for k in range(1, 8)])
    split = predict(tree, (MATRIX, FIBRE), LoadPath(np.ones(6, dtype=bool), fine)).curve
    assert split.stress[-1] == pytest.approx(curve.stress[1], rel=1e-9, abs=1e-16)


@examples(20)
@given(seeds, st.sampled_from(KINDS), st.floats(1e-3, 2e-2))
def test_monotone_materials_make_a_monotone_network(seed: int, kind: Kind, size: float) -> None:
    """From one state, (sigma(a) - sigma(b)) : (a - b) > 0 for any two strains."""
    rng = np.random.default_rng(seed)
    law = NetworkLaw(prune(random_network(kind, 3, rng)), (MATRIX, STEEL))
    state = np.zeros((1, law.state_size))
    for strain in np.cumsum(rng.normal(scale=size, size=(3, 6)), axis=0):
        ends = strain + rng.normal(scale=size, size=(8, 6))
        answer = law.respond(ends, np.repeat(state, 8, axis=0))
        differences = ends[:, None] - ends, answer.stress[:, None] - answer.stress
        products = np.einsum("abi,abi->ab", *differences)
        assert products[~np.eye(8, dtype=bool)].min() > 0
        state = law.respond(strain[None], state).state


@each_kind
def test_many_paths_at_once_are_the_single_ones(kind: Kind) -> None:
    """Loads, controls and lengths differ; as many iterations each."""
    paths = [
        monotonic(load, 0.03, 6 + i, control)
        for i, load in enumerate(COMPONENTS)
        for control in CONTROLS
    ] + [there_and_back(control) for control in CONTROLS] * 4
    together = predict_many(TREES[kind], (MATRIX, FIBRE), paths)
    assert len(together) == len(paths)
    for curve, path in zip(together, paths, strict=True):
        alone = predict(TREES[kind], (MATRIX, FIBRE), path).curve
        assert distance(curve.strain, alone.strain) < 1e-8
        assert distance(curve.stress, alone.stress) < 1e-8
        assert (curve.iterations == alone.iterations).all()


def test_path_that_fails_among_others_is_halved_alone() -> None:
    """Four iterations: enough for the small loads, too few for the whole large one."""
    small, large = (monotonic("12", size, 2, "stress") for size in (0.0005, 0.04))
    arguments = TREES["IMN"], (MATRIX, FIBRE)
    curves = predict_many(*arguments, [small, large, small], max_iterations=5)
    alone = [predict(*arguments, path, max_iterations=5).curve for path in (small, large, small)]
    assert alone[1].iterations.max() > 5
    for curve, expected in zip(curves, alone, strict=True):
        assert distance(curve.stress, expected.stress) < 1e-8
        assert (curve.iterations == expected.iterations).all()
    with pytest.raises(ConvergenceError, match="increment 1 of 2 failed after 8 bisections"):
        predict_many(*arguments, [small, large], max_iterations=1)


@each_kind
def test_network_law_follows_the_path_of_the_prediction(kind: Kind) -> None:
    """Stress, states and tangent, at 21 points that are at different places of the path."""
    path = random_walk(np.random.default_rng(2), 6, 0.01)
    law = NetworkLaw(TREES[kind], (MATRIX, STEEL))
    expected = predict(TREES[kind], (MATRIX, STEEL), path)
    state = np.zeros((21, law.state_size))
    for number in range(6 + 20):
        places = np.clip(number - np.arange(21), 0, 5)
        started = number >= np.arange(21)
        strain = np.where(started[:, None], path.targets[places], 0.0)
        answer = law.respond(strain, state)
        state = answer.state
        for point in np.flatnonzero(started):
            stress = expected.curve.stress[places[point] + 1]
            assert answer.stress[point] == pytest.approx(stress, rel=1e-7, abs=1e-10)
    n = len(TREES[kind].weights)
    assert state[0, : 6 * n].reshape(n, 6) == pytest.approx(expected.strain, abs=1e-9)
    assert answer.tangent[20] == pytest.approx(expected.tangent, rel=1e-6, abs=1e-6)


@each_kind
def test_network_law_has_a_consistent_tangent(kind: Kind) -> None:
    """Central differences of a step that yields, from a state that has yielded before."""
    law = NetworkLaw(TREES[kind], (MATRIX, STEEL), tolerance=1e-12)
    first, second = random_walk(np.random.default_rng(4), 2, 0.01).targets
    state = law.respond(first[None], np.zeros((1, law.state_size))).state
    step = 1e-6
    ends = second + step * np.concatenate([np.eye(6), -np.eye(6)])
    stresses = law.respond(ends, np.repeat(state, 12, axis=0)).stress
    slopes = (stresses[:6] - stresses[6:]).T / (2 * step)
    tangent = law.respond(second[None], state).tangent[0]
    assert distance(tangent, slopes) < 1e-6
    assert distance(tangent, law.stiffness) > 0.1


def test_network_is_a_law_of_the_finite_elements() -> None:
    """A cell whose two phases are one network answers as that network alone."""
    law = NetworkLaw(TREES["DMN"], (MATRIX, FIBRE))
    cell = discretise(layered_mesh(1, [0.4, 0.6], [0, 1]))
    path = monotonic("12", 0.02, 4, "stress")
    curve = simulate(cell, (law, law), path)
    expected = predict(TREES["DMN"], (MATRIX, FIBRE), path).curve
    assert distance(curve.stress, expected.stress) < 1e-6


def test_network_law_names_the_point_that_fails() -> None:
    law = NetworkLaw(TREES["IMN"], (MATRIX, FIBRE), max_iterations=1)
    strain = np.zeros((20, 6))
    strain[17, 0] = 0.02
    with pytest.raises(ConvergenceError, match="point 17 of 20 failed after 8 bisections"):
        law.respond(strain, np.zeros((20, law.state_size)))
