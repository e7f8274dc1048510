"""The exported law against `NetworkLaw`, and what it does with input that is wrong."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pytest
from c_laws import COMPILER, SANITIZED, WARNINGS, CLaw, exported
from hypothesis import assume, given
from hypothesis import strategies as st
from networks import distance, random_network
from numpy.typing import NDArray
from properties import examples
from random_laws import CONSTANTS, MODULI, examples_of
from softening import softening

from evaluation.export import export, source
from evaluation.online import EnsembleLaw, NetworkLaw
from rve.errors import ConvergenceError, InputError
from rve.mandel import rotation_matrix
from rve.materials import J2Plasticity, Law
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.elastic import Elastic
from rve.materials.elastic_constants import Isotropic, Orthotropic, TransverselyIsotropic
from rve.materials.hardening_table import HardeningTable
from rve.materials.viscoplastic import Viscoplastic
from training.network import Kind
from training.tree import Tree, prune

Array = NDArray[np.float64]
pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")

EPOXY = J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80)
CARBON = TransverselyIsotropic(230, 15, 24, 0.2, 0.3)
GLASS = Isotropic(72, 0.22)
# Of both: where the search converges linearly, one iteration more or less shows otherwise.
TOLERANCE = 1e-11
seeds = st.integers(0, 2**32 - 1)


def tree(kind: Kind, layers: int, seed: int) -> Tree:
    rng = np.random.default_rng(seed)
    dead = rng.choice(2**layers, 2**layers // 4, replace=False)
    return prune(random_network(kind, layers, rng, dead))


def law_in_c(trees: list[Tree], *phases: Any, **options: Any) -> CLaw:
    folder = Path(mkdtemp())
    exported(folder, trees, phases, vector=np.zeros((1, 13)), **options)
    return CLaw(folder)


def numbers(*phases: Any) -> list[float]:
    """All constants of two laws."""
    return [float(x) for p in phases for one in fields(p) for x in np.ravel(getattr(p, one.name))]


def path(seed: int, size: float) -> Array:
    """Strains (8, 6), there and part of the way back, of up to the size."""
    rng = np.random.default_rng(seed)
    corners = np.vstack([np.zeros(6), rng.uniform(-1, 1, (2, 6))]) * size
    share = np.linspace(0, 1, 5)[1:, None]
    return np.vstack([a + share * (b - a) for a, b in pairwise(corners)])


def strains(one: Tree, macro: Array, jumps: Array) -> Array:
    """Of the base nodes (n, 6), from the top's and the jump vectors of the blocks, Eq. 20."""
    found = {one.nodes - 1: macro}
    for level in reversed(one.levels):
        for node, children, f1, H in zip(*vars(level).values(), strict=True):
            Hb = H @ jumps[node - len(one.weights)]
            found[children[0]] = found[node] + (1 - f1) * Hb
            found[children[1]] = found[node] - f1 * Hb
    return np.array([found[node] for node in range(len(one.weights))])


def state_of_python(one: Tree, state: Array, shown: int) -> Array:
    """The state of the C law as that of `NetworkLaw`."""
    steps, state = state[shown], state[shown + 1 :]
    macro, blocks = state[:6], len(one.weights) - 1
    jumps = state[6 : 6 + 3 * blocks].reshape(blocks, 3)
    inner = state[6 + 3 * blocks :]
    return np.concatenate([strains(one, macro, jumps).ravel(), inner, [steps]])


@cache
def cases(law: type[Law], kind: Kind) -> tuple[Tree, CLaw]:
    """A random network, and its export with a matrix of this law."""
    one = tree(kind, 4, len(law.__name__))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "TOLERANCE", TOLERANCE)
        return one, law_in_c([one], examples_of[law], CARBON)


