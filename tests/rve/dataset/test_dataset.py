"""Linear training data: the random phases, the checks on their results, and the files."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meshes import isotropic_stiffness, layered_medium, layered_mesh, relative_difference
from numpy.typing import NDArray
from properties import examples

import rve.dataset.samples
from rve.dataset.dataset import Dataset, arrays_of, checked, load, save
from rve.dataset.samples import compute
from rve.dataset.sampling import (
    FlowingRanges,
    SamplingRanges,
    sample_flowing,
    sample_phases,
)
from rve.errors import InputError
from rve.homogenisation.cell import discretise
from rve.homogenisation.components import Components, assemble_components
from rve.materials.stiffness import voigt
from rve.microstructure.phases import PHASES

Array = NDArray[np.float64]

TRAINING, VALIDATION = 0, 1
PAPER = SamplingRanges((0.1, 10.0), (-3.0, 3.0), (0.25, 0.5), (0.0, 0.5))
# Poisson's ratios so wide that many pairs must be rejected.
WIDE = SamplingRanges((0.5, 2.0), (-1.0, 2.0), (0.1, 0.3), (0.2, 0.9))

both_ranges = pytest.mark.parametrize("ranges", [PAPER, WIDE], ids=["paper", "wide"])


def constants(stiffness: Array) -> tuple[Array, Array, Array]:
    """E11, E22, E33; G23, G31, G12; nu23, nu13, nu12 (..., 3) of orthotropic stiffnesses."""
    S = np.linalg.inv(stiffness)
    E = 1 / np.diagonal(S, axis1=-2, axis2=-1)[..., :3]
    G = 1 / (2 * np.diagonal(S, axis1=-2, axis2=-1)[..., 3:])
    nu = np.stack(
        [-S[..., 1, 2] * E[..., 1], -S[..., 0, 2] * E[..., 0], -S[..., 0, 1] * E[..., 0]], -1
    )
    return E, G, nu


def reaches(values: Array, limits: tuple[float, float], margin: float = 0.05) -> bool:
    """Whether values stay within limits and come within a part of their width of both."""
    low, high = limits
    reach = margin * (high - low)
    inside = values.min() >= low - 1e-9 and values.max() <= high + 1e-9
    return bool(inside and values.min() < low + reach and values.max() > high - reach)


@both_ranges
@examples(15)
@given(st.integers(1, 300))
def test_fewer_samples_are_the_first_of_more(ranges: SamplingRanges, samples: int) -> None:
    most = sample_phases(ranges, PHASES, 300, seed=3, stream=TRAINING)
    fewer = sample_phases(ranges, PHASES, samples, seed=3, stream=TRAINING)
    assert len(fewer) == samples
    assert np.array_equal(fewer, most[:samples])


@both_ranges
def test_constants_fill_their_ranges(ranges: SamplingRanges) -> None:
    pairs = sample_phases(ranges, PHASES, 1024, seed=1, stream=TRAINING)
    E, G, nu = constants(pairs)
    Ei, Ej = E[..., [1, 0, 0]], E[..., [2, 2, 1]]
    assert reaches(G / np.sqrt(Ei * Ej), ranges.shear_ratio)
    # Of the wide ranges the largest ratios are never admissible all at once.
    assert reaches(nu * np.sqrt(Ej / Ei), ranges.poisson_ratio, 0.05 if ranges is PAPER else 0.2)
    contrast = np.log10(np.prod(E[:, 1], axis=-1)) / 3
    assert reaches(contrast, ranges.contrast_decades)


@both_ranges
def test_moduli_are_log_uniform_before_their_mean_is_taken_out(ranges: SamplingRanges) -> None:
    """ln(Ei / Ej) of two log-uniform moduli: range +-w and standard deviation w / sqrt(6)."""
    E, _, _ = constants(sample_phases(ranges, PHASES, 1024, seed=1, stream=TRAINING))
    ratios = np.log(E / np.roll(E, 1, axis=-1))
    width = np.log(ranges.youngs_modulus[1] / ranges.youngs_modulus[0])
    assert reaches(ratios, (-width, width), margin=0.1)
    assert ratios.std() == pytest.approx(width / np.sqrt(6), rel=0.03)


@both_ranges
def test_matrix_has_a_geometric_mean_modulus_of_one(ranges: SamplingRanges) -> None:
    E, _, _ = constants(sample_phases(ranges, PHASES, 256, seed=1, stream=TRAINING)[:, 0])
    assert np.prod(E, axis=-1) == pytest.approx(1, rel=1e-9)


@both_ranges
def test_contrast_is_log_uniform(ranges: SamplingRanges) -> None:
    """Distance of Kolmogorov: a low-discrepancy sequence is closer than a random one."""
    E, _, _ = constants(sample_phases(ranges, PHASES, 1024, seed=1, stream=TRAINING)[:, 1])
    low, high = ranges.contrast_decades
    place = np.sort((np.log10(np.prod(E, axis=-1)) / 3 - low) / (high - low))
    distance = np.abs(place - (np.arange(1024) + 0.5) / 1024).max()
    assert distance < (0.005 if ranges is PAPER else 0.05)


def test_constants_do_not_depend_on_each_other() -> None:
    """No pair of the constants of both phases is correlated."""
    E, G, nu = constants(sample_phases(PAPER, PHASES, 1024, seed=1, stream=TRAINING))
    Ei, Ej = E[..., [1, 0, 0]], E[..., [2, 2, 1]]
    contrast = np.log(np.prod(E[:, 1], axis=-1))
    anisotropy = np.log(E[..., 0] / E[..., 1])
    ratios = np.concatenate([G / np.sqrt(Ei * Ej), nu * np.sqrt(Ej / Ei)], axis=-1)
    columns = np.column_stack([contrast, anisotropy, ratios.reshape(1024, 12)])
    correlation = np.corrcoef(columns, rowvar=False)
    assert np.abs(correlation - np.eye(15)).max() < 0.1


@both_ranges
def test_phases_are_symmetric_and_positive_definite(ranges: SamplingRanges) -> None:
    pairs = sample_phases(ranges, PHASES, 512, seed=2, stream=VALIDATION)
    assert pairs.shape == (512, 2, 6, 6)
    assert np.abs(pairs - pairs.swapaxes(-1, -2)).max() <= 1e-12 * np.abs(pairs).max()
    assert np.linalg.eigvalsh(pairs).min() > 0
    assert not pairs[..., :3, 3:].any()


def test_seed_and_stream_make_the_samples() -> None:
    draws = [sample_phases(PAPER, PHASES, 16, seed, stream) for seed in (1, 2) for stream in (0, 1)]
    assert np.array_equal(draws[0], sample_phases(PAPER, PHASES, 16, 1, TRAINING))
    for i, j in ((0, 1), (0, 2), (1, 2), (0, 3)):
        differences = np.abs(draws[i][:, None] - draws[j]).max(axis=(2, 3, 4))
        assert differences.min() > 1e-6


@pytest.fixture(scope="module")
def layered() -> Components:
    """Layers normal to axis 1, 30 % of the first phase."""
    return assemble_components(discretise(layered_mesh(0, (0.3, 0.7), (0, 1), across=1)))


@pytest.fixture(scope="module")
def pairs() -> Array:
    return sample_phases(PAPER, PHASES, 6, seed=5, stream=TRAINING)


def test_samples_are_homogenised_in_their_order(layered: Components, pairs: Array) -> None:
    """On a layered cell each sample is a layered medium."""
    done: list[int] = []
    dataset = compute(layered, pairs, progress=done.append)
    assert done == [1, 2, 3, 4, 5, 6]
    assert len(dataset) == 6
    assert np.array_equal(dataset.phases, pairs)
    for pair, result in zip(pairs, dataset.rve, strict=True):
        expected = layered_medium(0, np.array([0.3, 0.7]), pair)
        assert relative_difference(result, expected) < 1e-8


def forge(monkeypatch: pytest.MonkeyPatch, pairs: Array, number: int, stiffness: Array) -> None:
    """Let homogenisation return a stiffness for one sample, and Voigt's bound for the others."""

    def forged(components: Components, p1: Array, p2: Array, flowing: object) -> Array:
        if np.array_equal(p1, pairs[number, 0]):
            return stiffness
        return voigt(components.fractions, np.stack([p1, p2]))

    monkeypatch.setattr(rve.dataset.samples, "homogenise", forged)


