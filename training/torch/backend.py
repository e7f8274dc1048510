"""The PyTorch backend: a network in training by autograd, level by level, all nodes kept.

It is slow and simple. The fused backend is checked against it and timed against it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, uniaxial_strains
from rve.extras import extra
from training.as_printed import homogenise as as_printed
from training.first_moments import first_moments, mean_square
from training.homogenise import homogenise
from training.loss import LossName, loss, mean_relative_error
from training.network import MaterialNetwork

with extra("torch"):
    import torch


class TorchBackend:
    """Steps and measures of a network; see `training.backend.Backend`."""

    def __init__(
        self,
        network: MaterialNetwork,
        training: Dataset,
        validation: Dataset,
        eta: float,
        xi: float,
        loss: LossName = "frobenius",
        device: str = "cpu",
        literal: bool = False,
        moments: Moments | None = None,
    ) -> None:
        """Start from a network with numpy parameters, which is left as it is.

        A DMN can be trained as it is printed, with a rotation at every node.
        """
        self._homogenise = as_printed if literal and network.kind == "DMN" else homogenise

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
        self._first_moments = moments
        self.restart()

    def restart(self) -> None:
        """Let Adam forget the steps so far."""
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
            self._optimiser.zero_grad()
            self._loss_of(batch).backward()
            self._optimiser.step()

    def move(
        self, by_z: NDArray[np.float64], by_angles: NDArray[np.float64], learning_rate: float
    ) -> None:
        """One step of Adam with these derivatives."""
        self._optimiser.param_groups[0]["lr"] = learning_rate
        for own, slopes in ((self._network.z, by_z), (self._network.angles, by_angles)):
            own.grad = torch.as_tensor(slopes, device=own.device)
        self._optimiser.step()

    def gradient(
        self, samples: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Derivatives of the loss of some training samples by z and by the angles."""
        return self._slopes(self._loss_of(torch.from_numpy(samples)))

    def gradient_of_moments(
        self, pairs: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Derivatives of the mean square error of the moments of some pairs, see `Moments`."""
        assert self._first_moments is not None
        moments, z = self._first_moments, self._network.z
        sample, load = moments.pairs[pairs].T
        p1, p2, values, shares, strains = (
            torch.tensor(array, device=z.device)
            for array in (
                moments.samples.p1[sample],
                moments.samples.p2[sample],
                moments.values[sample, load][:, None],
                moments.shares[sample, load][:, None],
                uniaxial_strains(moments.samples.rve)[sample, load][:, None],
            )
        )
        found = first_moments(self._network, p1, p2, strains, moments.flowing)
        return self._slopes(mean_square(found / values - 1, shares))

    def _slopes(self, value: torch.Tensor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        by_z, by_angles = torch.autograd.grad(value, (self._network.z, self._network.angles))
        return by_z.cpu().numpy(), by_angles.cpu().numpy()

    def _loss_of(self, batch: torch.Tensor) -> torch.Tensor:
        p1, p2, rve = (array[batch] for array in self._training)
        return loss(self._network, self._homogenise(self._network, p1, p2), rve, *self._loss)

    @torch.no_grad()
    def validate(self) -> tuple[float, float]:
        """Loss on the validation samples, and e_C on them."""
        p1, p2, rve = self._validation
        predicted = self._homogenise(self._network, p1, p2)
        value = float(loss(self._network, predicted, rve, *self._loss))
        return value, mean_relative_error(predicted, rve)

    @torch.no_grad()
    def training_error(self) -> float:
        """e_C on the training samples."""
        p1, p2, rve = self._training
        return mean_relative_error(self._homogenise(self._network, p1, p2), rve)
