"""Loss, error measure and training, against loops written from the paper's equations."""

import re
from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from networks import Array, random_network, random_stiffness, stiffness_by_recursion

from rve.dataset.dataset import Dataset
from rve.errors import InputError
from training.fit import History, Result, train
from training.homogenise import base_weights, homogenise
from training.loss import loss, mean_relative_error, squared_errors
from training.network import Kind, MaterialNetwork, initialise
from training.specification import Settings

ROUNDING = 1e-12

KINDS: list[Kind] = ["DMN", "IMN"]
each_kind = pytest.mark.parametrize("kind", KINDS)

TEACHER = MaterialNetwork("IMN", np.array([0.4, 0.6]), np.array([[0.15, 0.3]]))
QUICK = Settings(epochs=12, batch_size=6, eta=0.7, xi=1.3, seed=3)
STUDENT = Settings(epochs=150, batch_size=10, eta=1, xi=1, seed=0, learning_rate=0.1, patience=10)


def taught_by(teacher: MaterialNetwork, samples: int, seed: int) -> Dataset:
    """Random pairs of phases, contrast up to ten, and the teacher's stiffness of each."""
    rng = np.random.default_rng(seed)
    p1 = np.array([random_stiffness(rng) for _ in range(samples)])
    p2 = np.array([random_stiffness(rng, 10 ** rng.uniform(-1, 1)) for _ in range(samples)])
    pairs = np.stack([p1, p2], axis=1)
    return Dataset(pairs, np.array([stiffness_by_recursion(teacher, *pair) for pair in pairs]))


@pytest.fixture(scope="module")
def training() -> Dataset:
    return taught_by(TEACHER, 40, 1)


@pytest.fixture(scope="module")
def validation() -> Dataset:
    return taught_by(TEACHER, 20, 2)


@pytest.fixture(scope="module")
def run(training: Dataset, validation: Dataset) -> Callable[..., Result]:
    """Train a network of two layers quickly, with changed settings."""

    def train_with(kind: Kind = "IMN", **changes: float) -> Result:
        return train(kind, 2, training, validation, replace(QUICK, **changes))

    return train_with


@pytest.fixture(scope="module", params=KINDS)
def trained(request: pytest.FixtureRequest, run: Callable[..., Result]) -> Result:
    """One quick training of each kind."""
    return run(request.param)


def loss_by_hand(network: MaterialNetwork, predicted: Array, data: Array, s: Settings) -> float:
    """Eq. 9, sum by sum."""
    fit = 0.0
    for C_hat, C in zip(predicted, data, strict=True):
        fit += sum(x**2 for x in (C - C_hat).flat) / sum(x**2 for x in C.flat)
    weights = sum(max(z, 0.0) for z in network.z)
    return fit / (2 * len(data)) + s.eta * (weights - s.xi) ** 2


def error_by_hand(predicted: Array, data: Array) -> float:
    """Eq. 33, sum by sum."""
    total = 0.0
    for C_hat, C in zip(predicted, data, strict=True):
        total += np.sqrt(sum(x**2 for x in (C - C_hat).flat) / sum(x**2 for x in C.flat))
    return total / len(data)


def by_recursion(network: MaterialNetwork, data: Dataset) -> Array:
    """Stiffnesses (s, 6, 6) of a network."""
    pairs = zip(data.phases[:, 0], data.phases[:, 1], strict=True)
    return np.array([stiffness_by_recursion(network, *pair) for pair in pairs])


@each_kind
def test_loss_is_equation_9(kind: Kind, training: Dataset) -> None:
    """With dead base nodes, whose negative activations the penalty must not see."""
    network = random_network(kind, 2, np.random.default_rng(4), [1, 2])
    predicted = by_recursion(network, training)
    expected = loss_by_hand(network, predicted, training.rve, QUICK)
    result = loss(network, predicted, training.rve, QUICK.eta, QUICK.xi)
    assert result == pytest.approx(expected, rel=ROUNDING)


def test_weights_of_base_nodes_are_the_relu_of_their_activations() -> None:
    """Eq. 1."""
    network = MaterialNetwork("IMN", np.array([0.5, -0.2, 0.0, 3.0]), np.zeros((3, 2)))
    assert base_weights(network).tolist() == [0.5, 0, 0, 3]


def test_error_is_equation_33(training: Dataset) -> None:
    predicted = by_recursion(random_network("IMN", 2, np.random.default_rng(5)), training)
    expected = error_by_hand(predicted, training.rve)
    assert mean_relative_error(predicted, training.rve) == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.slow