@pytest.mark.parametrize("kind", ["IMN", "DMN"])
@pytest.mark.parametrize("law", CONSTANTS)
@examples(15)
@given(data=st.data(), seed=seeds, size=st.floats(-4, -1))
def test_c_equals_python(law: type[Law], kind: Kind, data: Any, seed: int, size: float) -> None:
    """Random constants, and paths from the elastic range to 10 % of strain."""
    one, in_c = cases(law, kind)
    matrix = data.draw(st.builds(law, **MODULI, **CONSTANTS[law]))
    in_python = NetworkLaw(one, (matrix, CARBON.law()), TOLERANCE)
    given_numbers = numbers(matrix, CARBON)
    shown = int("p" in matrix.state)
    expected, state = np.zeros((1, in_python.state_size)), np.zeros(in_c.state_size)
    for strain in path(seed, 10**size):
        try:
            response = in_python.respond(strain[None], expected, 0.5)
        except ConvergenceError:
            assume(False)
        answer = in_c.step(strain, state, 0.5, given_numbers)
        assert answer.status == 0
        assert distance(answer.stress, response.stress[0]) < 1e-10
        assert distance(answer.tangent, response.tangent[0]) < 1e-8
        own = state_of_python(one, answer.state, shown)
        assert own[-1] == response.state[0, -1] >= 1
        assert distance(own[:-1], response.state[0, :-1]) < 1e-10
        expected, state = response.state, answer.state


@pytest.mark.parametrize("kind", ["IMN", "DMN"])
@pytest.mark.parametrize("law", [J2Plasticity, ArmstrongFrederick])
@examples(20)
@given(seed=seeds, size=st.floats(-4, -1.5))
def test_tangent_is_the_derivative(law: type[Law], kind: Kind, seed: int, size: float) -> None:
    _, in_c = cases(law, kind)
    given_numbers = numbers(examples_of[law], CARBON)
    before, strain = path(seed, 10**size)[:2]
    state = in_c.step(before, properties=given_numbers).state
    answer = in_c.step(strain, state, properties=given_numbers)
    step = 1e-6 * np.linalg.norm(strain)
    found = [
        (
            in_c.step(strain + step * e, state, properties=given_numbers).stress
            - in_c.step(strain - step * e, state, properties=given_numbers).stress
        )
        / (2 * step)
        for e in np.eye(6)
    ]
    # Where a base node begins to yield within the step the stress has a kink.
    assume(distance(np.transpose(found), answer.tangent) < 0.01)
    assert distance(np.transpose(found), answer.tangent) < 1e-5


def test_table_of_any_length() -> None:
    """Of 300 rows, some of whose knots the path reaches and some it leaps over."""
    p = np.linspace(0, 0.3, 300) ** 1.5
    table = HardeningTable(3.2, 0.35, tuple(zip(p, 0.03 + 0.05 * np.sqrt(p), strict=True)))
    one = tree("IMN", 3, 12)
    in_c, in_python = law_in_c([one], table, CARBON), NetworkLaw(one, (table, CARBON.law()))
    expected, state = np.zeros((1, in_python.state_size)), np.zeros(in_c.state_size)
    for strain in path(5, 0.05):
        response = in_python.respond(strain[None], expected)
        answer = in_c.step(strain, state)
        assert distance(answer.stress, response.stress[0]) < 1e-9
        expected, state = response.state, answer.state


def test_flow_stress_that_falls_too_steeply_is_no_equilibrium() -> None:
    """By more than 3 G: the equation of the step has more than one root."""
    strain, one = np.array([0, 0, 0, 0, 0, 0.1]), tree("IMN", 3, 13)
    assert law_in_c([one], softening(0.5), GLASS).step(strain).status == 0
    assert law_in_c([one], softening(1.5), GLASS).step(strain).status == 1


def test_mean_of_several_networks() -> None:
    trees = [tree("IMN", 3, 1), tree("DMN", 4, 2), tree("IMN", 5, 3)]
    in_c, in_python = law_in_c(trees, EPOXY, CARBON), EnsembleLaw(trees, (EPOXY, CARBON.law()))
    expected, state = np.zeros((1, in_python.state_size)), np.zeros(in_c.state_size)
    for strain in path(1, 0.02):
        response = in_python.respond(strain[None], expected)
        answer = in_c.step(strain, state)
        assert answer.stress == pytest.approx(response.stress[0], rel=1e-10)
        assert answer.tangent == pytest.approx(response.tangent[0], rel=1e-8, abs=1e-10)
        expected, state = response.state, answer.state


