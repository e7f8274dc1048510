"""Training of a network on linear-elastic data."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np

from rve import arguments
from rve.arrays import Array
from rve.dataset.dataset import Dataset, checked
from rve.dataset.moments import Moments
from rve.errors import InputError
from training.backend import Backend
from training.coated import coated_network
from training.finish import finish
from training.network import Kind, MaterialNetwork, initialise
from training.plateau import Plateau
from training.specification import BackendName, Settings
from training.tree import active_base_nodes

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_MESSAGES = 10
_MEASURED_EVERY = 10  # epochs; e_C on all training samples takes a fifth of the time of an epoch


@dataclass(frozen=True)
class History:
    """What was measured after each epoch, arrays (epochs,).

    The error on the training samples is measured after the first epoch, after every tenth one, and
    at the end. It is nan after the other epochs.
    """

    loss_validation: Array
    error_training: Array
    error_validation: Array
    learning_rate: Array
    active_nodes: Array


@dataclass(frozen=True)
class Result:
    """A trained network with numpy parameters, and how the training went.

    Attributes:
        network: the parameters after the last epoch.
        history: one entry for each epoch; fewer if the training failed.
        seconds: wall time of the training.
        status: `ok` or `failed`.
        reason: why it failed; empty if it did not.

    Example:
        >>> import numpy as np
        >>> from rve.dataset import Dataset
        >>> from training import Settings, train
        >>> data = Dataset(np.array([[np.eye(6), 3 * np.eye(6)]]), 1.8 * np.eye(6)[None])
        >>> result = train("IMN", 1, data, data, Settings(7, batch_size=1, eta=1, xi=1, seed=0))
        >>> result.status, result.network.layers, len(result.history.error_validation)
        ('ok', 1, 7)
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
            `rve.dataset.dataset.checked`, there are fewer training samples than a batch, or they
            are of other phases than the settings.

    Example:
        From the stiffnesses of a laminate a network of one block learns its volume fraction and its
        normal:

        >>> import numpy as np
        >>> from rve.dataset import Dataset, SamplingRanges, sample_phases
        >>> from training import MaterialNetwork, Settings, train
        >>> from training.homogenise import homogenise
        >>> from training.network import orient
        >>> laminate = MaterialNetwork("IMN", np.array([0.3, 0.7]), np.array([[0.0, 0.5]]))
        >>> ranges = SamplingRanges((0.1, 10), (-1, 1), (0.25, 0.5), poisson_ratio=(0, 0.5))
        >>> names = "matrix", "fibre"
        >>> p1, p2 = sample_phases(ranges, names, 40, seed=1, stream=0).swapaxes(0, 1)
        >>> data = Dataset(np.stack([p1, p2], axis=1), homogenise(laminate, p1, p2))
        >>> settings = Settings(300, batch_size=10, eta=1, xi=1, seed=0, patience=10)
        >>> learned = train("IMN", 1, data, data, settings).network
        >>> learned.z.round(9).tolist(), abs(orient(learned).normals[0]).round(9).tolist()
        ([0.3, 0.7], [[1.0, 0.0, 0.0]])
    """
    arguments.choice("kind", kind, get_args(Kind))
    arguments.count("layers", layers)
    checked(training, "training samples: ")
    checked(validation, "validation samples: ")
    if len(training) < settings.batch_size:
        raise InputError(
            f"a batch of {settings.batch_size} needs as many training samples, got {len(training)}"
        )
    for data in (training, validation):
        if data.phases.shape[1] != len(settings.phases):
            raise InputError(
                f"samples of {data.phases.shape[1]} phases, expected {', '.join(settings.phases)}; "
                "give the names and volume fractions of the phases as fractions of the settings"
            )
    start = time.perf_counter()
    rng = np.random.default_rng(settings.seed)
    network = _start(kind, layers, settings, rng)
    backend = _backend(settings.backend)(network, training, validation, settings, moments)
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
        return initialise(kind, layers, rng, settings.phases)
    if not settings.fractions:
        raise InputError("a coated start needs the volume fractions of the phases: fractions")
    return coated_network(kind, layers, settings.fractions, settings.xi, rng)


def _backend(name: BackendName) -> Callable[..., Backend]:
    """The class of a backend; each is imported only where it is used."""
    if name == "fused":
        from training.compiled.backend import FusedBackend

        return FusedBackend
    from training.torch.backend import TorchBackend

    return TorchBackend


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
