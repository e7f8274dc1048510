"""Flow stresses by table and power laws: uniaxial curves in closed form, and bad tables."""

from collections.abc import Callable

import numpy as np
import pytest
from meshes import drive

from rve.errors import InputError
from rve.loads.load_path import monotonic, piecewise_linear
from rve.materials.hardening_table import HardeningTable
from rve.materials.j2 import IsotropicHardening, J2Plasticity
from rve.materials.point_functions import law_source
from rve.materials.power_laws import Ludwik, Swift

E, NU = 70.0, 0.33
J2 = J2Plasticity(E, NU, yield_stress=0.1, H=1.0, Q=0.05, b=60)
POINTS = np.array([0, 0.002, 0.005, 0.01, 0.02, 0.03])


def saturating(p):
    return 0.1 + p + 0.05 * (1 - np.exp(-60 * p))


SAMPLED = HardeningTable(E, NU, tuple(zip(POINTS, saturating(POINTS), strict=True)))
CURVES: dict[str, tuple[IsotropicHardening, Callable]] = {
    "table": (SAMPLED, lambda p: np.interp(p, POINTS, saturating(POINTS))),
    "swift": (Swift(E, NU, A=0.4, e0=0.002, n=0.2), lambda p: 0.4 * (0.002 + p) ** 0.2),
    "ludwik": (Ludwik(E, NU, yield_stress=0.1, A=0.3, n=0.4), lambda p: 0.1 + 0.3 * p**0.4),
}


@pytest.mark.parametrize("increments", [1, 9])
@pytest.mark.parametrize("name", CURVES)
def test_uniaxial_stress_follows_the_curve(name: str, increments: int) -> None:
    """sigma = sigma_y(p), eps = sigma / E + p; beyond the table's end, too."""
    law, curve = CURVES[name]
    for end in (0.004, 0.02, 0.06):
        _, stress, state = drive(law, monotonic("11", end, increments, "stress"))
        sigma, p = stress[-1, 0], state[-1, 6]
        assert p > 0
        assert sigma == pytest.approx(curve(p), rel=1e-11)
        assert sigma / E + p == pytest.approx(end, rel=1e-11)


def test_compiled_flow_stress_is_the_formula_in_numpy() -> None:
    """A law's methods are plain formulas: numbers go through them as expressions do."""
    for law, curve in CURVES.values():
        for p in (1e-4, 0.01, 0.05):
            assert law.flow_stress(p) == pytest.approx(curve(p), rel=1e-14)


@pytest.mark.parametrize("p", POINTS[1:])
def test_table_is_the_law_that_it_samples_where_it_does(p: float) -> None:
    path = piecewise_linear([{"eps_11": saturating(p) / E + p}], 1)
    table, j2 = drive(SAMPLED, path), drive(J2, path)
    for found, expected in zip(table, j2, strict=True):
        assert found == pytest.approx(expected, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("rows", [1, 2, 11, 300, 1000])
def test_table_of_any_length_is_one_compiled_law(rows: int) -> None:
    """And its stress is on the table, at knots, between them and beyond the last."""
    p = np.linspace(0, 0.04, rows) ** 2
    law = HardeningTable(E, NU, tuple(zip(p, saturating(p), strict=True)))
    assert law_source(law).text == law_source(SAMPLED).text
    grown = np.concatenate([p[1:], p[1:] + 1e-7, [2e-3, 0.5]])
    flow = np.interp(grown, p, saturating(p))
    strain = np.zeros((len(grown), 6))
    strain[:, 5] = np.sqrt(3 / 2) * (flow / (3 * law.G) + grown)
    answer = law.respond(strain, np.zeros((len(grown), 7)))
    assert answer.state[:, 6] == pytest.approx(grown, rel=1e-9)
    assert np.sqrt(3 / 2) * answer.stress[:, 5] == pytest.approx(flow, rel=1e-11)


def test_table_of_two_points_is_linear_hardening() -> None:
    line = HardeningTable(E, NU, ((0, 0.1), (0.04, 0.18), (0.09, 0.28)))
    linear = J2Plasticity(E, NU, yield_stress=0.1, H=2.0)
    strain = np.random.default_rng(0).normal(scale=0.02, size=(50, 6))
    one, two = (law.respond(strain, np.zeros((50, 7))) for law in (line, linear))
    for found, expected in zip(one, two, strict=True):
        assert found == pytest.approx(expected, rel=1e-11, abs=1e-14)


def test_table_of_one_point_is_perfect_plasticity() -> None:
    law = HardeningTable(E, NU, ((0, 0.1),))
    _, stress, _ = drive(law, monotonic("22", 0.05, 3, "stress"))
    assert stress[-1, 1] == pytest.approx(0.1, rel=1e-12)


ROWS = r"expected rows of plastic strain \[-\], flow stress \[GPa\]"
STRESS = "expected a number above 0 and at most 5 GPa"
ORDER = "expected plastic strains that rise from 0, .* stresses that never fall, got plastic strain"


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ((), ROWS),
        ((0.0, 0.1), ROWS),
        (((0.0, 0.1, 1.0),), ROWS),
        (((0.0, 0.1), (0.01, -0.2)), f"row 2, flow stress: {STRESS}, got -0.2"),
        (((0.0, 0.1), (0.01, np.nan)), f"row 2, flow stress: {STRESS}, got nan"),
        (((0.0, 0.1), (0.01, "x")), f"row 2, flow stress: {STRESS}, got 'x'"),
        (((0.0, 0.0), (0.01, 0.2)), f"row 1, flow stress: {STRESS}, got 0; a row is"),
        (
            ((0.001, 0.1), (0.01, 0.2)),
            f"row 1: {ORDER} 0.001 and flow stress 0.1 GPa; .* total strain",
        ),
        (((0.0, 0.1), (0.02, 0.2), (0.01, 0.3)), f"row 3: {ORDER} 0.01 and"),
        (((0.0, 0.1), (0.0, 0.2)), f"row 2: {ORDER} 0 and flow stress 0.2"),
        (((0.0, 0.1), (0.01, 0.05)), f"row 2: {ORDER} 0.01 and flow stress 0.05"),
    ],
)
def test_bad_tables_are_refused(table: tuple, message: str) -> None:
    with pytest.raises(InputError, match=f"j2_table: table: .*{message}"):
        HardeningTable(E, NU, table)
