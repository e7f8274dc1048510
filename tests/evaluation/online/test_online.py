"""Online prediction against material points, layered media and the paper's equations."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from interpreted import BaseNodes, PlainLaw
from networks import (
    Array,
    composite,
    curve_of,
    distance,
    laminate_point,
    mandel_rotation,
    material_point,
    random_network,
    random_stiffness,
    spherical_frame,
    stiffness_by_recursion,
    there_and_back,
    traction_jumps,
)

from evaluation.measures.error import curve_error
from evaluation.online import as_printed
from evaluation.online.equilibrium import equilibrium as iterate
from evaluation.online.equilibrium import search_of
from evaluation.online.flat_network import flat_network
from evaluation.online.iteration import condense, localise, prepare
from evaluation.online.loop_arguments import Load
from evaluation.online.prediction import SINGLE, Prediction, SchemeName, predict
from evaluation.online.schemes.newton import assemble, interaction_matrix, spread
from rve.errors import ConvergenceError, InputError
from rve.kernels.tile import ENTRIES, UPPER
from rve.loads.load_path import Control, LoadPath, monotonic
from rve.mandel import COMPONENTS
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.layout import STRESS, TANGENT
from training.network import Kind, MaterialNetwork, orient
from training.tree import prune

ROUNDING = 1e-12

CONVERGED = 1e-8
"""Default tolerance of the online iterations, and so the agreement of two converged answers."""

KINDS: list[Kind] = ["DMN", "IMN"]
NAMES: list[SchemeName] = ["residual_stress", "newton", "tree_newton"]
"""Those that reach equilibrium."""

EVERY: list[SchemeName] = [*NAMES, "fixed_point"]
CONTROLS: list[Control] = ["stress", "strain"]
AMPLITUDES = dict.fromkeys(COMPONENTS, 0.04) | {"33": 0.02}

MATRIX, FIBRE = composite()
PLAIN = PlainLaw(MATRIX), PlainLaw(FIBRE)
STEEL = J2Plasticity(210.0, 0.3, yield_stress=0.3, H=2.0, Q=0.1, b=50.0)

each_kind = pytest.mark.parametrize("kind", KINDS)
each_scheme = pytest.mark.parametrize("scheme", NAMES)
each_control = pytest.mark.parametrize("control", CONTROLS)
each_load = pytest.mark.parametrize("load", COMPONENTS)


def network(kind: Kind) -> MaterialNetwork:
    """Three layers, five active base nodes of both phases."""
    return random_network(kind, 3, np.random.default_rng(8), [1, 2, 6])


TREES = {kind: prune(network(kind)) for kind in KINDS}


@each_kind
@each_scheme
@each_control
def test_a_network_of_one_material_is_that_material(
    kind: Kind, scheme: SchemeName, control: Control
) -> None:
    """Loading, unloading and reverse yielding of the matrix, by MINPACK without a tangent."""
    path = there_and_back(control)
    strain, stress = material_point(MATRIX, path)
    curve = predict(TREES[kind], (MATRIX, MATRIX), path, scheme).curve
    assert distance(curve.strain[1:], strain) < CONVERGED
    assert distance(curve.stress[1:], stress) < CONVERGED


@each_kind
@each_scheme
@each_control
def test_elastic_network_has_its_homogenised_stiffness(
    kind: Kind, scheme: SchemeName, control: Control
) -> None:
    """Phases without symmetry; the stiffness is that of the paper's recursion."""
    rng = np.random.default_rng(9)
    phases = random_stiffness(rng), random_stiffness(rng, 30)
    stiffness = stiffness_by_recursion(network(kind), *phases)
    for component in COMPONENTS:
        path = monotonic(component, 0.01, 2, control)
        curve = predict(TREES[kind], [Elastic(phase) for phase in phases], path, scheme).curve
        assert distance(curve.stress, curve.strain @ stiffness) < 1e-10
        controlled = path.strain_controlled[0]
        assert curve.strain[1:, controlled] == pytest.approx(path.targets[:, controlled])
        assert np.abs(curve.stress[:, ~controlled]).max(initial=0) < 1e-10


