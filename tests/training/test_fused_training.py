"""Trainings by the fused backend: what they learn, when they fail or end, and that they repeat."""

import hashlib
import subprocess
import sys
import warnings
from dataclasses import fields, replace

import numpy as np
import pytest
from helpers.networks import composite
from test_fused import KINDS, each_kind, taught_by, teacher

from evaluation.measures.error import curve_error
from evaluation.online.prediction import predict
from rve.dataset.dataset import Dataset
from rve.loads.load_path import monotonic
from training.fit import History, Result, train
from training.homogenise import homogenise
from training.loss import mean_relative_error
from training.network import Kind
from training.specification import BackendName, Settings
from training.tree import prune

QUICK = Settings(epochs=30, batch_size=20, eta=1.0, xi=1.0, seed=4)
FIELDS = [field.name for field in fields(History)]

each_backend = pytest.mark.parametrize("backend", ["fused", "torch"])


def train_on(
    taught: Kind, depth: int, kind: Kind, layers: int, settings: Settings, samples: int = 100
) -> tuple[Result, float]:
    """A training on samples of a random teacher, and its e_C on samples never seen."""
    network = teacher(taught, depth, settings.seed)
    data = [taught_by(network, samples, stream) for stream in range(3)]
    result = train(kind, layers, data[0], data[1], settings)
    predicted = homogenise(result.network, data[2].phases[:, 0], data[2].phases[:, 1])
    return result, mean_relative_error(predicted, data[2].rve)


def digest() -> str:
    """All bits that a training of each kind gives."""
    data = taught_by(teacher("IMN", 2), 50, 0)
    content = []
    for kind in KINDS:
        result = train(kind, 5, data, data.first(20), QUICK)
        content += [result.network.z, result.network.angles]
        content += [getattr(result.history, name) for name in FIELDS]
    return hashlib.sha256(b"".join(array.tobytes() for array in content)).hexdigest()


@pytest.mark.slow
def test_same_seed_same_bits_in_other_processes_that_run_side_by_side() -> None:
    program = "from test_fused_training import digest; print(digest())"
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path}; {program}"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    digests = [process.communicate()[0].strip() for process in processes]
    assert digests == [digest()] * 2


@each_kind
def test_a_laminate_teaches_a_network_of_its_own_depth_to_rounding(kind: Kind) -> None:
    """All IMNs, and those DMNs that do not end in a local minimum."""
    settings = replace(QUICK, epochs=2000, batch_size=100, patience=20)
    errors = [train_on("IMN", 1, kind, 1, replace(settings, seed=seed))[1] for seed in (0, 1, 5)]
    assert sum(error < 1e-9 for error in errors) == (3 if kind == "IMN" else 2)


@each_kind
def test_a_network_of_five_layers_learns_a_laminate(kind: Kind) -> None:
    """To 1e-4 or so here and to some 1e-6 in the end: Adam's steps are too long for the rest."""
    result, error = train_on(kind, 1, kind, 5, replace(QUICK, epochs=5000, seed=0))
    assert result.history.error_validation[0] > 0.1
    assert error < 1e-3


@pytest.mark.slow
def test_networks_of_eight_layers_learn_one_of_two() -> None:
    """On samples never seen. From a hundred samples, half of the networks learn something else."""
    settings = replace(QUICK, epochs=3000, batch_size=40)
    errors = [
        train_on("IMN", 2, "IMN", 8, replace(settings, seed=seed), samples=400)[1]
        for seed in range(6)
    ]
    assert sum(error < 1e-4 for error in errors) >= 5


@pytest.mark.slow
@each_kind
def test_a_training_in_single_precision_goes_like_one_in_double_precision(kind: Kind) -> None:
    """The same base nodes die at the same time, and the errors agree to three digits.

    Adam gives a small slope as long a step as a large one, so rounding grows with the epochs.
    """
    data = taught_by(teacher("IMN", 2), 100, 0)
    single, double = (
        train(kind, 4, data, data.first(50), replace(QUICK, seed=0, precision=precision))
        for precision in ("float32", "float64")
    )
    assert single.network.z.dtype == np.float64
    assert (single.history.active_nodes == double.history.active_nodes).all()
    for name in ("loss_validation", "error_training", "error_validation"):
        one, other = (getattr(result.history, name) for result in (single, double))
        one, other = one[np.isfinite(one)], other[np.isfinite(other)]
        assert one == pytest.approx(other, rel=1e-3)
        assert (one != other).all()


