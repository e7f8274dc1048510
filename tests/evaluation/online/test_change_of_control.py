"""Control that changes from segment to segment: closed forms, finite elements and networks."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreted import PlainLaw
from meshes import layered_mesh
from networks import (
    Array,
    composite,
    distance,
    random_network,
    random_stiffness,
    stiffness_by_recursion,
)
from properties import examples

from evaluation.online import as_printed
from evaluation.online.prediction import SCHEMES, SchemeName, predict, predict_many
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.dns import simulate
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath, monotonic, piecewise_linear
from rve.mandel import COMPONENTS, engineering_strain, engineering_stress
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from training.network import Kind, MaterialNetwork
from training.tree import prune

E, NU, YIELD, H = 3.2, 0.35, 0.04, 0.2
G = E / (2 + 2 * NU)
LAW = J2Plasticity(E, NU, YIELD, H=H)
MATRIX, FIBRE = composite()

KINDS: list[Kind] = ["DMN", "IMN"]
NETWORKS = {kind: random_network(kind, 3, np.random.default_rng(8), [1, 2, 6]) for kind in KINDS}
TREES = {kind: prune(network) for kind, network in NETWORKS.items()}

IN_EQUILIBRIUM: list[SchemeName] = ["residual_stress", "newton", "tree_newton"]

Follow = Callable[[LoadPath], Curve]


@pytest.fixture(scope="module")
def layers() -> Cell:
    """Layers normal to axis 1, 35 % of matrix."""
    return discretise(layered_mesh(0, (0.35, 0.65), (0, 1), across=2))


LAMINATE = prune(MaterialNetwork("IMN", np.array([0.35, 0.65]), np.array([[0.0, 0.5]])))
"""The same layers as a network of one block."""


@pytest.fixture(params=["finite elements", "as printed", "many", *SCHEMES])
def follow(request: pytest.FixtureRequest, layers: Cell) -> Follow:
    """Everything that follows a load path, with one elastoplastic material."""
    ways: dict[str, Follow] = {
        "finite elements": lambda path: simulate(layers, (LAW, LAW), path),
        "as printed": lambda path: (
            as_printed.predict(TREES["IMN"], (PlainLaw(LAW), PlainLaw(LAW)), path, "newton").curve
        ),
        "many": lambda path: predict_many(
            TREES["IMN"], (LAW, LAW), [monotonic("12", 0.02, 3, "stress"), path]
        )[1],
    }
    name = request.param
    return ways.get(name, lambda path: predict(TREES["IMN"], (LAW, LAW), path, name).curve)


def components(curve: Curve, load: str) -> tuple[Array, Array]:
    place = COMPONENTS.index(load)
    return engineering_strain(curve.strain)[:, place], engineering_stress(curve.stress)[:, place]


def test_residual_strain_after_unloading_and_reloading(follow: Follow) -> None:
    """Linear hardening: sigma = sigma_0 + H p and e = sigma / E + p; p stays on unloading."""
    path = piecewise_linear([{"eps_22": 0.03}, {"sig_22": 0}, {"eps_22": 0.05}], 4)
    curve = follow(path)
    strain, stress = components(curve, "22")
    peak = (YIELD + H * 0.03) / (1 + H / E)
    residual = 0.03 - peak / E
    assert stress[4] == pytest.approx(peak, rel=1e-6)
    assert stress[4:9] == pytest.approx(peak * np.array([1, 0.75, 0.5, 0.25, 0]), abs=1e-8)
    assert strain[4:9] == pytest.approx(residual + stress[4:9] / E, rel=1e-6)
    assert strain[8:] == pytest.approx(np.linspace(residual, 0.05, 5), rel=1e-6)
    assert stress[12] == pytest.approx((YIELD + H * 0.05) / (1 + H / E), rel=1e-6)
    assert curve.strain[8, [0, 2]] == pytest.approx(-residual / 2, rel=1e-6)
    assert np.abs(np.delete(curve.stress, 1, axis=1)).max() < 1e-8


def test_residual_shear_and_a_hold_of_its_stress(follow: Follow) -> None:
    """sqrt(3) tau = sigma_0 + H p and gamma = tau / G + sqrt(3) p; a stress held stays."""
    points = [{"eps_12": 0.04}, {"sig_12": 0.01}, {"sig_12": 0.01}, {"eps_12": 0.0}]
    strain, stress = components(follow(piecewise_linear(points, 3)), "12")
    peak = (YIELD + H * 0.04 / np.sqrt(3)) / (np.sqrt(3) + H / G / np.sqrt(3))
    residual = 0.04 - peak / G
    assert stress[3] == pytest.approx(peak, rel=1e-6)
    assert strain[6:10] == pytest.approx(residual + 0.01 / G, rel=1e-6)
    assert stress[6:10] == pytest.approx(0.01, rel=1e-6)
    assert strain[9:] == pytest.approx(strain[9] * np.array([1, 2 / 3, 1 / 3, 0]), abs=1e-9)


def test_a_component_may_be_freed_while_another_is_held(follow: Follow) -> None:
    """Plane strain, elastic: eps_11 at eps_22 = 0, and then sig_22 is let go at eps_11."""
    points = [{"eps_11": 0.004, "eps_22": 0}, {"eps_11": 0.004, "sig_22": 0}]
    curve = follow(piecewise_linear(points, 2))
    lateral = E / (1 - NU**2) * NU * 0.004
    assert curve.stress[2:, 1] == pytest.approx(lateral * np.array([1, 0.5, 0]), abs=1e-9)
    assert curve.strain[2:, 1] == pytest.approx(-NU * 0.004 * np.array([0, 0.5, 1]), abs=1e-9)
    assert curve.strain[2:, 0] == pytest.approx(0.004)


@pytest.mark.parametrize("load", ["11", "22", "12"])
def test_a_network_unloads_like_the_finite_elements(layers: Cell, load: str) -> None:
    """The laminate, of which both are exact: glass between layers that yield."""
    points = [{f"eps_{load}": 0.02}, {f"sig_{load}": 0}, {f"eps_{load}": 0}, {f"sig_{load}": 0.01}]
    path = piecewise_linear(points, 4)
    expected = simulate(layers, (LAW, FIBRE), path)
    for scheme in IN_EQUILIBRIUM:
        curve = predict(LAMINATE, (LAW, FIBRE), path, scheme).curve
        assert distance(curve.stress, expected.stress) < 1e-6
        assert distance(curve.strain, expected.strain) < 1e-6
    strain, stress = components(expected, load)
    assert stress[8] == pytest.approx(0, abs=1e-9)
    assert strain[8] > 1e-4


@pytest.mark.parametrize(
    ("kind", "scheme", "enough"), [("IMN", "newton", 5), ("DMN", "residual_stress", 6)]
)
def test_halved_increments_begin_at_what_was_reached(
    kind: Kind, scheme: SchemeName, enough: int
) -> None:
    """Compiled and as printed they go the same way to a compression that yields, in many steps."""
    path = piecewise_linear([{"eps_12": 0.02}, {"sig_12": -0.03}, {"eps_12": 0.01}], 1)
    compiled = predict(TREES[kind], (MATRIX, FIBRE), path, scheme, max_iterations=enough).curve
    plain = PlainLaw(MATRIX), PlainLaw(FIBRE)
    printed = as_printed.predict(TREES[kind], plain, path, scheme, max_iterations=enough).curve  # type: ignore[arg-type]
    assert distance(compiled.strain, printed.strain) < 1e-9
    assert distance(compiled.stress, printed.stress) < 1e-9
    assert np.array_equal(compiled.iterations, printed.iterations)
    assert compiled.iterations[2] > 4 * enough


@examples(15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS))
def test_any_component_may_change_its_control_at_any_increment(seed: int, kind: Kind) -> None:
    """Elastic phases: what is prescribed is reached, and the rest follows from the stiffness."""
    rng = np.random.default_rng(seed)
    phases = random_stiffness(rng), random_stiffness(rng, 3)
    controlled = rng.random((5, 6)) < 0.5
    targets = rng.normal(scale=1e-3, size=(5, 6))
    stays = controlled[1:] == controlled[:-1]
    targets[:4][stays & (rng.random((4, 6)) < 0.5)] = np.nan
    path = LoadPath(controlled, targets)
    laws = [Elastic(phase) for phase in phases]
    stiffness = stiffness_by_recursion(NETWORKS[kind], *phases)
    many = predict_many(TREES[kind], laws, [monotonic("12", 1e-3, 2, "strain"), path])[1]
    for curve in (predict(TREES[kind], laws, path).curve, many):
        assert curve.stress == pytest.approx(curve.strain @ stiffness, abs=1e-10)
        reached = np.where(controlled, curve.strain[1:], curve.stress[1:])
        known = np.isfinite(targets)
        assert reached[known] == pytest.approx(targets[known], abs=1e-10)
        for number, component in zip(*np.nonzero(~known), strict=True):
            of_kind = (curve.strain if controlled[number, component] else curve.stress)[
                :, component
            ]
            end = number + 1 + np.argmax(known[number + 1 :, component])
            goal = targets[end, component]
            share = 1 / (end - number + 1)
            expected = of_kind[number] + share * (goal - of_kind[number])
            assert of_kind[number + 1] == pytest.approx(expected, abs=1e-10)
