"""Linear elasticity of any symmetry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.material import Response

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Elastic:
    """Hooke's law with the given stiffness (6, 6), GPa, Mandel."""

    stiffness: Array
    state_size = 0

    def respond(self, strain: Array, state: Array) -> Response:
        """Response of the law; see `rve.material.Material`."""
        tangent = np.broadcast_to(self.stiffness, (len(strain), 6, 6))
        return Response(strain @ self.stiffness, state, tangent)