@pytest.fixture(scope="module")
def predictions() -> dict[tuple[str, ...], Prediction]:
    """Composite 1 under all loads, by all schemes on both kinds of trees."""
    return {
        (kind, scheme, control, load): predict(
            TREES[kind], (MATRIX, FIBRE), monotonic(load, AMPLITUDES[load], 8, control), scheme
        )
        for kind, scheme, control, load in product(KINDS, NAMES, CONTROLS, COMPONENTS)
    }


@each_kind
@each_control
@each_load
def test_all_schemes_find_the_same_equilibrium(
    predictions: dict[tuple[str, ...], Prediction], kind: Kind, control: Control, load: str
) -> None:
    """On the same tree: macroscopic curves, local strains, stresses and states."""
    first, *others = (predictions[kind, scheme, control, load] for scheme in NAMES)
    for other in others:
        assert distance(other.curve.strain, first.curve.strain) < CONVERGED
        assert distance(other.curve.stress, first.curve.stress) < CONVERGED
        assert distance(other.strain, first.strain) < CONVERGED
        assert distance(other.stress, first.stress) < CONVERGED
        assert distance(other.states[0], first.states[0]) < CONVERGED
        assert distance(other.tangent, first.tangent) < 1e-6
    plastic = first.states[0][:, 6]
    assert plastic.max() > 1e-3, "the load must make the matrix yield"


def test_tractions_are_in_equilibrium_along_every_path(
    predictions: dict[tuple[str, ...], Prediction],
) -> None:
    assert max(prediction.traction_defect for prediction in predictions.values()) < CONVERGED


def test_all_three_take_the_same_iterations(
    predictions: dict[tuple[str, ...], Prediction],
) -> None:
    """They solve the same linearised equilibrium, whose iterates are equal but for rounding."""
    for kind, control, component in product(KINDS, CONTROLS, COMPONENTS):
        counts = [predictions[kind, name, control, component].curve.iterations for name in NAMES]
        assert all((count == counts[0]).all() for count in counts)


@each_kind
@each_control
@pytest.mark.parametrize("stop", range(1, 6))
def test_iterates_are_those_of_algorithm_3(kind: Kind, control: Control, stop: int) -> None:
    """Cut off after so many iterations of one large increment, before and at convergence."""
    tree = prune(random_network(kind, 5, np.random.default_rng(3), range(0, 30, 3)))
    network = flat_network(tree, (MATRIX, FIBRE), dense=True)
    path = monotonic("12", 0.03, 1, control)
    load, strains = Load((~path.strain_controlled[0]).astype(float), path.targets[0]), []
    for scheme in ("newton", "tree_newton", "residual_stress"):
        work = prepare(SINGLE, network)
        iterate(SINGLE, network, work, load, search_of(scheme, 0.0, stop))
        strains.append(np.append(work.tiles[: len(network.weights), 0, 27:33], work.macro))
    assert distance(strains[1], strains[0]) < 1e-9
    assert distance(strains[2], strains[0]) < 1e-9


@each_kind
@each_control
@pytest.mark.parametrize("scheme", EVERY)
def test_compiled_scheme_is_that_as_printed(
    kind: Kind, control: Control, scheme: SchemeName
) -> None:
    """There and back, with as many iterations; Newton's method of a DMN against Algorithm 1."""
    path, newton = there_and_back(control), scheme in ("newton", "tree_newton")
    compiled = predict(TREES[kind], (MATRIX, FIBRE), path, scheme)
    printed = ("residual_stress" if kind == "DMN" else "newton") if newton else scheme
    curve, strain, states, _ = as_printed.predict(TREES[kind], PLAIN, path, printed)
    assert distance(compiled.curve.strain, curve.strain) < 1e-10
    assert distance(compiled.curve.stress, curve.stress) < 1e-10
    assert (compiled.curve.iterations == curve.iterations).all()
    turns = TREES[kind].rotations
    strain = strain if turns is None else (turns @ strain[..., None])[..., 0]
    assert distance(compiled.strain, strain) < 1e-10
    assert distance(compiled.states[0][:, 6], states[0][:, 6]) < 1e-10


