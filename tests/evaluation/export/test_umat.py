"""The subroutine of Abaqus: its order of components, its arrays, and its way to say no."""

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

ORDER = [0, 1, 2, 5, 4, 3]  # 11, 22, 33, 12, 13, 23 among 11, 22, 33, 23, 31, 12
STRAIN = np.array([0.004, -0.002, 0.001, 0.006, -0.003, 0.002])  # Abaqus' order, engineering


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> CLaw:
    return made(tmp_path_factory.mktemp("umat"), "umat")


@dataclass
class Call:
    """What the subroutine writes."""

    stress: Array
    state: Array
    tangent: Array
    pnewdt: float


def call(law: CLaw, strain: Array, state: Array, normal: int = 3, properties: Any = ()) -> Call:
    """Call it as Fortran does, the strain split into its start and its increment."""
    n = len(strain)
    stress, new = np.full(n, -7.0), state.copy()
    tangent = np.full((n, n), -7.0, order="F")
    pnewdt, name = ctypes.c_double(1.0), ctypes.create_string_buffer(b"LAW".ljust(80))
    props = np.array([*properties, 0.0])
    unused = ctypes.byref(ctypes.c_double(np.nan))
    start, increment = 0.25 * strain, 0.75 * strain

    law.library.umat_(
        array(stress), array(new), array(tangent), *[unused] * 7, array(start), array(increment),
        unused, ctypes.byref(ctypes.c_double(0.5)), *[unused] * 4, name, whole(normal),
        whole(n - normal), whole(n), whole(len(state)), array(props), whole(len(properties)),
        unused, unused, ctypes.byref(pnewdt), *[unused] * 3, *[whole(k) for k in range(1, 7)],
        ctypes.c_size_t(80),
    )  # fmt: skip
    return Call(stress, new, tangent, pnewdt.value)


def expected(law: CLaw, strain: Array, properties: Any = ()) -> tuple[Array, Array, Array]:
    """Stress and tangent in Abaqus' order from Mandel form, tensor by tensor; and the state."""
    mandel = np.zeros(6)
    mandel[ORDER] = strain * [1, 1, 1, *[np.sqrt(0.5)] * 3]
    answer = law.step(mandel, duration=0.5, properties=properties)
    scale = np.array([1, 1, 1, *[np.sqrt(0.5)] * 3])
    stress = answer.stress[ORDER] * scale
    return stress, answer.tangent[np.ix_(ORDER, ORDER)] * np.outer(scale, scale), answer.state


@pytest.mark.parametrize("properties", [(), (35.0,)])
def test_solid(law: CLaw, properties: Any) -> None:
    answer = call(law, STRAIN, np.zeros(law.state_size), properties=properties)
    stress, tangent, state = expected(law, STRAIN, properties)
    assert answer.stress == pytest.approx(stress, rel=1e-13)
    assert answer.tangent == pytest.approx(tangent, rel=1e-13)
    assert np.array_equal(answer.state, state)
    assert answer.pnewdt == 1.0


def test_tangent_that_is_not_symmetric_is_not_transposed(tmp_path: Path) -> None:
    """Rows are stresses, columns strains, in Fortran's order; a solver may take either part."""
    tangent, expected_tangent = differences(
        call, made(tmp_path, "umat", matrix=UNSYMMETRIC), STRAIN
    )
    assert distance(tangent, tangent.T) > 1e-3
    assert distance(tangent, expected_tangent) < 1e-6


def test_shear_stress_by_engineering_shear(tmp_path: Path) -> None:
    """An isotropic law tells: G times gamma."""
    glass = made(tmp_path, "umat", layers=1, dead=[0])
    for shear in (3, 4, 5):
        gamma = 0.01 * np.eye(6)[shear]
        answer = call(glass, gamma, np.zeros(glass.state_size))
        assert answer.stress == pytest.approx(72e3 / 2.44 * gamma, rel=1e-12)
        assert answer.tangent[shear, shear] == pytest.approx(72e3 / 2.44, rel=1e-12)


def test_plane_strain_is_the_solid_without_shear_out_of_the_plane(law: CLaw) -> None:
    strain = STRAIN * [1, 1, 1, 1, 0, 0]
    solid, plane = (call(law, e, np.zeros(law.state_size)) for e in (strain, strain[:4]))
    assert np.array_equal(plane.stress, solid.stress[:4])
    assert np.array_equal(plane.tangent, solid.tangent[:4, :4])
    assert np.array_equal(plane.state, solid.state)


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("strain", "the strain is not finite"),
        ("state", "DEPVAR: expected"),
        ("constants", "PROPS: expected 0, 1, 8 or 9 numbers that a law may have"),
        ("plane stress", "expected solid elements, plane strain or axisymmetry"),
    ],
)
def test_failure_asks_for_a_smaller_increment(
    law: CLaw, why: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = refused(call, law, STRAIN, why)
    assert answer.pnewdt == 0.25
    assert (answer.stress == -7).all()
    assert (answer.state == 0).all()
    assert message in capfd.readouterr().err
    if len(answer.stress) == 6:
        virgin = call(law, 0 * STRAIN, np.zeros(law.state_size)).tangent
        assert np.array_equal(answer.tangent, virgin)