@pytest.mark.parametrize("side", ["above", "below"])
def test_sample_out_of_bounds_stops_with_its_number(
    layered: Components, pairs: Array, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    """A millionth above Voigt's bound, or below Reuss', is too much."""
    bound = np.tensordot(layered.fractions, pairs[4], 1) * (1 + 1e-6)
    if side == "below":
        softness = np.tensordot(layered.fractions, np.linalg.inv(pairs[4]), 1)
        bound = np.linalg.inv(softness) * (1 - 1e-6)
    forge(monkeypatch, pairs, 4, bound)
    with pytest.raises(InputError, match=r"dataset: sample 4 .* leaves the bounds .* by 1\.0e-06"):
        compute(layered, pairs)


@pytest.mark.parametrize(
    "stiffness", [-np.eye(6), np.full((6, 6), np.nan)], ids=["negative", "nan"]
)
def test_sample_that_is_not_positive_definite_stops_with_its_number(
    layered: Components, pairs: Array, monkeypatch: pytest.MonkeyPatch, stiffness: Array
) -> None:
    forge(monkeypatch, pairs, 2, stiffness)
    with pytest.raises(InputError, match="dataset: sample 2 is not positive definite or"):
        compute(layered, pairs)


@pytest.fixture
def dataset(pairs: Array) -> Dataset:
    return Dataset(pairs, pairs.mean(axis=1))


def test_file_returns_the_dataset_bit_by_bit(dataset: Dataset, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "training.npz"
    save(dataset, path)
    again = load(path)
    for name in ("phases", "rve"):
        assert np.array_equal(getattr(again, name), getattr(dataset, name))
    assert [file.name for file in path.parent.iterdir()] == ["training.npz"]


def test_first_samples_are_a_dataset(dataset: Dataset) -> None:
    first = dataset.first(2)
    assert len(first) == 2
    assert np.array_equal(first.phases, dataset.phases[:2])
    assert np.array_equal(first.rve, dataset.rve[:2])


def altered(array: Array, place: tuple[int, ...], value: float) -> Array:
    changed = array.copy()
    changed[place] = value
    return changed


MALFORMED = {
    "shape": (lambda a: a[:, :5], r"p2 has the shape \(6, 5, 6\), expected \(samples, 6, 6\)"),
    "samples": (lambda a: a[:4], r"p2 has the shape \(4, 6, 6\), .* the same number of samples"),
    "flat": (lambda a: a.reshape(6, 36), r"p2 has the shape \(6, 36\)"),
    "nan": (lambda a: altered(a, (3, 1, 1), np.nan), "p2 holds a value that is not finite"),
    "infinite": (lambda a: altered(a, (3, 1, 1), np.inf), "p2 holds a value that is not finite"),
    "asymmetric": (
        lambda a: altered(a, (3, 0, 1), a[3, 0, 1] * (1 + 1e-6)),
        r"p2\[3\] is not a symmetric positive definite stiffness",
    ),
    "indefinite": (
        lambda a: altered(a, (5, 4, 4), -1e-6),
        r"p2\[5\] is not a symmetric positive definite stiffness",
    ),
    "pickled": (lambda a: a.astype(object), "not a dataset .* Object arrays cannot be loaded"),
}


@pytest.mark.parametrize("defect", MALFORMED)
def test_malformed_array_is_refused(dataset: Dataset, tmp_path: Path, defect: str) -> None:
    change, message = MALFORMED[defect]
    path = tmp_path / "training.npz"
    np.savez(path, p1=dataset.phases[:, 0], p2=change(dataset.phases[:, 1]), rve=dataset.rve)
    with pytest.raises(InputError, match=rf"training\.npz: {message}"):
        load(path)


def test_asymmetry_is_rounding_beside_the_diagonal(dataset: Dataset, tmp_path: Path) -> None:
    """Of many samples some have an entry that is nearly zero, and there rounding is all."""
    size = np.sqrt(dataset.rve[3, 0, 0] * dataset.rve[3, 4, 4])
    rve = altered(altered(dataset.rve, (3, 0, 4), 2e-12 * size), (3, 4, 0), 1e-12 * size)
    save(replace(dataset, rve=rve), tmp_path / "training.npz")
    load(tmp_path / "training.npz")
    with pytest.raises(InputError, match=r"rve\[3\] is not a symmetric"):
        checked(replace(dataset, rve=altered(rve, (3, 0, 4), 2e-9 * size)))


@pytest.mark.parametrize("missing", ["p1", "p2", "rve"])
def test_missing_array_is_named(dataset: Dataset, tmp_path: Path, missing: str) -> None:
    path = tmp_path / "training.npz"
    names = {"p1", "p2", "rve"} - {missing}
    np.savez(path, **{name: arrays_of(dataset)[name] for name in names})
    message = rf"training\.npz: not a dataset with the arrays p1, p2, rve: .*{missing}"
    with pytest.raises(InputError, match=message):
        load(path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"hello",
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:300] + b"!!!!" + whole[304:],
    ],
    ids=["text", "empty", "truncated", "damaged"],
)
def test_file_that_is_no_archive_is_refused(dataset: Dataset, tmp_path: Path, damage) -> None:
    path = tmp_path / "training.npz"
    save(dataset, path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=r"training\.npz: not a dataset"):
        load(path)


