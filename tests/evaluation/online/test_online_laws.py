"""Every law in both phases: networks against finite elements of a laminate, and against the law."""

import numpy as np
import pytest
from meshes import drive, layered_mesh
from networks import distance, random_network
from numpy.typing import NDArray

from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import Prediction, SchemeName, predict, predict_many
from rve.homogenisation.cell import discretise
from rve.homogenisation.dns import simulate
from rve.loads.load_path import LoadPath, piecewise_linear
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.elastic import Elastic
from rve.materials.hardening_table import HardeningTable
from rve.materials.law import Law
from rve.materials.power_laws import Swift
from rve.materials.stiffness import isotropic
from rve.materials.viscoplastic import Viscoplastic
from training.network import MaterialNetwork
from training.tree import prune

Array = NDArray[np.float64]

LAWS: dict[str, Law] = {
    "table": HardeningTable(3.0, 0.35, ((0, 0.03), (0.01, 0.05), (0.3, 0.09))),
    "swift": Swift(70.0, 0.3, A=0.5, e0=0.002, n=0.2),
    "kinematic": ArmstrongFrederick(3.0, 0.35, 0.03, backstresses=((2.0, 60.0), (0.3, 5.0))),
    "viscous": Viscoplastic(3.0, 0.35, drag=0.1, n=6.0, rate=0.01, yield_stress=0.01),
}
GLASS = Elastic(isotropic(72.0, 0.22))
TREE = prune(random_network("DMN", 4, np.random.default_rng(8), range(0, 16, 3)))

each_law = pytest.mark.parametrize("name", LAWS)


def cycle(component: str, increments: int = 8) -> LoadPath:
    """There, back and there again, each way at another rate, and held."""
    ends = 0.02, -0.01, 0.025, 0.025
    return piecewise_linear([{f"eps_{component}": end} for end in ends], increments, (1, 50, 3, 20))


@each_law
@pytest.mark.parametrize("phase", ["matrix", "fibre", "both"])
@pytest.mark.parametrize("component", ["11", "12"])
def test_one_block_is_a_laminate_of_finite_elements(name: str, phase: str, component: str) -> None:
    """Fields are constant in each layer, so that both are exact."""
    cell = discretise(layered_mesh(0, [0.35, 0.65], [0, 1]))
    tree = prune(MaterialNetwork("IMN", np.array([0.35, 0.65]), np.array([[0.0, 0.5]])))
    other = LAWS["table"] if phase == "both" else GLASS
    laws = (other, LAWS[name]) if phase == "fibre" else (LAWS[name], other)
    path = cycle(component)
    expected = simulate(cell, laws, path)
    for scheme in ("residual_stress", "newton", "tree_newton"):
        curve = predict(tree, laws, path, scheme).curve
        assert distance(curve.stress, expected.stress) < 1e-6
        assert distance(curve.strain, expected.strain) < 1e-6


@each_law
def test_network_of_one_material_is_the_material(name: str) -> None:
    law, path = LAWS[name], cycle("23")
    strain, stress, _ = drive(law, path)
    curve = predict(TREE, (law, law), path).curve
    assert distance(curve.stress, stress) < 1e-7
    assert distance(curve.strain, strain) < 1e-7


@each_law
def test_tiles_of_paths_of_any_duration_are_the_single_paths(name: str) -> None:
    laws = LAWS[name], GLASS
    slow = piecewise_linear([{"eps_22": 0.01}], 5, 1e4)
    paths = [cycle("11"), slow, cycle("31", 4), piecewise_linear([{"eps_22": 0.01}], 5, 1e-2)]
    together = predict_many(TREE, laws, paths)
    for path, curve in zip(paths, together, strict=True):
        assert distance(curve.stress, predict(TREE, laws, path).curve.stress) < 1e-7
    faster = distance(together[3].stress, together[1].stress) > 0.01
    assert faster == (name == "viscous")


@each_law
def test_network_law_follows_the_durations(name: str) -> None:
    laws, path = (LAWS[name], GLASS), cycle("12")
    network = NetworkLaw(TREE, laws)
    strained = predict(TREE, laws, path).curve
    state = np.zeros((1, network.state_size))
    stresses = []
    for strain, duration in zip(strained.strain[1:], path.durations, strict=True):
        answer = network.respond(strain[None], state, duration)
        state = answer.state
        stresses.append(answer.stress[0])
    assert distance(np.array(stresses), strained.stress[1:]) < 1e-6


@each_law
def test_network_law_has_the_consistent_tangent(name: str) -> None:
    """Central differences of a step that turns off, also where the tangent is not symmetric."""
    law, step = NetworkLaw(TREE, (LAWS[name], GLASS), tolerance=1e-12), 1e-6
    first, second = np.random.default_rng(3).normal(scale=0.01, size=(2, 6))
    state = law.respond(first[None], np.zeros((1, law.state_size))).state
    ends = second + step * np.concatenate([np.eye(6), -np.eye(6)])
    stresses = law.respond(ends, np.repeat(state, 12, axis=0)).stress
    slopes = (stresses[:6] - stresses[6:]).T / (2 * step)
    tangent = law.respond(second[None], state).tangent[0]
    assert distance(tangent, slopes) < 1e-6
    assert law.symmetric == (distance(tangent, tangent.T) < 1e-9) == (name != "kinematic")


@pytest.mark.parametrize("scheme", ["residual_stress", "newton", "tree_newton"])
def test_tangent_at_the_end_of_a_path_need_not_be_symmetric(scheme: SchemeName) -> None:
    laws, step = (LAWS["kinematic"], GLASS), 1e-6
    points = [{"eps_11": 0.02, "eps_12": 0.0}, {"eps_11": 0.02, "eps_12": 0.01}]
    path = piecewise_linear(points, 4)
    path = LoadPath(np.ones(6, dtype=bool), path.targets)

    def end(change: Array) -> Prediction:
        targets = path.targets.copy()
        targets[-1] += change
        return predict(TREE, laws, LoadPath(path.strain_controlled, targets), scheme, 1e-12)

    slopes = [
        (end(e).curve.stress[-1] - end(-e).curve.stress[-1]) / (2 * step) for e in step * np.eye(6)
    ]
    assert distance(end(np.zeros(6)).tangent, np.transpose(slopes)) < 1e-6


def test_points_may_lie_in_memory_in_any_order() -> None:
    """As those of codes that have points last; no code is compiled for it anew."""
    strain = np.random.default_rng(0).normal(scale=0.01, size=(5, 6))
    for law in (LAWS["table"], NetworkLaw(TREE, (LAWS["table"], GLASS))):
        state = np.zeros((5, law.state_size))
        expected = law.respond(strain, state)
        answer = law.respond(np.asfortranarray(strain), np.asfortranarray(state))
        for one, other in zip(answer, expected, strict=True):
            assert one.flags.c_contiguous
            assert (one == other).all()
