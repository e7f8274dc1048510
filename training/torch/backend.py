"""The PyTorch backend: a network in training by autograd, level by level, all nodes kept.

It is slow and plain: what the fused backend is checked against, and timed against.
"""

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from rve.dataset.dataset import Dataset
from training.homogenise import homogenise
from training.loss import LossName, loss, mean_relative_error
from training.network import MaterialNetwork


class TorchBackend:
    """Steps and measures of a network; see `training.fit.Backend`."""

    def __init__(
        self,
        network: MaterialNetwork,
        training: Dataset,
        validation: Dataset,
        eta: float,
        xi: float,
        loss: LossName = "frobenius",
        device: str = "cpu",
    ) -> None:
        """Start from a network with numpy parameters, which is left as it is."""

        def tensor(array):
            return torch.tensor(array, device=device)

        self._network = replace(
            network,
            z=tensor(network.z).requires_grad_(),
            angles=tensor(network.angles).requires_grad_(),
        )
        self._training, self._validation = (
            [tensor(array) for array in (data.p1, data.p2, data.rve)]
            for data in (training, validation)
        )
        self._loss = eta, xi, loss
        self._optimiser = torch.optim.Adam([self._network.z, self._network.angles])

    @property
    def network(self) -> MaterialNetwork:
        """The network as it is now, with numpy parameters."""
        z, angles = (
            values.detach().cpu().numpy() for values in (self._network.z, self._network.angles)
        )
        return replace(self._network, z=z, angles=angles)

    def step(self, order: NDArray[np.int64], batch_size: int, learning_rate: float) -> None:
        """Adam's steps over the training samples in this order."""
        self._optimiser.param_groups[0]["lr"] = learning_rate
        for batch in torch.from_numpy(order).split(batch_size):
            p1, p2, rve = (array[batch] for array in self._training)
            self._optimiser.zero_grad()
            predicted = homogenise(self._network, p1, p2)
            loss(self._network, predicted, rve, *self._loss).backward()
            self._optimiser.step()

    @torch.no_grad()
    def measure(self) -> tuple[float, float, float]:
        """Loss on the validation samples, and e_C on training and validation samples."""
        p1, p2, rve = self._validation
        predicted = homogenise(self._network, p1, p2)
        training = homogenise(self._network, *self._training[:2])
        return (
            float(loss(self._network, predicted, rve, *self._loss)),
            mean_relative_error(training, self._training[2]),
            mean_relative_error(predicted, rve),
        )
