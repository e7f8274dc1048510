"""Training of a network on linear-elastic data, in PyTorch."""

import logging
import time
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim.lr_scheduler import ReduceLROnPlateau

from rve.dataset import Dataset
from rve.errors import InputError
from training.homogenise import homogenise
from training.loss import loss, mean_relative_error
from training.network import Kind, MaterialNetwork, initialise
from training.tree import active_base_nodes

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_MESSAGES = 10


@dataclass(frozen=True)
class Settings:
    """How a network is trained, Section 3.

    Attributes:
        epochs: passes over the training samples.
        batch_size: samples of an optimiser step; the last step of an epoch takes what is left.
        eta: strength of the regularisation in Eq. 9.
        xi: sum of the weights it asks for.
        seed: of the initial parameters and of the order of the samples.
        learning_rate: of Adam, at the start.
        factor: of the learning rate when the validation loss no longer improves.
        patience: epochs without improvement before that.
    """

    epochs: int
    batch_size: int
    eta: float
    xi: float
    seed: int
    learning_rate: float = 0.01
    factor: float = 0.8
    patience: int = 50


@dataclass(frozen=True)
class History:
    """What was measured after each epoch, arrays (epochs,)."""

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
        history: one entry an epoch, fewer when the training failed.
        seconds: wall time of the training.
        status: `ok` or `failed`.
        reason: why it failed, else empty.
    """

    network: MaterialNetwork
    history: History
    seconds: float
    status: Literal["ok", "failed"]
    reason: str


def train(
    kind: Kind, layers: int, training: Dataset, validation: Dataset, settings: Settings
) -> Result:
    """Train a network of random initial parameters with Adam and mini-batches.

    A network whose base nodes all die, or that meets a value that is not finite, ends with the
    status `failed`.

    Args:
        kind: DMN or IMN.
        layers: depth N.
        training: the samples to learn from.
        validation: the samples that steer the learning rate.
        settings: of the training.

    Raises:
        InputError: there are fewer training samples than a batch.
    """
    if len(training) < settings.batch_size:
        raise InputError(
            f"a batch of {settings.batch_size} needs as many training samples, got {len(training)}"
        )
    start = time.perf_counter()
    rng = np.random.default_rng(settings.seed)
    initial = initialise(kind, layers, rng)
    network = replace(
        initial,
        z=torch.tensor(initial.z, requires_grad=True),
        angles=torch.tensor(initial.angles, requires_grad=True),
    )
    optimiser = torch.optim.Adam([network.z, network.angles], lr=settings.learning_rate)
    scheduler = ReduceLROnPlateau(optimiser, factor=settings.factor, patience=settings.patience)
    samples = [torch.from_numpy(array) for array in (training.p1, training.p2, training.rve)]
    held_out = [torch.from_numpy(array) for array in (validation.p1, validation.p2, validation.rve)]
    records: list[tuple[float, ...]] = []
    reason, message_due = "", 0.0
    for epoch in range(settings.epochs):
        _run_epoch(network, optimiser, samples, settings, rng)
        record = _measure(network, samples, held_out, settings, optimiser.param_groups[0]["lr"])
        reason = _failure(network, record)
        if reason:
            break
        records.append(record)
        scheduler.step(record[0])
        if time.perf_counter() >= message_due or epoch + 1 == settings.epochs:
            message_due = time.perf_counter() + _SECONDS_BETWEEN_MESSAGES
            logger.info(
                "epoch %d of %d: e_C %.2e training, %.2e validation; "
                "learning rate %.1e; %d active base nodes",
                epoch + 1,
                settings.epochs,
                *record[1:],
            )
    return Result(
        network=replace(
            network, z=network.z.detach().numpy(), angles=network.angles.detach().numpy()
        ),
        history=History(*np.array(records).reshape(-1, len(fields(History))).T),
        seconds=time.perf_counter() - start,
        status="failed" if reason else "ok",
        reason=reason,
    )


def _run_epoch(network, optimiser, samples, settings: Settings, rng: np.random.Generator) -> None:
    order = torch.from_numpy(rng.permutation(len(samples[0])))
    for batch in order.split(settings.batch_size):
        p1, p2, rve = (array[batch] for array in samples)
        optimiser.zero_grad()
        loss(network, homogenise(network, p1, p2), rve, settings.eta, settings.xi).backward()
        optimiser.step()


@torch.no_grad()
def _measure(
    network, samples, held_out, settings: Settings, learning_rate: float
) -> tuple[float, ...]:
    """The entries of `History` after an epoch."""
    p1, p2, rve = held_out
    predicted = homogenise(network, p1, p2)
    return (
        float(loss(network, predicted, rve, settings.eta, settings.xi)),
        mean_relative_error(homogenise(network, *samples[:2]), samples[2]),
        mean_relative_error(predicted, rve),
        learning_rate,
        active_base_nodes(network),
    )


def _failure(network: MaterialNetwork, record: tuple[float, ...]) -> str:
    """Why the training cannot go on, or nothing."""
    if not np.isfinite(record).all():
        return "the loss is not finite"
    if active_base_nodes(network) == 0:
        return "all base nodes died"
    return ""