def test_algorithm_3_as_printed_ends_in_the_same_equilibrium() -> None:
    """Begun under the macroscopic strain, stopped by R: an elastic increment takes two."""
    path = there_and_back("strain")
    ours = as_printed.predict(TREES["IMN"], PLAIN, path, "newton")
    printed = as_printed.predict(TREES["IMN"], PLAIN, path, "newton", balance=1e-9)
    assert distance(printed.curve.stress, ours.curve.stress) < 1e-7
    assert distance(printed.strain, ours.strain) < 1e-7
    assert (printed.curve.iterations[1:] >= 2).all()
    assert printed.curve.iterations.sum() < ours.curve.iterations.sum()
    elastic = PLAIN[1], PlainLaw(Elastic(2 * FIBRE.stiffness))
    counts = as_printed.predict(
        TREES["IMN"], elastic, path, "newton", balance=1e-9
    ).curve.iterations
    assert (counts[1:] == 2).all()


@pytest.mark.parametrize(("scheme", "control"), [("fixed_point", "strain"), ("newton", "stress")])
def test_a_balance_is_for_algorithm_3_under_strain_control(
    scheme: as_printed.PrintedScheme, control: Control
) -> None:
    with pytest.raises(InputError, match="balance is for Algorithm 3 under strain control"):
        as_printed.predict(TREES["IMN"], PLAIN, there_and_back(control), scheme, balance=1e-6)


def test_algorithm_3_is_one_of_an_imn() -> None:
    with pytest.raises(InputError, match="Algorithm 3 is one of an IMN; got a DMN"):
        as_printed.predict(TREES["DMN"], PLAIN, there_and_back("strain"), "newton")


def test_iterations_of_a_halved_increment_add_up() -> None:
    """One iteration too few for the hardest increment: its halves together take more."""
    path = monotonic("12", 0.04, 4, "stress")
    whole = predict(TREES["IMN"], (MATRIX, FIBRE), path, "newton").curve.iterations
    limit = whole.max() - 1
    halved = predict(TREES["IMN"], (MATRIX, FIBRE), path, "newton", max_iterations=limit).curve
    assert halved.iterations[whole.argmax()] > limit


@each_scheme
@each_control
@pytest.mark.parametrize("fibre", [FIBRE, STEEL], ids=["elastic fibre", "elastoplastic fibre"])
def test_one_block_is_the_elastoplastic_laminate(
    scheme: SchemeName, control: Control, fibre: Elastic | J2Plasticity
) -> None:
    """Its jump vector found by MINPACK, without a tangent; loading, unloading, reverse yielding."""
    theta, phi, f1 = 0.11, 0.23, 0.4
    normal = spherical_frame(2 * np.pi * theta, np.pi * phi)[:, 2]
    tree = prune(MaterialNetwork("IMN", np.array([f1, 1 - f1]), np.array([[theta, phi]])))
    path = there_and_back(control)
    strain, stress = laminate_point((MATRIX, fibre), f1, normal, path)
    curve = predict(tree, (MATRIX, fibre), path, scheme).curve
    assert distance(curve.strain[1:], strain) < CONVERGED
    assert distance(curve.stress[1:], stress) < CONVERGED


@each_scheme
@each_control
def test_dmn_of_isotropic_phases_is_the_imn_of_its_normals(
    scheme: SchemeName, control: Control
) -> None:
    """Turning an isotropic material does nothing, elastic or not."""
    dmn = network("DMN")
    normals = np.concatenate(orient(dmn).normals)
    theta = np.arctan2(normals[:, 1], normals[:, 0]) / (2 * np.pi)
    angles = np.column_stack([theta, np.arccos(normals[:, 2]) / np.pi])
    path = there_and_back(control)
    trees = prune(dmn), prune(MaterialNetwork("IMN", dmn.z, angles))
    first, second = (predict(tree, (MATRIX, STEEL), path, scheme).curve for tree in trees)
    assert distance(first.strain, second.strain) < CONVERGED
    assert distance(first.stress, second.stress) < CONVERGED


@each_kind
def test_base_materials_respond_in_their_own_frames(kind: Kind) -> None:
    """Stress of a material turned by R: R s(R^T e), node by node."""
    tree = TREES[kind]
    answer = predict(tree, (MATRIX, FIBRE), monotonic("12", 0.02, 1, "strain"))
    alive = [n for n in range(8) if network(kind).z[n] > 0]
    for number, n in enumerate(alive):
        Q = np.eye(3) if kind == "IMN" else orient(network(kind)).rotations[n]
        R, law = mandel_rotation(Q), (MATRIX, FIBRE)[n % 2]
        local = (R.T @ answer.strain[number])[None]
        expected = R @ law.respond(local, np.zeros((1, law.state_size))).stress[0]
        assert answer.stress[number] == pytest.approx(expected, abs=ROUNDING)


