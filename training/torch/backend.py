"""The PyTorch backend: a network in training by autograd, level by level, all nodes kept.

It is slow and simple. The fused backend is checked against it and timed against it.
"""

from dataclasses import replace

import numpy as np

from rve.arrays import Array, Integers
from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments, uniaxial_strains
from rve.extras import extra
from training.as_printed import homogenise as as_printed
from training.first_moments import first_moments, mean_square
from training.homogenise import homogenise
from training.loss import loss, mean_relative_error
from training.network import MaterialNetwork
from training.specification import Settings

with extra("torch"):
    import torch


class TorchBackend:
    """Steps and measures of a network; see `training.backend.Backend`."""

    def __init__(
        self,
        network: MaterialNetwork,
        training: Dataset,
        validation: Dataset,
        settings: Settings,
        moments: Moments | None = None,
    ) -> None:
        """Start from a network with numpy parameters, which is left as it is.

        A DMN can be trained as it is printed, with a rotation at every node.
        """
        literal = settings.backend == "literal" and network.kind == "DMN"
        self._homogenise = as_printed if literal else homogenise
        self._network = replace(
            network,
            z=torch.tensor(network.z, requires_grad=True),
            angles=torch.tensor(network.angles, requires_grad=True),
        )
        self._training, self._validation = (
            [torch.tensor(array) for array in (np.moveaxis(data.phases, 1, 0), data.rve)]
            for data in (training, validation)
        )
        self._loss = settings.eta, settings.xi, settings.loss, settings.weights_of_phases
        self._first_moments = moments
        self.restart()

    def restart(self) -> None:
        """Let Adam forget the steps so far."""
        self._optimiser = torch.optim.Adam([self._network.z, self._network.angles])

    @property
    def network(self) -> MaterialNetwork:
        """The network as it is now, with numpy parameters."""
        z, angles = (values.detach().numpy() for values in (self._network.z, self._network.angles))
        return replace(self._network, z=z, angles=angles)

    def step(self, order: Integers, batch_size: int, learning_rate: float) -> None:
        """Adam's steps over the training samples in this order."""
        self._optimiser.param_groups[0]["lr"] = learning_rate
        for batch in torch.from_numpy(order).split(batch_size):
            self._optimiser.zero_grad()
            self._loss_of(batch).backward()
            self._optimiser.step()

    def move(self, by_z: Array, by_angles: Array, learning_rate: float) -> None:
        """One step of Adam with these derivatives."""
        self._optimiser.param_groups[0]["lr"] = learning_rate
        for own, slopes in ((self._network.z, by_z), (self._network.angles, by_angles)):
            own.grad = torch.from_numpy(slopes)
        self._optimiser.step()

    def gradient(self, samples: Integers) -> tuple[Array, Array]:
        """Derivatives of the loss of some training samples by z and by the angles."""
        return self._slopes(self._loss_of(torch.from_numpy(samples)))

    def gradient_of_moments(self, pairs: Integers) -> tuple[Array, Array]:
        """Derivatives of the mean square error of the moments of some pairs, see `Moments`."""
        assert self._first_moments is not None
        moments = self._first_moments
        sample, load = moments.pairs[pairs].T
        phases, values, shares, strains = (
            torch.tensor(array)
            for array in (
                np.moveaxis(moments.samples.phases[sample], 1, 0),
                moments.values[sample, :, load][:, :, None],
                moments.shares[sample, :, load][:, :, None],
                uniaxial_strains(moments.samples.rve)[sample, load][:, None],
            )
        )
        found = first_moments(self._network, phases, strains, moments.flowing)
        return self._slopes(mean_square(found / values - 1, shares))

    def _slopes(self, value: torch.Tensor) -> tuple[Array, Array]:
        by_z, by_angles = torch.autograd.grad(value, (self._network.z, self._network.angles))
        return by_z.numpy(), by_angles.numpy()

    def _loss_of(self, batch: torch.Tensor) -> torch.Tensor:
        phases, rve = self._training[0][:, batch], self._training[1][batch]
        return loss(self._network, self._homogenise(self._network, *phases), rve, *self._loss)

    @torch.no_grad()
    def validate(self) -> tuple[float, float]:
        """Loss on the validation samples, and e_C on them."""
        phases, rve = self._validation
        predicted = self._homogenise(self._network, *phases)
        value = float(loss(self._network, predicted, rve, *self._loss))
        return value, mean_relative_error(predicted, rve)

    @torch.no_grad()
    def training_error(self) -> float:
        """e_C on the training samples."""
        phases, rve = self._training
        return mean_relative_error(self._homogenise(self._network, *phases), rve)
