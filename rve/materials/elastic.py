"""Linear elasticity of any symmetry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.materials.law import Law

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Elastic(Law):
    """Hooke's law with the given stiffness (6, 6), GPa, Mandel."""

    stiffness: Array

    def update(self, step, x):
        """Stress (6,), GPa."""
        return self.stiffness @ step.strain, {}

    def turned(self, rotation: Array) -> "Elastic":
        """The law of the same material turned by a Mandel rotation (6, 6)."""
        return Elastic(rotation @ self.stiffness @ rotation.T)