@each_kind
@each_scheme
def test_unloading_is_elastic(kind: Kind, scheme: SchemeName) -> None:
    """A small step back after yielding follows the homogenised elastic stiffness."""
    peak = monotonic("12", 0.04, 6, "strain")
    targets = np.vstack([peak.targets, 0.999 * peak.targets[-1]])
    path = LoadPath(peak.strain_controlled[0], targets)
    curve = predict(TREES[kind], (MATRIX, FIBRE), path, scheme).curve
    elastic = stiffness_by_recursion(network(kind), MATRIX.stiffness, FIBRE.stiffness)
    stress, strain = np.diff(curve.stress, axis=0), np.diff(curve.strain, axis=0)
    assert distance(stress[-1], elastic @ strain[-1]) < 1e-6
    assert distance(stress[-2], elastic @ strain[-2]) > 0.1


@dataclass(frozen=True)
class Equilibrium:
    """A converged elastoplastic state of a tree, and the states it came from."""

    base: BaseNodes
    before: tuple[Array, ...]
    path: LoadPath
    now: Prediction


@pytest.fixture(scope="module", params=KINDS)
def equilibrium(request: pytest.FixtureRequest) -> Equilibrium:
    """Composite 1 after the second of two increments of strain, converged to rounding."""
    tree, path = TREES[request.param], monotonic("12", 0.03, 2, "strain")
    first = LoadPath(path.strain_controlled[0], path.targets[:1])
    before = as_printed.predict(tree, PLAIN, first, "residual_stress", tolerance=ROUNDING)
    now = predict(tree, (MATRIX, FIBRE), path, "newton", tolerance=ROUNDING)
    return Equilibrium(BaseNodes(tree, (MATRIX, FIBRE)), before.states, path, now)


@each_scheme
def test_homogenised_tangent_is_the_derivative_of_the_stress(
    scheme: SchemeName, equilibrium: Equilibrium
) -> None:
    """Consistent: central differences of whole converged increments, component by component."""
    tree, path, step = equilibrium.base.tree, equilibrium.path, 1e-6
    tangent = predict(tree, (MATRIX, FIBRE), path, scheme, ROUNDING).tangent

    def stress_at(component: int, change: float) -> Array:
        targets = path.targets.copy()
        targets[-1, component] += change
        load = LoadPath(path.strain_controlled[0], targets)
        return predict(tree, (MATRIX, FIBRE), load, scheme, ROUNDING).curve.stress[-1]

    slopes = [(stress_at(c, step) - stress_at(c, -step)) / (2 * step) for c in range(6)]
    assert distance(tangent, np.array(slopes).T) < 1e-6


def test_jacobian_is_the_derivative_of_the_residual(equilibrium: Equilibrium) -> None:
    """Eq. 31, J = A^T W K A, against central differences of Eq. 27 in a yielding network."""
    tree, base = equilibrium.base.tree, equilibrium.base
    A, strain, step = interaction_matrix(tree), equilibrium.now.strain, 1e-8
    K = base.respond(strain, equilibrium.before)[1]
    WKA = tree.weights[:, None, None] * K @ A.reshape(len(strain), 6, -1)
    J = A.T @ WKA.reshape(A.shape)

    def residual(jumps: Array) -> Array:
        stress, _, _ = base.respond(strain + (A @ jumps).reshape(-1, 6), equilibrium.before)
        return traction_jumps(tree, stress).ravel()

    slopes = [(residual(e) - residual(-e)) / (2 * step) for e in step * np.eye(A.shape[1])]
    assert distance(J, np.array(slopes).T) < 1e-6


