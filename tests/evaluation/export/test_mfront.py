"""MFront's generic behaviour: what MGIS asks, what it passes, and what it gets."""

import ctypes
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_laws import SANITIZED, WARNINGS, CLaw, exported
from fortran import UNSYMMETRIC
from networks import random_network
from numpy.typing import NDArray

from evaluation.export.functions import caller_to_cell
from evaluation.online import NetworkLaw
from rve.errors import InputError
from rve.mandel import rotation_matrix
from rve.materials.elastic_constants import TransverselyIsotropic
from training.tree import prune

Array = NDArray[np.float64]

ORDER = [0, 1, 2, 5, 4, 3]  # 11, 22, 33, 12, 13, 23 among 11, 22, 33, 23, 31, 12
PAIRS = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)]
HYPOTHESES = {"Tridimensional": 6, "PlaneStrain": 4, "Axisymmetrical": 4}
CARBON = TransverselyIsotropic(230, 15, 24, 0.2, 0.3)
TREE = prune(random_network("IMN", 3, np.random.default_rng(0)))
STRAIN = np.array([0.012, -0.007, 0.002, 0.01, -0.006, 0.008])


class Begin(ctypes.Structure):
    """Members that `mgis_bv_InitialStateView` and `mgis_bv_StateView` of MGIS 3.1 have."""

    _fields_ = [
        (name, ctypes.c_void_p)
        for name in (
            "gradients",
            "thermodynamic_forces",
            "mass_density",
            "material_properties",
            "internal_state_variables",
            "stored_energy",
            "dissipated_energy",
            "external_state_variables",
        )
    ]


class View(ctypes.Structure):
    """Members of `mgis_bv_BehaviourDataView`."""

    _fields_ = [
        ("error_message", ctypes.c_char_p),
        ("dt", ctypes.c_double),
        ("K", ctypes.c_void_p),
        ("rdt", ctypes.c_void_p),
        ("speed_of_sound", ctypes.c_void_p),
        ("s0", Begin),
        ("s1", Begin),
    ]


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> CLaw:
    folder = tmp_path_factory.mktemp("mfront")
    exported(
        folder,
        [TREE],
        (UNSYMMETRIC, CARBON),
        interface="mfront",
        unit="MPa",
        fibres_along=1,
        vector=np.zeros((1, 13)),
    )
    return CLaw(folder)


@dataclass
class Call:
    """What the function returns and writes."""

    status: int
    stress: Array
    state: Array
    stiffness: Array
    factor: float
    message: str


def call(
    law: CLaw,
    hypothesis: str,
    wanted: float,
    strain: Array,
    before: tuple[Array, Array] | None = None,
    angle: float = 0.0,
    entries: int | None = None,
) -> Call:
    """Call it as MGIS does, from a strain and a state before."""
    n = HYPOTHESES[hypothesis]
    old_strain, old_state = before or (np.zeros(n), np.zeros(law.state_size))
    stress, state = np.full(n, -7.0), np.full(law.state_size, -7.0)
    stiffness, factor = np.full(n * n if entries is None else entries, -7.0), np.ones(1)
    stiffness[0] = wanted
    properties, message = np.array([angle]), ctypes.create_string_buffer(512)
    begin = Begin(gradients=old_strain.ctypes.data, internal_state_variables=old_state.ctypes.data)
    end = Begin(
        gradients=strain.ctypes.data,
        thermodynamic_forces=stress.ctypes.data,
        internal_state_variables=state.ctypes.data,
    )
    for view in (begin, end):
        view.material_properties = properties.ctypes.data
    view = View(
        error_message=ctypes.cast(message, ctypes.c_char_p),
        dt=0.5,
        K=stiffness.ctypes.data,
        rdt=factor.ctypes.data,
        s0=begin,
        s1=end,
    )
    status = getattr(law.library, f"composite_{hypothesis}")(ctypes.byref(view))
    if stiffness.size == n * n:
        stiffness = stiffness.reshape(n, n)
    return Call(status, stress, state, stiffness, float(factor[0]), message.value.decode())