def test_network_of_one_node_is_the_material() -> None:
    one = prune(random_network("IMN", 1, np.random.default_rng(0), dead=[1]))
    in_c = law_in_c([one], EPOXY, GLASS)
    state, expected = np.zeros(in_c.state_size), np.zeros((1, EPOXY.state_size))
    for strain in path(2, 0.05):
        answer, response = in_c.step(strain, state), EPOXY.respond(strain[None], expected)
        assert answer.stress == pytest.approx(response.stress[0], rel=1e-10)
        assert answer.state[0] == pytest.approx(response.state[0, 6], rel=1e-10)
        state, expected = answer.state, response.state


def test_state_shows_the_mean_plastic_strain_of_the_matrix() -> None:
    one = tree("IMN", 4, 5)
    in_c = law_in_c([one], EPOXY, GLASS)
    answer = in_c.step(np.full(6, 0.02))
    matrix = one.phases == 0
    p = answer.state[-7 * matrix.sum() :].reshape(-1, 7)[:, 6]
    assert answer.state[0] == pytest.approx(np.average(p, weights=one.weights[matrix]), rel=1e-12)
    assert answer.state[0] > 0.01


@pytest.mark.parametrize(
    "fibre", [GLASS, CARBON, Orthotropic(15, 16, 200, 6, 20, 21, 0.3, 0.02, 0.021)]
)
@pytest.mark.parametrize("kind", ["IMN", "DMN"])
def test_properties_of_the_caller_stand_for_those_of_the_export(kind: Kind, fibre: Any) -> None:
    one, strain, other = tree(kind, 3, 4), path(3, 0.02)[0], J2Plasticity(4.0, 0.3, 0.05, H=0.2)
    in_c = law_in_c([one], other, fibre, unit="MPa")
    own = law_in_c([one], EPOXY, fibre, unit="MPa")
    scaled = [
        x * 1e3 if declared.unit == "GPa" else x
        for phase in (EPOXY, fibre)
        for (one_field, declared) in phase.parameters().items()
        for x in [getattr(phase, one_field.name)]
    ]
    assert in_c.step(strain, properties=scaled).stress == pytest.approx(
        own.step(strain).stress, rel=1e-12
    )
    assert in_c.step(strain).stress != pytest.approx(own.step(strain).stress, rel=1e-3)


def test_units() -> None:
    one, strain = tree("IMN", 3, 6), path(4, 0.02)[0]
    in_gigapascal = law_in_c([one], EPOXY, GLASS).step(strain)
    for unit, factor in (("MPa", 1e3), ("Pa", 1e9)):
        answer = law_in_c([one], EPOXY, GLASS, unit=unit).step(strain)
        assert answer.stress == pytest.approx(factor * in_gigapascal.stress, rel=1e-14)
        assert answer.tangent == pytest.approx(factor * in_gigapascal.tangent, rel=1e-14)
        assert answer.state == pytest.approx(in_gigapascal.state, rel=1e-14)


@pytest.mark.parametrize("axis", [1, 2, 3])
def test_fibres_lie_along_the_axis_and_the_angle_turns_them(axis: int) -> None:
    """Of a fibre that is all there is, stiff along its axis."""
    one = prune(random_network("IMN", 1, np.random.default_rng(0), dead=[0]))
    in_c = law_in_c([one], EPOXY, CARBON, fibres_along=axis)
    stiffness = in_c.step(np.zeros(6)).tangent
    assert np.argmax(np.diag(stiffness)) == axis - 1
    angle = np.radians(30)
    c, s = np.cos(angle), np.sin(angle)
    turn = rotation_matrix(np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]))
    turned = in_c.step(np.zeros(6), properties=[30]).tangent
    assert turned == pytest.approx(turn @ stiffness @ turn.T, rel=1e-12, abs=1e-10)