FAILURES = {
    "all base nodes died": {"eta": 1e6, "xi": 1e-12, "learning_rate": 0.1},
    "a parameter is not finite": {"learning_rate": 1e308},
    "the loss is not finite": {"eta": 0.0, "learning_rate": 1e300},
}


@each_kind
@each_backend
@pytest.mark.parametrize("reason", FAILURES)
def test_a_training_that_cannot_go_on_has_failed_without_noise(
    kind: Kind, backend: BackendName, reason: str
) -> None:
    """Both backends alike: the reason, the epochs that were done, neither exception nor warning."""
    data = taught_by(teacher("IMN", 2), 20, 0)
    settings = replace(QUICK, backend=backend, batch_size=10, **FAILURES[reason])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = train(kind, 3, data, data, settings)
    assert result.status == "failed"
    assert result.reason == reason
    lengths = {len(getattr(result.history, name)) for name in FIELDS}
    assert lengths == {4 if reason == "all base nodes died" else 0}


@each_kind
def test_epochs_before_a_failure_are_those_of_a_training_that_ends_there(kind: Kind) -> None:
    data = taught_by(teacher("IMN", 2), 20, 0)
    settings = replace(QUICK, batch_size=10, **FAILURES["all base nodes died"])
    failed = train(kind, 3, data, data, settings)
    done = len(failed.history.active_nodes)
    shorter = train(kind, 3, data, data, replace(settings, epochs=done))
    assert shorter.status == "ok"
    for name in FIELDS:
        one, other = (getattr(result.history, name) for result in (failed, shorter))
        known = np.isfinite(one)
        assert (one[known] == other[known]).all()
        assert known.all() or name == "error_training"


@pytest.mark.slow
@each_kind
@each_backend
def test_stopping_below_a_learning_rate_cuts_the_history_off(
    kind: Kind, backend: BackendName
) -> None:
    """Right after the last epoch at a rate that is not below; zero runs all epochs."""
    data = taught_by(teacher("IMN", 1), 20, 0)
    settings = replace(QUICK, epochs=40, backend=backend, learning_rate=0.2, patience=0, factor=0.5)
    whole = train(kind, 2, data, data, replace(settings, stop_below=0)).history
    cut = train(kind, 2, data, data, replace(settings, stop_below=0.05)).history
    length = int((whole.learning_rate >= 0.05).sum())
    assert len(whole.learning_rate) == 40 > length > 1
    for name in FIELDS:
        one, other = getattr(cut, name), getattr(whole, name)[:length]
        known = np.isfinite(other)
        assert (one[known] == other[known]).all()
        assert np.isfinite(one[-1])


@pytest.mark.slow
@each_kind
def test_a_training_that_ends_at_a_small_rate_gives_the_network_of_a_whole_one(kind: Kind) -> None:
    """Half of the epochs or less; the same nodes, and errors and stresses within 1e-3."""
    data = taught_by(teacher("IMN", 3), 100, 0)
    settings = replace(QUICK, epochs=10_000, batch_size=40)
    whole, ended = (
        train(kind, 4, data, data.first(50), replace(settings, stop_below=rate))
        for rate in (0.0, settings.stop_below)
    )
    assert len(ended.history.active_nodes) < len(whole.history.active_nodes) / 2
    assert ended.history.active_nodes[-1] == whole.history.active_nodes[-1]
    for name in ("error_training", "error_validation"):
        one, other = (getattr(result.history, name)[-1] for result in (ended, whole))
        assert one == pytest.approx(other, rel=1e-3)
    path = monotonic("11", 0.04, 20, "stress")
    one, other = (
        predict(prune(result.network), composite(), path).curve for result in (ended, whole)
    )
    assert curve_error(one, other) < 1e-3


@each_kind
def test_a_training_leaves_its_data_as_they_are(kind: Kind) -> None:
    data = taught_by(teacher("IMN", 1), 20, 0)
    copy = Dataset(data.phases.copy(), data.rve.copy())
    train(kind, 3, data, data, QUICK)
    for name in ("phases", "rve"):
        assert (getattr(data, name) == getattr(copy, name)).all()
