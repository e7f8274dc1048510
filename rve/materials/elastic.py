"""Linear elasticity of any symmetry."""

from dataclasses import dataclass
from typing import ClassVar, Self

from rve.arrays import Array
from rve.materials.equations import Declared
from rve.materials.law import Law


@dataclass(frozen=True)
class Elastic(Law):
    """Hooke's law with the given stiffness (6, 6), GPa, Mandel.

    Example:
        >>> import numpy as np
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic
        >>> law = Elastic(np.diag([3.0, 3.0, 3.0, 2.0, 2.0, 2.0]))
        >>> law.curve(monotonic("11", 0.02, 2, "strain")).stress[:, 0].round(9).tolist()
        [0.0, 0.03, 0.06]
    """

    stiffness: Array
    declared: ClassVar[Declared | None] = None
    """The constants that it is made of, if it is made of any."""

    @classmethod
    def of(cls, constants: Declared, stiffness: Array) -> Self:
        """The law that constants declare; it keeps them, so that it can be exported with them."""
        law = cls(stiffness)
        object.__setattr__(law, "declared", constants)
        return law

    def update(self, step, x):
        """Stress (6,), GPa."""
        return self.stiffness @ step.strain, {}

    def turned(self, rotation: Array) -> "Elastic":
        """The law of the same material turned by a Mandel rotation (6, 6)."""
        return Elastic(rotation @ self.stiffness @ rotation.T)
