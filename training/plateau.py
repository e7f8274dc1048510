"""The learning rate that falls when the validation loss does not.

It is `torch.optim.lr_scheduler.ReduceLROnPlateau` with its other settings at their defaults.
"""

from dataclasses import dataclass

_THRESHOLD = 1e-4
_SMALLEST_CHANGE = 1e-8


@dataclass
class Plateau:
    """The learning rate, and what its next change depends on."""

    learning_rate: float
    factor: float  # on it at each plateau
    patience: int  # epochs without improvement that are allowed
    best: float = float("inf")  # least loss so far
    waited: int = 0  # epochs since then, or since the last change

    def step(self, loss: float) -> None:
        """Take the loss after an epoch into account."""
        if loss < self.best * (1 - _THRESHOLD):
            self.best, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited > self.patience:
            lower = self.learning_rate * self.factor
            if self.learning_rate - lower > _SMALLEST_CHANGE:
                self.learning_rate = lower
            self.waited = 0