def elastic(n: int, angle: float) -> Array:
    """Stiffness in MPa before anything yields, in MFront's order; the ply turned by an angle."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = caller_to_cell(1) @ rotation_matrix(np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]))
    stiffness = 1e3 * turn.T @ NetworkLaw(TREE, (UNSYMMETRIC, CARBON.law())).stiffness @ turn
    return stiffness[np.ix_(ORDER[:n], ORDER[:n])]


def in_own_order(strain: Array) -> Array:
    own = np.zeros(6)
    own[ORDER[: len(strain)]] = strain
    return own


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
@pytest.mark.parametrize("wanted", [0, 1, 2, 3, 4])
def test_path(law: CLaw, hypothesis: str, wanted: int) -> None:
    """As the plain function of the same export, which other tests compare with Python."""
    n = HYPOTHESES[hypothesis]
    ends = [k * STRAIN[:n] for k in (0, 0.5, 1, 0.2)]
    expected, state = np.zeros(law.state_size), np.zeros(law.state_size)
    for begin, end in pairwise(ends):
        answer = law.step(in_own_order(end), expected, duration=0.5, properties=[20.0])
        got = call(law, hypothesis, wanted, end, (begin, state), angle=20.0)
        assert (got.status, got.factor, got.message) == (1, 1.0, "")
        assert np.array_equal(got.stress, answer.stress[ORDER[:n]])
        assert np.array_equal(got.state, answer.state)
        if wanted > 2:
            assert np.array_equal(got.stiffness, answer.tangent[np.ix_(ORDER[:n], ORDER[:n])])
        expected, state = answer.state, got.state


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
@pytest.mark.parametrize("wanted", [-1, -2, 1, 2])
def test_elastic_stiffness_though_the_matrix_yielded(
    law: CLaw, hypothesis: str, wanted: int
) -> None:
    n = HYPOTHESES[hypothesis]
    yielded = call(law, hypothesis, 0, STRAIN[:n], angle=20.0)
    assert yielded.state[0] > 1e-3
    before = STRAIN[:n], yielded.state
    got = call(law, hypothesis, wanted, 1.1 * STRAIN[:n], before, angle=20.0)
    assert got.stiffness == pytest.approx(elastic(n, 20.0), rel=1e-10, abs=1e-6)
    if wanted < 0:
        assert (got.stress == -7).all() and (got.state == -7).all()


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
def test_tangent_of_prediction_is_that_of_a_step_without_strain(law: CLaw, hypothesis: str) -> None:
    n = HYPOTHESES[hypothesis]
    yielded = call(law, hypothesis, 0, STRAIN[:n])
    got = call(law, hypothesis, -3, np.full(n, np.nan), (STRAIN[:n], yielded.state))
    answer = law.step(in_own_order(STRAIN[:n]), yielded.state, duration=0.5)
    assert np.array_equal(got.stiffness, answer.tangent[np.ix_(ORDER[:n], ORDER[:n])])
    assert got.status == 1
    assert (got.stress == -7).all() and (got.state == -7).all()


def test_without_stiffness_one_entry_is_enough(law: CLaw) -> None:
    """MGIS passes an array that holds the options alone."""
    got = call(law, "Tridimensional", 0, STRAIN, entries=36)
    assert got.status == 1
    assert got.stiffness.ravel()[0] == 0 and (got.stiffness.ravel()[1:] == -7).all()


def wrong_strain(law: CLaw) -> Call:
    return call(law, "PlaneStrain", 4, np.array([0.01, np.nan, 0, 0]))


def wrong_begin(law: CLaw) -> Call:
    return call(law, "PlaneStrain", -3, np.zeros(4), (np.full(4, np.inf), np.zeros(law.state_size)))


def wrong_angle(law: CLaw) -> Call:
    return call(law, "Tridimensional", 1, STRAIN, angle=np.inf)


def no_equilibrium(law: CLaw) -> Call:
    return call(law, "Tridimensional", 4, STRAIN, (STRAIN, np.full(law.state_size, 1e200)))


def with_speed_of_sound(law: CLaw) -> Call:
    return call(law, "Axisymmetrical", 104, STRAIN[:4])


@pytest.mark.parametrize(
    ("failing", "message"),
    [
        (wrong_strain, "the strain is not finite"),
        (wrong_begin, "the strain is not finite"),
        (wrong_angle, "the angle of the ply is not finite"),
        (no_equilibrium, "no equilibrium of the network"),
        (with_speed_of_sound, "the speed of sound is not computed"),
    ],
)
def test_failure_is_told_and_nothing_else_written(law: CLaw, failing: Any, message: str) -> None:
    got = failing(law)
    assert (got.status, got.factor, got.message) == (-1, 0.25, f"composite: {message}")
    assert (got.stress == -7).all() and (got.state == -7).all()
    assert (got.stiffness.ravel()[1:] == -7).all()


def to_tensor(vector: Array) -> Array:
    tensor = np.zeros((3, 3))
    for value, (i, j) in zip(vector, PAIRS, strict=False):
        tensor[i, j] = tensor[j, i] = value / (1 if i == j else np.sqrt(2))
    return tensor


def to_vector(tensor: Array, n: int) -> Array:
    return np.array([tensor[i, j] * (1 if i == j else np.sqrt(2)) for i, j in PAIRS[:n]])


def axes_of(hypothesis: str) -> Array:
    """The axes of a material as columns; in two dimensions the third stays."""
    if hypothesis == "Tridimensional":
        axes = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
        return axes * np.sign(np.linalg.det(axes))
    c, s = np.cos(0.7), np.sin(0.7)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


@pytest.mark.parametrize("hypothesis", HYPOTHESES)
@pytest.mark.parametrize("array", ["", "ArrayOf"])
def test_codes_turn_the_axes(law: CLaw, hypothesis: str, array: str) -> None:
    """In place, as MGIS may."""
    n, axes = HYPOTHESES[hypothesis], axes_of(hypothesis)
    points = 3 if array else 1
    values = np.random.default_rng(2).normal(size=(points, n, n))
    values += np.swapaxes(values, 1, 2)

    def turned(what: str, given: Array) -> Array:
        result, matrix = given.copy(), np.ascontiguousarray(axes)
        function = getattr(law.library, f"composite_{hypothesis}_rotate{array}{what}")
        places = [ctypes.c_void_p(a.ctypes.data) for a in (result, result, matrix)]
        function(*places, *([ctypes.c_size_t(points)] if array else []))
        return result

    strains = values[:, 0]
    own = turned("Gradients", strains)
    assert own == pytest.approx(
        np.array([to_vector(axes.T @ to_tensor(e) @ axes, n) for e in strains]), rel=1e-12
    )
    assert turned("ThermodynamicForces", own) == pytest.approx(strains, rel=1e-12)
    stresses = np.einsum("pij,pj->pi", values, own)
    expected = turned("ThermodynamicForces", stresses)
    stiffnesses = turned("TangentOperatorBlocks", values)
    assert np.einsum("pij,pj->pi", stiffnesses, strains) == pytest.approx(expected, rel=1e-12)


def test_turned_about_the_third_axis_is_the_angle_of_the_ply(law: CLaw) -> None:
    axes, angle = axes_of("PlaneStrain"), np.degrees(0.7)
    inside = to_vector(axes.T @ to_tensor(STRAIN) @ axes, 6)
    stress = call(law, "Tridimensional", 0, inside).stress
    expected = call(law, "Tridimensional", 0, STRAIN, angle=angle).stress
    assert to_vector(axes @ to_tensor(stress) @ axes.T, 6) == pytest.approx(expected, rel=1e-8)


def test_what_mgis_asks(law: CLaw) -> None:
    """The symbols that its loader reads, by its rules."""

    def number(symbol: str) -> int:
        return ctypes.c_ushort.in_dll(law.library, f"composite_{symbol}").value

    def names(symbol: str) -> list[str]:
        kind = ctypes.c_char_p * number(f"n{symbol}")
        return [name.decode() for name in kind.in_dll(law.library, f"composite_{symbol}")]

    def types(symbol: str) -> list[int]:
        return list(
            (ctypes.c_int * number(f"n{symbol}")).in_dll(law.library, f"composite_{symbol}Types")
        )

    assert [number(s) for s in ("api_version", "mfront_mkt")] == [1, 1]
    assert [number(f"Behaviour{s}") for s in ("Type", "Kinematic")] == [1, 1]  # small strains
    assert number("SymmetryType") == 1  # orthotropic
    assert names("ModellingHypotheses") == list(HYPOTHESES)
    assert (names("Gradients"), types("Gradients")) == (["Strain"], [1])
    assert (names("ThermodynamicForces"), types("ThermodynamicForces")) == (["Stress"], [1])
    assert names("TangentOperatorBlocks") == ["Stress", "Strain"]
    assert names("MaterialProperties") == ["PlyAngle"]
    variables = names("InternalStateVariables")
    assert (
        variables[:3] == ["p_matrix", "steps", "state_2"] and len(set(variables)) == law.state_size
    )
    assert types("InternalStateVariables") == [0] * law.state_size
    zeros = (
        "nExternalStateVariables",
        "nParameters",
        "nInitializeFunctions",
        "nPostProcessings",
        "requiresStiffnessTensor",
        "requiresThermalExpansionCoefficientTensor",
        "ComputesInternalEnergy",
        "ComputesDissipatedEnergy",
        "TemperatureRemovedFromExternalStateVariables",
    )
    assert [number(s) for s in zeros] == [0] * len(zeros)


def test_state_of_more_numbers_than_mfront_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluation.export.source._MOST_VARIABLES", 49)
    with pytest.raises(InputError, match="a state of 81 numbers; MFront's interface takes 49"):
        exported(
            tmp_path, [TREE], (UNSYMMETRIC, CARBON), interface="mfront", vector=np.zeros((1, 13))
        )


PROGRAM = """
#include <stdlib.h>
#include "composite.c"

