"""Linear elasticity of any symmetry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.materials.lanes import STRAIN, STRESS, TANGENT, lanewise
from rve.materials.law import Law

Array = NDArray[np.float64]


@lanewise
def elastic(lanes, constants, tile):
    """Hooke's law at the points of a tile; the constants are the rows of the stiffness."""
    L = len(lanes)
    q = TANGENT
    for i in range(6):
        for s in range(L):
            stress = 0.0
            for j in range(6):
                stress += constants[6 * i + j] * tile[(STRAIN + j) * L + s]
            tile[(STRESS + i) * L + s] = stress
        for j in range(i, 6):
            for s in range(L):
                tile[q * L + s] = constants[6 * i + j]
            q += 1


@dataclass(frozen=True)
class Elastic(Law):
    """Hooke's law with the given stiffness (6, 6), GPa, Mandel."""

    stiffness: Array
    state_size = 0
    function = staticmethod(elastic)

    @property
    def constants(self) -> Array:
        """Rows (36,) of the stiffness, GPa."""
        return np.ascontiguousarray(self.stiffness, dtype=float).ravel()

    def turned(self, rotation: Array) -> "Elastic":
        """The law of the same material turned by a Mandel rotation (6, 6)."""
        return Elastic(rotation @ self.stiffness @ rotation.T)