@each_kind
def test_gradient_of_the_loss_passes_finite_differences(kind: Kind, training: Dataset) -> None:
    """`gradcheck` by all activations, one of them dead, and all angles."""
    network = random_network(kind, 2, np.random.default_rng(6), [2])
    first = training.first(3)
    (p1, p2), rve = map(torch.from_numpy, (first.phases.swapaxes(0, 1), first.rve))

    def value(z: torch.Tensor, angles: torch.Tensor) -> torch.Tensor:
        trial = MaterialNetwork(kind, z, angles)
        return loss(trial, homogenise(trial, p1, p2), rve, QUICK.eta, QUICK.xi)

    parameters = [torch.tensor(a, requires_grad=True) for a in (network.z, network.angles)]
    assert torch.autograd.gradcheck(value, parameters)


def test_the_loss_falls(trained: Result) -> None:
    """By a quarter or more within twelve epochs, and the errors with it."""
    history = trained.history
    assert trained.status == "ok"
    assert trained.reason == ""
    assert history.loss_validation[-1] < 0.75 * history.loss_validation[0]
    assert history.error_training[-1] < history.error_training[0]
    assert history.error_validation[-1] < history.error_validation[0]


def test_history_ends_with_the_measures_of_the_returned_network(
    trained: Result, training: Dataset, validation: Dataset
) -> None:
    network, last = trained.network, {f.name: getattr(trained.history, f.name)[-1] for f in FIELDS}
    held_out = by_recursion(network, validation)
    assert last == pytest.approx(
        {
            "loss_validation": loss_by_hand(network, held_out, validation.rve, QUICK),
            "error_training": error_by_hand(by_recursion(network, training), training.rve),
            "error_validation": error_by_hand(held_out, validation.rve),
            "learning_rate": QUICK.learning_rate,
            "active_nodes": (network.z > 0).sum(),
        },
        rel=1e-10,
    )


FIELDS = fields(History)


def test_history_has_an_entry_an_epoch(trained: Result) -> None:
    """The error on the training samples is measured after epochs 1, 10 and 12, the last one."""
    assert [len(getattr(trained.history, field.name)) for field in FIELDS] == [12] * len(FIELDS)
    measured = {f.name: np.isfinite(getattr(trained.history, f.name)) for f in FIELDS}
    assert (np.flatnonzero(measured.pop("error_training")) == [0, 9, 11]).all()
    assert all(known.all() for known in measured.values())


@each_kind
def test_same_seed_same_bits_and_another_seed_another_network(
    kind: Kind, run: Callable[..., Result]
) -> None:
    first, second, other = (run(kind, seed=seed, epochs=4) for seed in (3, 3, 8))
    for name in ("z", "angles"):
        bits = getattr(first.network, name).tobytes()
        assert bits == getattr(second.network, name).tobytes()
        assert bits != getattr(other.network, name).tobytes()
    for field in FIELDS:
        np.testing.assert_array_equal(*(getattr(r.history, field.name) for r in (first, second)))


def test_samples_are_shuffled_into_batches(
    run: Callable[..., Result], training: Dataset, validation: Dataset
) -> None:
    """In their own order, the first two would share a batch and could change places for nothing."""
    order = np.arange(40)
    order[:2] = 1, 0
    swapped = Dataset(training.phases[order], training.rve[order])
    result = train("IMN", 2, swapped, validation, replace(QUICK, epochs=2))
    moved = np.abs(result.network.z - run(epochs=2).network.z)
    assert moved.min() > 1e3 * ROUNDING