int main(void)
{
    const double wanted[] = { 4, 1, 0, -1, -3, 104 };
    for (int k = 0; k < 6; k++) {
        double *strain = calloc(4, 8), *stress = calloc(4, 8), *angle = calloc(1, 8);
        double *old = calloc(COMPOSITE_STATE_SIZE, 8), *new = calloc(COMPOSITE_STATE_SIZE, 8);
        double *stiffness = calloc(wanted[k] ? 16 : 1, 8);
        mfront_point point = { .duration = 1, .stiffness = stiffness,
            .begin = { .strain = strain, .state = old, .properties = angle },
            .end = { .strain = strain, .stress = stress, .state = new, .properties = angle } };
        strain[0] = 0.02;
        stiffness[0] = wanted[k];
        if (composite_PlaneStrain(&point) != (wanted[k] > 50 ? -1 : 1))
            return 1;
        if (wanted[k] == 4)
            composite_PlaneStrain_rotateTangentOperatorBlocks(
                stiffness, stiffness, (double[9]) { 0, -1, 0, 1, 0, 0, 0, 0, 1 });
        free(strain), free(stress), free(angle), free(old), free(new), free(stiffness);
    }
    return 0;
}
"""


def test_no_undefined_behaviour(law: CLaw) -> None:
    """With arrays of the size that MGIS gives, and without what it may leave out."""
    folder = Path(law.library._name).parent
    (folder / "program.c").write_text(PROGRAM)
    command = ["cc", "-std=c99", *WARNINGS, *SANITIZED, "program.c", "-o", "program", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    run = subprocess.run([folder / "program"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
