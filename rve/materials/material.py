"""What a material law offers, to the finite elements and to the networks alike."""

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Response(NamedTuple):
    """Answer of a law at n points: stress (n, 6) GPa, state (n, s), tangent (n, 6, 6) GPa."""

    stress: Array
    state: Array
    tangent: Array


class Material(Protocol):
    """A law in total strains: the state at the end of a step follows from that at its start.

    `rve.materials.law.Law` is what laws of one's own derive from; a network is one too, as
    `evaluation.online.NetworkLaw`. The tangent is symmetric.
    """

    @property
    def state_size(self) -> int:
        """Number s of internal variables a point."""

    @property
    def stiffness(self) -> Array:
        """Elastic stiffness (6, 6), GPa, Mandel."""

    def respond(self, strain: Array, state: Array) -> Response:
        """Response at the end of a step.

        Args:
            strain: total strain (n, 6) at the end of the step, Mandel.
            state: internal variables (n, s) at its start; zeros for the virgin material.
        """
