"""What trains a network: the interface of the backends."""

from typing import Protocol

from rve.arrays import Array, Integers
from training.network import MaterialNetwork


class Backend(Protocol):
    """A network in training."""

    @property
    def network(self) -> MaterialNetwork:
        """The network as it is now, with numpy parameters."""

    def step(self, order: Integers, batch_size: int, learning_rate: float) -> None:
        """Adam's steps over the training samples (n,) in this order."""

    def gradient(self, samples: Integers) -> tuple[Array, Array]:
        """Derivatives of the loss of Eq. 9 of some training samples by z and by the angles."""

    def gradient_of_moments(self, pairs: Integers) -> tuple[Array, Array]:
        """Derivatives of the mean square error of the first moments of some pairs, likewise."""

    def restart(self) -> None:
        """Reset the state of Adam, as before its first step."""

    def move(self, by_z: Array, by_angles: Array, learning_rate: float) -> None:
        """One step of Adam with these derivatives."""

    def validate(self) -> tuple[float, float]:
        """Loss of Eq. 9 on the validation samples, and e_C on them."""

    def training_error(self) -> float:
        """e_C on the training samples."""