@pytest.mark.parametrize("kind", ["text", "number"])
def test_array_that_is_no_stack_of_numbers_is_refused(
    dataset: Dataset, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "training.npz"
    wrong = dataset.rve.astype(str) if kind == "text" else np.float64(1)
    np.savez(path, p1=dataset.phases[:, 0], p2=dataset.phases[:, 1], rve=wrong)
    with pytest.raises(InputError, match=r"training\.npz"):
        load(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.npz: not a dataset"):
        load(tmp_path / "absent.npz")


def test_ranges_that_admit_no_phase_end_with_a_message() -> None:
    """Three ratios above 0.5 make every compliance indefinite."""
    ranges = SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0.6, 0.95))
    with pytest.raises(InputError, match=r"dataset\.poisson_ratio: \[0\.6, 0\.95\] hardly ever"):
        sample_phases(ranges, PHASES, 16, seed=1, stream=0)


FLOWING = FlowingRanges(("matrix",), (0.2, 0.45), (-2.7, 0.0), (0.3, 2.0))


@pytest.mark.parametrize("phase", ["matrix", "fibre"])
def test_flowing_phase_keeps_its_bulk_modulus(phase: Literal["matrix", "fibre"]) -> None:
    """It is isotropic with a Young's modulus of 1 GPa before; the other is a random stiff one."""
    flowing = replace(FLOWING, phases=(phase,))
    pairs = sample_flowing(PAPER, flowing, PHASES, 512, seed=3, stream=TRAINING)
    soft, stiff = pairs[:, 0], pairs[:, 1]
    if phase == "fibre":
        soft, stiff = stiff, soft
    K = soft[:, :3, :3].sum(axis=(1, 2)) / 9
    G = soft[:, 3, 3] / 2
    nu = (1 - 1 / (3 * K)) / 2
    assert reaches(nu, FLOWING.poisson_ratio)
    assert reaches(np.log10(G * 2 * (1 + nu)), FLOWING.shear_decades)
    expected = [isotropic_stiffness(9 * k * g / (3 * k + g), (3 * k - 2 * g) / (6 * k + 2 * g))
                for k, g in zip(K, G, strict=True)]  # fmt: skip
    assert soft == pytest.approx(np.array(expected), rel=1e-10, abs=1e-12)
    E, _, _ = constants(stiff)
    assert reaches(np.log10(np.prod(E, axis=1)) / 3, FLOWING.contrast_decades)


def test_fewer_flowing_samples_are_the_first_of_more() -> None:
    most, fewer = (sample_flowing(PAPER, FLOWING, PHASES, n, 3, TRAINING) for n in (300, 70))
    assert np.array_equal(fewer, most[:70])
