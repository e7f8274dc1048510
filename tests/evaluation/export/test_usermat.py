"""The subroutine of Ansys: its order of components, its arrays, and its way to say no."""

import ctypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_laws import COMPILER, CLaw
from fortran import UNSYMMETRIC, array, differences, made, refused, whole
from networks import distance
from numpy.typing import NDArray

Array = NDArray[np.float64]
pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")

PAIRS = [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2)]
STRAIN = np.array([0.009, -0.005, 0.002, 0.012, -0.008, 0.006])  # Ansys' order, engineering


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> CLaw:
    return made(tmp_path_factory.mktemp("usermat"), "usermat")


@dataclass
class Call:
    """What the subroutine writes."""

    cut: int
    stress: Array
    state: Array
    tangent: Array
    transverse: Array


def call(
    law: CLaw,
    strain: Array,
    state: Array,
    direct: int = 3,
    properties: Any = (),
) -> Call:
    """Call it as Fortran does, the strain split into its start and its increment."""
    n = len(strain)
    stress, new, transverse = np.full(n, -7.0), state.copy(), np.full(2, -7.0)
    tangent = np.full((n, n), -7.0, order="F")
    cut, props = ctypes.c_int(5), np.array([*properties, 0.0])
    unused = ctypes.byref(ctypes.c_double(np.nan))
    start, increment = 0.25 * strain, 0.75 * strain

    law.library.usermat_(
        *[whole(k) for k in range(1, 8)], ctypes.byref(cut), whole(direct), whole(n - direct),
        whole(n), whole(len(state)), whole(len(properties)), unused,
        ctypes.byref(ctypes.c_double(0.5)), unused, unused, array(stress), array(new),
        array(tangent), unused, unused, unused, array(start), array(increment), unused,
        array(props), *[unused] * 4, array(transverse), *[unused] * 10,
    )  # fmt: skip
    return Call(cut.value, stress, new, tangent, transverse)


def tensor(strain: Array) -> Array:
    """Of engineering components in Ansys' order."""
    values = np.zeros((3, 3))
    for value, (i, j) in zip(strain, PAIRS, strict=False):
        values[i, j] = values[j, i] = value / (1 if i == j else 2)
    return values


def mandel(values: Array) -> Array:
    """The project's order: 11, 22, 33, 23, 31, 12."""
    return np.array([*np.diag(values), *np.sqrt(2) * values[[1, 2, 0], [2, 0, 1]]])


def test_tangent_that_is_not_symmetric_is_not_transposed(tmp_path: Path) -> None:
    """Rows are stresses, columns strains, in Fortran's order; a solver may take either part."""
    tangent, expected_tangent = differences(
        call, made(tmp_path, "usermat", matrix=UNSYMMETRIC), STRAIN
    )
    assert distance(tangent, tangent.T) > 1e-3
    assert distance(tangent, expected_tangent) < 1e-6


@pytest.mark.parametrize("n", [4, 6])
@pytest.mark.parametrize("properties", [(), (35.0,)])
def test_stress_state_and_tangent(law: CLaw, n: int, properties: Any) -> None:
    got = call(law, STRAIN[:n], np.zeros(law.state_size), properties=properties)
    answer = law.step(mandel(tensor(STRAIN[:n])), duration=0.5, properties=properties)
    unit = [mandel(tensor(e)) for e in np.eye(6)[:n]]
    # A component of stress is what does work along a unit of the strain of the same name.
    assert got.stress == pytest.approx([e @ answer.stress for e in unit], rel=1e-12, abs=1e-9)
    expected = [[a @ answer.tangent @ b for b in unit] for a in unit]
    assert got.tangent == pytest.approx(np.array(expected), rel=1e-12, abs=1e-9)
    assert got.cut == 0 and np.array_equal(got.state, answer.state)


def test_shear_stress_by_engineering_shear(tmp_path: Any) -> None:
    """An isotropic law tells: G times gamma; G also resists hourglasses."""
    glass = made(tmp_path, "usermat", layers=1, dead=[0])
    for shear in (3, 4, 5):
        gamma = 0.01 * np.eye(6)[shear]
        got = call(glass, gamma, np.zeros(glass.state_size))
        assert got.stress == pytest.approx(72e3 / 2.44 * gamma, rel=1e-12)
        assert got.tangent[shear, shear] == pytest.approx(72e3 / 2.44, rel=1e-12)
        assert got.transverse == pytest.approx([72e3 / 2.44] * 2, rel=1e-12)


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("strain", "the strain is not finite"),
        ("state", "TB,STATE: expected"),
        ("constants", "TB,USER: expected 0, 1, "),
        ("plane stress", "expected solid elements, plane strain or axisymmetry"),
    ],
)
def test_failure_asks_for_a_smaller_increment_and_writes_nothing(
    law: CLaw, why: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    got = refused(call, law, STRAIN, why)
    assert got.cut == 1
    assert (got.stress == -7).all() and (got.tangent == -7).all() and (got.transverse == -7).all()
    assert (got.state == 0).all()
    assert message in capfd.readouterr().err
