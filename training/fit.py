"""Training of a network on linear-elastic data."""

import logging
import math
import time
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rve import arguments
from rve.dataset.dataset import Dataset, checked
from rve.dataset.moments import Moments
from rve.errors import InputError
from training.backend import Backend
from training.coated import coated
from training.finish import finish
from training.loss import LossName
from training.network import Kind, MaterialNetwork, initialise
from training.plateau import Plateau
from training.tree import active_base_nodes

logger = logging.getLogger(__name__)

BackendName = Literal["fused", "torch", "literal"]
Initialisation = Literal["random", "coated"]
Precision = Literal["float64", "float32"]

_SECONDS_BETWEEN_MESSAGES = 10
_MEASURED_EVERY = 10  # epochs; e_C on all training samples takes a fifth of the time of an epoch


@dataclass(frozen=True)
class Settings:
    """How a network is trained, Section 3.

    Attributes:
        epochs: passes over the training samples.
        batch_size: samples of an optimiser step; the last step of an epoch has the remaining ones.
        eta: strength of the regularisation in Eq. 9.
        xi: sum of the weights that the regularisation prescribes.
        seed: of the initial parameters and of the order of the samples.
        initialisation: random, Section 3, or coated laminates, see `training.coated`.
        fibre_fraction: volume fraction of the fibres, which a coated start needs.
        loss: metric of the errors, see `training.loss`.
        learning_rate: of Adam, at the start.
        factor: of the learning rate when the validation loss no longer improves.
        patience: epochs without improvement before that.
        stop_below: the training ends when the learning rate falls below this value. Below 1e-6 the
            errors still change by some 1e-4 of their values, see docs/training.md.
        backend: compiled, PyTorch, or PyTorch with the DMN as printed, see `training.literal`; the
            results differ by rounding.
        precision: of the stiffnesses in the fused backend; parameters are float64.
    """

    epochs: int
    batch_size: int
    eta: float
    xi: float
    seed: int
    initialisation: Initialisation = "random"
    fibre_fraction: float | None = None
    loss: LossName = "frobenius"
    learning_rate: float = 0.01
    factor: float = 0.8
    patience: int = 50
    stop_below: float = 1e-6
    backend: BackendName = "fused"
    precision: Precision = "float64"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("epochs", "batch_size"):
            arguments.count(name, getattr(self, name))
        for name in ("seed", "patience"):
            arguments.count(name, getattr(self, name), at_least=0)
        for name in ("eta", "xi", "stop_below"):
            arguments.number(name, getattr(self, name), at_least=0)
        arguments.number("learning_rate", self.learning_rate, above=0)
        arguments.number("factor", self.factor, above=0, at_most=1)
        if self.fibre_fraction is not None:
            arguments.number("fibre_fraction", self.fibre_fraction, above=0, at_most=1)
        arguments.choice("initialisation", self.initialisation, get_args(Initialisation))
        arguments.choice("loss", self.loss, get_args(LossName))
        arguments.choice("backend", self.backend, get_args(BackendName))
        arguments.choice("precision", self.precision, get_args(Precision))


@dataclass(frozen=True)
class History:
    """What was measured after each epoch, arrays (epochs,).

    The error on the training samples is measured after the first epoch, after every tenth one, and
    at the end. It is nan after the other epochs.
    """

    loss_validation: NDArray[np.float64]
    error_training: NDArray[np.float64]
    error_validation: NDArray[np.float64]
    learning_rate: NDArray[np.float64]
    active_nodes: NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """A trained network with numpy parameters, and how the training went.

    Attributes:
        network: the parameters after the last epoch.
        history: one entry for each epoch; fewer if the training failed.
        seconds: wall time of the training.
        status: `ok` or `failed`.
        reason: why it failed; empty if it did not.
    """

    network: MaterialNetwork
    history: History
    seconds: float
    status: Literal["ok", "failed"]
    reason: str