@pytest.mark.parametrize(("batch_size", "steps"), [(40, 1), (20, 2), (15, 3), (39, 2)])
def test_an_epoch_takes_a_step_for_every_started_batch(
    batch_size: int, steps: int, training: Dataset, validation: Dataset
) -> None:
    """Of equal samples every step of Adam moves an activation by just the learning rate."""
    rate = 1e-7
    equal = Dataset(*(np.repeat(a[:1], 40, axis=0) for a in (training.phases, training.rve)))
    settings = replace(QUICK, epochs=1, batch_size=batch_size, learning_rate=rate, stop_below=0)
    result = train("IMN", 1, equal, validation, settings)
    initial = initialise("IMN", 1, np.random.default_rng(settings.seed))
    moved = np.abs(result.network.z - initial.z)
    assert moved == pytest.approx(np.full(2, steps * rate), rel=1e-4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_deeper_network_learns_a_laminate(
    seed: int, training: Dataset, validation: Dataset
) -> None:
    """A teacher of one layer, an IMN of two: e_C on unseen phases ends below 1e-3."""
    result = train("IMN", 2, training, validation, replace(STUDENT, seed=seed))
    assert result.history.error_validation[0] > 0.1
    assert result.history.error_validation[-1] < 1e-3
    assert result.network.z.clip(0).sum() == pytest.approx(STUDENT.xi, abs=1e-3)


def test_learned_weights_are_the_volume_fractions(training: Dataset, validation: Dataset) -> None:
    """What a student of the teacher's own depth finds: 0.4 of p1, and the teacher's normal."""
    network = train("IMN", 1, training, validation, STUDENT).network
    assert network.z == pytest.approx(TEACHER.z, abs=1e-5)

    def normal(angles: Array) -> Array:
        t, p = 2 * np.pi * angles[0], np.pi * angles[1]
        return np.array([np.cos(t) * np.sin(p), np.sin(t) * np.sin(p), np.cos(p)])

    aligned = abs(normal(network.angles[0]) @ normal(TEACHER.angles[0]))
    assert aligned == pytest.approx(1, abs=1e-8)


def test_learning_rate_drops_by_the_factor_after_patience_and_one_stagnant_epochs(
    run: Callable[..., Result],
) -> None:
    """Tiny steps improve nothing: the first epoch sets the best, four more are stagnant."""
    rate = 1e-7
    stagnant = run(
        epochs=14, batch_size=40, learning_rate=rate, factor=0.5, patience=3, stop_below=0
    )
    expected = [rate] * 5 + [rate / 2] * 4 + [rate / 4] * 4 + [rate / 8]
    assert stagnant.history.learning_rate == pytest.approx(expected, rel=ROUNDING)


def test_learning_rate_stays_while_the_loss_falls(run: Callable[..., Result]) -> None:
    rates = run(epochs=8, patience=1).history.learning_rate
    assert (rates == QUICK.learning_rate).all()


@each_kind
def test_a_network_whose_base_nodes_all_die_has_failed(
    kind: Kind, run: Callable[..., Result]
) -> None:
    """A step of Adam is as long as its rate: 1 takes all weights, asked to sum to 0, to death."""
    result = run(kind, xi=0.0, eta=1e6, learning_rate=1.0)
    assert result.status == "failed"
    assert result.reason == "all base nodes died"
    assert (result.network.z <= 0).all()
    assert len(result.history.error_validation) == 0


def test_a_loss_that_is_not_finite_has_failed(training: Dataset, validation: Dataset) -> None:
    result = train("IMN", 2, training, validation, replace(QUICK, eta=1e308))
    assert result.status == "failed"
    assert "not finite" in result.reason


def test_samples_that_are_not_finite_are_refused(training: Dataset, validation: Dataset) -> None:
    broken = replace(validation, rve=validation.rve * np.nan)
    with pytest.raises(InputError, match="validation samples: rve holds a value that is not fin"):
        train("IMN", 2, training, broken, QUICK)


def test_fewer_samples_than_a_batch_are_refused(training: Dataset, validation: Dataset) -> None:
    with pytest.raises(InputError, match="batch of 6 needs as many training samples, got 5"):
        train("IMN", 2, training.first(5), validation, QUICK)


def test_energy_norm_weighs_every_direction_by_its_own_stiffness(training: Dataset) -> None:
    """Scaled stiffnesses, one direction alone, and a linear change of variables."""
    C = training.rve
    assert squared_errors(1.1 * C, C, "energy") == pytest.approx(0.01, rel=1e-9)
    assert squared_errors(1.1 * C, C) == pytest.approx(0.01, rel=1e-9)
    stiff = np.diag([1e4, 1, 1, 1, 1, 1.0])[None]
    for i in range(6):
        changed = stiff.copy()
        changed[0, i, i] *= 1.1
        assert squared_errors(changed, stiff, "energy") == pytest.approx(0.01 / 6, rel=1e-9)
    A = np.random.default_rng(0).normal(size=(6, 6))
    predicted, turned = 1.1 * C + np.eye(6), A.T @ C @ A
    assert squared_errors(A.T @ predicted @ A, turned, "energy") == pytest.approx(
        squared_errors(predicted, C, "energy"), rel=1e-8
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, got 0"),
        ({"batch_size": 2.5}, "batch_size: expected a whole number of at least 1, got 2.5"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"eta": "1"}, "eta: expected a number of at least 0, got '1'"),
        ({"xi": float("nan")}, "xi: expected a number of at least 0, got nan"),
        ({"learning_rate": 0}, "learning_rate: expected a number above 0, got 0"),
        ({"factor": 2}, "factor: expected a number above 0 and at most 1, got 2"),
        (
            {"fractions": {"matrix": 1, "fibre": 60}},
            "fractions: fibre: expected a number above 0 and at most 1, got 60",
        ),
        ({"initialisation": "Coated"}, "got 'Coated'; did you mean 'coated'?"),
        ({"loss": "mse"}, "loss: expected one of frobenius, energy, got 'mse'"),
        ({"backend": "jax"}, "backend: expected one of fused, torch, literal, got 'jax'"),
        ({"precision": "float16"}, "precision: expected one of float64, float32, got 'float16'"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        replace(QUICK, **changes)


@pytest.mark.parametrize(
    ("kind", "layers", "message"),
    [
        ("imn", 2, "kind: expected one of DMN, IMN, got 'imn'; did you mean 'IMN'"),
        ("IMN", 0, "layers: expected a whole number of at least 1, got 0"),
    ],
)
def test_a_network_that_cannot_be_meant_is_refused(
    training: Dataset, validation: Dataset, kind: Kind, layers: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        train(kind, layers, training, validation, QUICK)
