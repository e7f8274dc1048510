"""Viscoplasticity: Norton's creep and relaxation, and the limit of slow loading."""

from pathlib import Path

import numpy as np
import pytest
from meshes import drive

from rve.loads.load_path import piecewise_linear
from rve.loads.load_table import read_load
from rve.materials.j2 import J2Plasticity
from rve.materials.viscoplastic import Viscoplastic

E, NU, DRAG, RATE = 150.0, 0.3, 0.2, 1e-4


def norton(n: float) -> Viscoplastic:
    return Viscoplastic(E, NU, drag=DRAG, n=n, rate=RATE)


@pytest.mark.parametrize("n", [1.0, 4.5, 12.0])
@pytest.mark.parametrize("increments", [1, 8])
def test_constant_stress_creeps_at_nortons_rate(n: float, increments: int) -> None:
    """p = rate (sigma / drag)^n t; backward Euler is exact under a constant stress."""
    sigma, seconds = 0.13, 500.0
    path = piecewise_linear([{"sig_22": sigma}] * 2, increments, [1e-6, seconds])
    strain, _, state = drive(norton(n), path)
    loading = state[increments, 6]
    crept = RATE * (sigma / DRAG) ** n * seconds
    assert state[-1, 6] - loading == pytest.approx(crept, rel=1e-10)
    assert strain[-1, 1] == pytest.approx(sigma / E + state[-1, 6], rel=1e-10)
    assert strain[-1, 0] == pytest.approx(-NU * sigma / E - state[-1, 6] / 2, rel=1e-10)


@pytest.mark.parametrize("n", [3.0, 8.0])
def test_stress_relaxes_at_constant_strain(n: float) -> None:
    """sigma^(1-n) = sigma_0^(1-n) + (n - 1) E rate t / drag^n, in first order."""
    strain, seconds, errors = 0.002, 200.0, []
    for increments in (200, 400):
        path = piecewise_linear([{"eps_11": strain}] * 2, increments, [1e-6, seconds])
        _, stress, _ = drive(norton(n), path)
        start = stress[increments, 0]
        assert start == pytest.approx(E * strain, rel=1e-5)
        power = start ** (1 - n) + (n - 1) * E * RATE * seconds / DRAG**n
        errors.append(stress[-1, 0] / power ** (1 / (1 - n)) - 1)
    assert abs(errors[1]) < 5e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)


def test_linear_relaxation_is_its_recurrence() -> None:
    """n = 1: each step divides the stress by 1 + E rate dt / drag."""
    path = piecewise_linear([{"eps_11": 0.001}] * 2, 10, [1e-9, 100.0])
    _, stress, _ = drive(norton(1.0), path)
    factor = 1 + E * RATE * 10.0 / DRAG
    assert stress[11:, 0] == pytest.approx(stress[10, 0] / factor ** np.arange(1, 11), rel=1e-10)


def test_a_hold_of_a_table_takes_the_time_that_the_table_says(tmp_path: Path) -> None:
    """The same recurrence, of a load table that holds a strain for 100 s."""
    file = tmp_path / "hold.csv"
    file.write_text("Time,eps_11\n0,0\n1e-9,0.001\n100.000000001,0.001\n")
    points, _, durations = read_load(file)
    path = piecewise_linear(points, 4, durations or 1.0)
    _, stress, _ = drive(norton(1.0), path)
    factor = 1 + E * RATE * 25 / DRAG
    assert stress[4:, 0] == pytest.approx(stress[4, 0] / factor ** np.arange(5), rel=1e-10)
    assert stress[-1, 0] < 0.02 * stress[4, 0]


def test_slow_loading_is_rate_independent() -> None:
    """Within the overstress that the slow rate takes, drag (rate of p / rate)^(1/n)."""
    slow = Viscoplastic(E, NU, drag=0.1, n=2.0, rate=1.0, yield_stress=0.1, H=1.0)
    limit = J2Plasticity(E, NU, yield_stress=0.1, H=1.0)
    path = piecewise_linear([{"eps_11": 0.02}, {"eps_11": -0.01}], 10, 1e14)
    (_, stress, state), (_, expected, _) = drive(slow, path), drive(limit, path)
    overstress = 0.1 * (np.diff(state[:, 6]).max() / 1e13) ** 0.5
    assert np.abs(stress - expected).max() < 2 * overstress < 1e-8


def test_fast_loading_is_elastic() -> None:
    path = piecewise_linear([{"eps_12": 0.02}], 1, 1e-12)
    _, stress, state = drive(norton(5.0), path)
    assert stress[-1, 5] / np.sqrt(2) == pytest.approx(0.02 * E / (2 * (1 + NU)), rel=1e-4)
    assert state[-1, 6] < 1e-5


def test_stress_rises_with_the_rate() -> None:
    stresses = [
        drive(norton(5.0), piecewise_linear([{"eps_11": 0.05}], 10, seconds))[1][-1, 0]
        for seconds in (1e4, 1e3, 1e2)
    ]
    # Steady flow: the stress goes with the rate to the power 1 / n.
    assert stresses[1] / stresses[0] == pytest.approx(10**0.2, rel=1e-3)
    assert stresses[2] / stresses[1] == pytest.approx(10**0.2, rel=1e-3)