def train(
    kind: Kind,
    layers: int,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    moments: Moments | None = None,
) -> Result:
    """Train a network with Adam and mini-batches.

    The status is `failed` if all base nodes die or a value is not finite.

    Args:
        kind: DMN or IMN.
        layers: depth N.
        training: the samples to learn from.
        validation: the samples that decide when the learning rate falls.
        settings: of the training.
        moments: which the last steps fit, see `training.finish`; they add an entry to the history.
            If the phase has no share of the energy under any load, there is nothing to fit.

    Raises:
        InputError: kind or layers are not as said, a dataset cannot be trained on, see
            `rve.dataset.dataset.checked`, or there are fewer training samples than a batch.
    """
    arguments.choice("kind", kind, get_args(Kind))
    arguments.count("layers", layers)
    checked(training, "training samples: ")
    checked(validation, "validation samples: ")
    if len(training) < settings.batch_size:
        raise InputError(
            f"a batch of {settings.batch_size} needs as many training samples, got {len(training)}"
        )
    start = time.perf_counter()
    rng = np.random.default_rng(settings.seed)
    network = _start(kind, layers, settings, rng)
    backend = _backend(network, training, validation, settings, moments)
    plateau = Plateau(settings.learning_rate, settings.factor, settings.patience)
    records: list[tuple[float, ...]] = []
    reason, message_due = "", 0.0
    for epoch in range(1, settings.epochs + 1):
        backend.step(rng.permutation(len(training)), settings.batch_size, plateau.learning_rate)
        network = backend.network
        active = active_base_nodes(network)
        loss, error = backend.validate() if active else (math.nan, math.nan)
        if not active or not all(map(math.isfinite, (network.z.sum(), loss, error))):
            reason = _failure(network)
            break
        rate = plateau.learning_rate
        plateau.step(loss)
        ended = epoch == settings.epochs or plateau.learning_rate < settings.stop_below
        measured = ended or epoch == 1 or epoch % _MEASURED_EVERY == 0
        of_training = backend.training_error() if measured else math.nan
        records.append((loss, of_training, error, rate, active))
        if ended or (measured and time.perf_counter() >= message_due):
            message_due = time.perf_counter() + _SECONDS_BETWEEN_MESSAGES
            _log(epoch, settings.epochs, records[-1])
        if ended:
            break
    if moments and len(moments.pairs) and not reason:
        finish(backend, len(training), moments, settings.batch_size, rng)
        loss, error = backend.validate()
        of_training, active = backend.training_error(), active_base_nodes(backend.network)
        records.append((loss, of_training, error, rate, active))
        logger.info("with the moments: e_C %.2e training, %.2e validation", of_training, error)
    return Result(
        network=backend.network,
        history=History(*np.array(records).reshape(-1, len(fields(History))).T),
        seconds=time.perf_counter() - start,
        status="failed" if reason else "ok",
        reason=reason,
    )


def _start(
    kind: Kind, layers: int, settings: Settings, rng: np.random.Generator
) -> MaterialNetwork:
    """The network before it is trained."""
    if settings.initialisation == "random":
        return initialise(kind, layers, rng)
    if settings.fibre_fraction is None:
        raise InputError("a coated start needs the volume fraction of the fibres: fibre_fraction")
    return coated(kind, layers, settings.fibre_fraction, settings.xi, rng)


def _backend(
    network: MaterialNetwork,
    training: Dataset,
    validation: Dataset,
    settings: Settings,
    moments: Moments | None,
) -> Backend:
    """Set up a backend; each is imported only where it is used."""
    arguments = (network, training, validation, settings.eta, settings.xi, settings.loss)
    if settings.backend != "fused":
        from training.torch.backend import TorchBackend

        return TorchBackend(*arguments, literal=settings.backend == "literal", moments=moments)
    from training.compiled.backend import FusedBackend

    return FusedBackend(*arguments, settings.precision, moments=moments)


def _failure(network: MaterialNetwork) -> str:
    """Why the training cannot go on."""
    if not (np.isfinite(network.z).all() and np.isfinite(network.angles).all()):
        return "a parameter is not finite"
    if active_base_nodes(network) == 0:
        return "all base nodes died"
    return "the loss is not finite"


def _log(epoch: int, epochs: int, record: tuple[float, ...]) -> None:
    logger.info(
        "epoch %d of %d: e_C %.2e training, %.2e validation; "
        "learning rate %.1e; %d active base nodes",
        epoch,
        epochs,
        *record[1:],
    )