@each_kind
@pytest.mark.parametrize("dense", [False, True], ids=["tree", "Algorithm 3"])
def test_linearised_equilibrium_is_one(kind: Kind, dense: bool) -> None:
    """Any stresses and tangents: tractions are continuous, Eq. 27, means are macroscopic."""
    tree, rng = TREES[kind], np.random.default_rng(13)
    shares = tree.weights / tree.weights.sum()
    step, stress = rng.normal(size=6), rng.normal(size=(len(shares), 6))
    tangent = np.array([random_stiffness(rng) for _ in shares])
    net = flat_network(tree, (MATRIX, FIBRE), dense=True)
    work = prepare(SINGLE, net)
    i, j = np.transpose(UPPER)
    work.tiles[: len(shares), 0, TANGENT:ENTRIES] = tangent[:, i, j]
    work.tiles[: len(shares), 0, STRESS : STRESS + 6] = stress
    work.step[:] = work.changes[-1, 0] = step
    if dense:
        assemble(net, work)
        spread(net, work)
    else:
        condense(SINGLE, net, work)
        localise(SINGLE, net, work)
    changes = work.changes[: len(shares), 0]
    new_stress = stress + np.einsum("nij,nj->ni", tangent, changes)
    assert np.abs(traction_jumps(tree, new_stress)).max() < 1e-10
    assert distance(shares @ changes, step) < ROUNDING
    top = np.empty((6, 6))
    top[i, j] = top[j, i] = work.tiles[-1, 0, :ENTRIES]
    top_stress = work.tiles[-1, 0, STRESS : STRESS + 6]
    assert distance(top_stress + top @ step, shares @ new_stress) < 1e-10


def test_macroscopic_work_is_the_mean_work_of_the_base_nodes(equilibrium: Equilibrium) -> None:
    """The means of strain and stress, Eqs. 13-14, and Hill-Mandel's condition, Eq. 15."""
    strain, weights = equilibrium.now.strain, equilibrium.base.tree.weights
    stress = equilibrium.now.stress
    macro_strain, macro_stress = equilibrium.now.curve.strain[-1], equilibrium.now.curve.stress[-1]
    shares = weights / weights.sum()
    assert distance(shares @ strain, macro_strain) < ROUNDING
    assert distance(shares @ stress, macro_stress) < ROUNDING
    work = shares @ (stress * strain).sum(axis=1)
    assert work == pytest.approx(macro_stress @ macro_strain, rel=1e-10)


@each_kind
def test_traction_defect_is_the_worst_residual_of_the_path(kind: Kind) -> None:
    """|A^T W sigma| over its sum of magnitudes; one iteration an increment, so not in balance."""
    tree, path = TREES[kind], monotonic("12", 0.04, 4, "strain")
    path.targets[3] = 0.99 * path.targets[2]
    A, defects = interaction_matrix(tree), []
    for number in range(1, 5):
        part = LoadPath(path.strain_controlled[0], path.targets[:number])
        loose = predict(tree, (MATRIX, FIBRE), part, "newton", tolerance=2.0)
        stress = loose.stress
        magnitude = np.abs(A).T @ (np.repeat(tree.weights, 6) * np.abs(stress.ravel()))
        defects.append(np.linalg.norm(traction_jumps(tree, stress)) / np.linalg.norm(magnitude))
    assert max(defects) > max(1e-3, 2 * defects[-1])
    assert loose.traction_defect == pytest.approx(max(defects), rel=1e-10)


@each_scheme
def test_too_few_iterations_name_the_increment_that_failed(scheme: SchemeName) -> None:
    path = monotonic("12", 0.04, 5, "stress")
    message = "increment 1 of 5 failed after 8 bisections: no equilibrium of the network"
    with pytest.raises(ConvergenceError, match=message):
        predict(TREES["IMN"], (MATRIX, FIBRE), path, scheme, max_iterations=1)


@each_scheme
def test_nothing_happens_without_load(scheme: SchemeName) -> None:
    path = LoadPath(np.arange(6) == 0, np.zeros((2, 6)))
    curve = predict(TREES["DMN"], (MATRIX, FIBRE), path, scheme).curve
    assert (curve.strain == 0).all()
    assert (curve.stress == 0).all()


def test_curve_error_is_the_relative_norm_of_all_stresses() -> None:
    """A term of Eq. 32: |(0, 0, 3, 0, 4, 0)| = 5 over |(6, 0, .., 8)| = 10."""
    reference = curve_of([[0] * 6, [6, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 8]])
    predicted = curve_of([[0] * 6, [6, 0, 3, 0, 0, 0], [0, 0, 0, 0, 4, 8]])
    assert curve_error(predicted, reference) == pytest.approx(0.5, rel=ROUNDING)


def test_curves_of_different_length_cannot_be_compared() -> None:
    message = "the prediction has 1 increments, the reference 2"
    with pytest.raises(ValueError, match=message):
        curve_error(curve_of([[0] * 6] * 2), curve_of([[0] * 6] * 3))