@pytest.mark.parametrize("matrix", examples_of.values())
def test_no_undefined_behaviour(matrix: Law, tmp_path: Path) -> None:
    """Nor does a compiler warn, and the test vector comes out as in Python."""
    trees = [tree("IMN", 4, 7), tree("DMN", 3, 8)]
    exported(tmp_path, trees, (matrix, CARBON), interface="umat", unit="MPa", fibres_along=1)
    command = ["cc", "-std=c99", "-O1", *WARNINGS, *SANITIZED, "check.c", "composite.c"]
    subprocess.run([*command, "-o", "check", "-lm"], cwd=tmp_path, check=True)
    run = subprocess.run([tmp_path / "check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "as in Python" in run.stdout


def test_built_and_checked_by_the_script(tmp_path: Path) -> None:
    exported(tmp_path, [tree("IMN", 3, 9)], (EPOXY, GLASS), interface="umat")
    run = subprocess.run(["sh", tmp_path / "build.sh"], capture_output=True, text=True, check=True)
    assert "as in Python" in run.stdout
    assert (tmp_path / "libCOMPOSITE.so").resolve() == tmp_path / "libcomposite.so"


def test_calls_at_the_same_time_do_not_see_each_other() -> None:
    in_c = law_in_c([tree("IMN", 4, 10)], EPOXY, GLASS)
    points = [path(seed, 0.03) for seed in range(8)]

    def follow(steps: Array) -> Array:
        state, stresses = np.zeros(in_c.state_size), []
        for strain in steps:
            answer = in_c.step(strain, state)
            state = answer.state
            stresses.append(answer.stress)
        return np.array(stresses)

    alone = [follow(steps) for steps in points]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(follow, points * 5))
    assert all(np.array_equal(a, b) for a, b in zip(alone * 5, together, strict=True))


@pytest.fixture(scope="module")
def in_c() -> CLaw:
    return law_in_c([tree("IMN", 3, 11)], EPOXY, GLASS)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_strain_that_is_no_number(in_c: CLaw, wrong: float) -> None:
    answer = in_c.step(np.array([0, 0.01, wrong, 0, 0, 0]), np.full(in_c.state_size, 0.5))
    assert answer.status == 2
    assert (answer.state == 0.5).all() and np.isnan(answer.stress).all()


@pytest.mark.parametrize("properties", [[1.0, 2.0], [np.nan], [1.0] * 10])
def test_properties_that_do_not_fit(in_c: CLaw, properties: list[float]) -> None:
    assert in_c.step(np.zeros(6), properties=properties).status == 3


def test_state_that_is_too_small(in_c: CLaw) -> None:
    assert in_c.step(np.zeros(6), state_size=in_c.state_size - 1).status == 4


def test_step_without_equilibrium_writes_nothing(in_c: CLaw) -> None:
    """No stress of this strain is finite."""
    answer = in_c.step(np.full(6, 1e308), np.full(in_c.state_size, 1e-3))
    assert answer.status == 1
    assert (answer.state == 1e-3).all() and np.isnan(answer.stress).all()


def test_strain_whose_square_is_infinite(in_c: CLaw) -> None:
    assert in_c.step(np.full(6, 1e160)).status == 1


def test_unloaded_to_nothing_and_held() -> None:
    """Elastic, with fibres of almost no stiffness; as `NetworkLaw` does it."""
    in_c = law_in_c([tree("IMN", 4, 5)], Isotropic(3.8, 0.387), Isotropic(1e-7, 0.3))
    strain = 0.01 * np.random.default_rng(1).normal(size=6)
    loaded = in_c.step(strain)
    state = loaded.state
    for _ in range(3):
        answer = in_c.step(np.zeros(6), state)
        state = answer.state
        assert answer.status == 0 and state[0] == 1
        assert np.abs(answer.stress).max() < 1e-12 * np.abs(loaded.stress).max()


def test_state_says_into_how_many_steps_the_law_halved_an_increment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, matrix = tree("IMN", 4, 5), Viscoplastic(3.8, 0.387, 0.003, 3, 0.001, 0.01, 0.02)
    monkeypatch.setattr(source, "MAX_ITERATIONS", 5)
    in_c = law_in_c([one, tree("IMN", 3, 2)], matrix, GLASS)
    assert "    1 .. 1     steps in which the last increment was made" in in_c.header
    laws = [
        NetworkLaw(net, (matrix, GLASS.law()), max_iterations=5) for net in (one, tree("IMN", 3, 2))
    ]
    strain = np.array([0, 0, 0, 0, 0, 0.02])
    steps = [law.respond(strain[None], np.zeros((1, law.state_size))).state[0, -1] for law in laws]
    assert in_c.step(strain).state[1] == max(steps) > 1


@pytest.mark.parametrize(
    ("number", "wrong"), [(0, 0.0), (0, -3.2), (0, 3200.0), (1, 0.5), (1, -1.0), (3, -1e-9)]
)
def test_properties_beyond_their_range(in_c: CLaw, number: int, wrong: float) -> None:
    """A modulus in MPa passed in GPa among them."""
    properties = numbers(EPOXY, GLASS)
    assert in_c.step(np.zeros(6), properties=properties).status == 0
    properties[number] = wrong
    assert in_c.step(np.zeros(6), properties=properties).status == 3


@pytest.mark.parametrize(
    ("phases", "message"),
    [
        ((EPOXY, Elastic(np.eye(6))), "fibre: an Elastic that is made of a stiffness has no const"),
        ((EPOXY, {"law": "isotropic"}), "expected laws of matrix, fibre, got J2Plasticity"),
        ({"matrix": EPOXY}, "materials: the phases are matrix, fibre; "),
        ((EPOXY,), "expected laws of matrix, fibre, got J2Plasticity; make them with"),
    ],
)
def test_law_without_constants_is_refused(tmp_path: Path, phases: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        export(tmp_path / "law", [tree("IMN", 2, 1)], phases, interface="c")
    assert list(tmp_path.iterdir()) == []


def test_what_materials_and_load_return_is_exported_as_it_is(tmp_path: Path) -> None:
    """The same file as of the constants and of the active part of the network."""
    network = random_network("IMN", 2, np.random.default_rng(1))
    laws = (EPOXY, GLASS.law())
    for folder, one, phases in (("a", network, laws), ("b", prune(network), (EPOXY, GLASS))):
        export(tmp_path / folder / "law", [one], phases, interface="umat")
    for file in ("law.c", "law.h", "check.c"):
        assert (tmp_path / "a/law" / file).read_bytes() == (tmp_path / "b/law" / file).read_bytes()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"interface": "Umat"},
            "interface: expected one of c, mfront, umat, usermat, got 'Umat'; ",
        ),
        ({"interface": "Umat"}, "did you mean 'umat'?"),
        ({"unit": "mpa"}, "unit: expected one of GPa, MPa, Pa, got 'mpa'; did you mean 'MPa'?"),
        ({"fibres_along": 0}, "fibres_along: expected one of 1, 2, 3, got 0"),
        ({"fibres_along": "1"}, "fibres_along: expected one of 1, 2, 3, got '1'; did you mean 1?"),
        ({"fibres_along": True}, "fibres_along: expected one of 1, 2, 3, got True"),
    ],
)
def test_choices_that_are_none(tmp_path: Path, given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        export(tmp_path / "law", [tree("IMN", 2, 1)], (EPOXY, GLASS), **{"interface": "c"} | given)
    assert list(tmp_path.iterdir()) == []


def test_rows_of_a_table_have_short_descriptions(tmp_path: Path) -> None:
    table = HardeningTable(3.2, 0.35, ((0, 0.03), (0.01, 0.05)))
    exported(tmp_path, [tree("IMN", 1, 1)], (table, GLASS), vector=np.zeros((1, 13)))
    (header,) = tmp_path.glob("*.h")
    assert "table, row 2: flow stress" in header.read_text()
    assert "the stress never falls" not in header.read_text()
