"""Datasets of one volume fraction pass; scaled, converted and swapped ones are named."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rve.dataset.bounds import find_conflict
from rve.dataset.dataset import Dataset, load, save
from rve.errors import InputError
from rve.materials.stiffness import isotropic, reuss, voigt

Array = NDArray[np.float64]

TO_ENGINEERING = np.diag([1, 1, 1, 0.5**0.5, 0.5**0.5, 0.5**0.5])


def stiffnesses(rng: np.random.Generator, count: int) -> Array:
    """Positive definite ones (count, 6, 6) with a contrast of up to a thousand."""
    turned = np.linalg.qr(rng.normal(size=(count, 6, 6)))[0]
    return turned * 10 ** rng.uniform(-1.5, 1.5, (count, 1, 6)) @ turned.mT


def of_one_cell(seed: int, fraction: float, samples: int = 120) -> Dataset:
    """Samples between the bounds at a volume fraction of p2; some are on them."""
    rng = np.random.default_rng(seed)
    p1, p2 = stiffnesses(rng, samples), stiffnesses(rng, samples)
    fractions = np.array([1 - fraction, fraction])
    rve = np.empty_like(p1)
    for n, pair in enumerate(np.stack([p1, p2], axis=1)):
        share = rng.choice([0.0, rng.uniform(), 1.0])
        rve[n] = share * voigt(fractions, pair) + (1 - share) * reuss(fractions, pair)
    return Dataset(np.stack([p1, p2], axis=1), (rve + rve.mT) / 2)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
def test_samples_between_the_bounds_pass(seed: int, fraction: float) -> None:
    data = of_one_cell(seed, fraction)
    assert find_conflict(data.phases, data.rve) is None


@given(st.integers(0, 2**32 - 1), st.integers(0, 119), st.sampled_from([1e-3, 0.5, 2.0, 1e3]))
def test_a_sample_of_a_homogeneous_cell_that_is_scaled_is_found(
    seed: int, number: int, factor: float
) -> None:
    """Both bounds of a cell of one material are that material."""
    rng = np.random.default_rng(seed)
    p1 = stiffnesses(rng, 120)
    rve = p1.copy()
    rve[number] *= factor
    assert find_conflict(np.stack([p1, p1], axis=1), rve) == (
        f"rve[{number}] leaves the bounds of Voigt and Reuss of p1[{number}] and p2[{number}] at "
        "any volume fraction"
    )


def test_samples_of_two_volume_fractions_do_not_pass() -> None:
    """Each sample alone fits some volume fraction; together they fit none."""
    soft, stiff = (np.tile(isotropic(E, 0.3), (80, 1, 1)) for E in (1.0, 10.0))
    fraction = np.where(np.arange(80) == 63, 0.9, 0.1)[:, None, None]
    rve = fraction * stiff + (1 - fraction) * soft
    phases = np.stack([soft, stiff], axis=1)
    found = find_conflict(phases, rve)
    assert found is not None and "rve[63] leaves" not in found
    assert found.endswith("at a volume fraction of p2 of 0.9 or more, and rve[63] at less")
    assert find_conflict(phases[63:64], rve[63:64]) is None


WRONG = {
    "rve in MPa": (lambda p1, p2, rve: (p1, p2, rve * 1e3), "rve looks like MPa"),
    "phases in MPa": (lambda p1, p2, rve: (p1 * 1e3, p2 * 1e3, rve), "p1 and p2 look like MPa"),
    "rve in engineering notation": (
        lambda p1, p2, rve: (p1, p2, TO_ENGINEERING @ rve @ TO_ENGINEERING),
        "rve looks like engineering notation",
    ),
    "phases in engineering notation": (
        lambda p1, p2, rve: (
            TO_ENGINEERING @ p1 @ TO_ENGINEERING,
            TO_ENGINEERING @ p2 @ TO_ENGINEERING,
            rve,
        ),
        "p1 and p2 look like engineering notation",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_message_says_what_a_dataset_looks_like(mistake: str, tmp_path: Path) -> None:
    change, words = WRONG[mistake]
    rng = np.random.default_rng(1)
    E = 10 ** rng.uniform(0, 2, (100, 2))
    p1, p2 = (np.stack([isotropic(value, 0.3) for value in column]) for column in E.T)
    right = Dataset(np.stack([p1, p2], axis=1), 0.4 * p1 + 0.6 * p2)
    path = tmp_path / "own.npz"
    save(right, path)
    load(path)
    *changed, rve = change(p1, p2, right.rve)
    save(Dataset(np.stack(changed, axis=1), rve), path)
    with pytest.raises(InputError, match=rf"own\.npz: rve\[\d+\] leaves the bounds .*{words}"):
        load(path)


def test_engineering_notation_throughout_is_found_by_isotropic_phases(tmp_path: Path) -> None:
    """The bounds hold in any notation."""
    p1, p2 = (np.stack([isotropic(E, 0.3) for E in (1.0, 3.0, 9.0)]) * k for k in (1, 5))
    all_three = [TO_ENGINEERING @ C @ TO_ENGINEERING for C in (p1, p2, 0.4 * p1 + 0.6 * p2)]
    save(Dataset(np.stack(all_three[:2], axis=1), all_three[2]), tmp_path / "own.npz")
    with pytest.raises(InputError, match=r"p1 looks like engineering notation"):
        load(tmp_path / "own.npz")
