"""The isotropic elasticity that laws of isotropic materials share."""

from typing import Any

import numpy as np

from rve.arrays import Array
from rve.mandel import IDENTITY
from rve.materials.stiffness import isotropic
from rve.materials.strength import Solid


class IsotropicLaw(Solid):
    """A law whose elastic part is isotropic.

    Example:
        A Maxwell material, whose deviator relaxes at the rate 1 / tau:

        >>> from dataclasses import dataclass
        >>> import numpy as np
        >>> from rve.mandel import IDENTITY
        >>> from rve.materials import IsotropicLaw, parameter
        >>> @dataclass(frozen=True)
        ... class Maxwell(IsotropicLaw):
        ...     tau: float = parameter("relaxation time", "s", above=0)
        ...     state = {"viscous_strain": 6}
        ...
        ...     def update(self, step, x):
        ...         e = step.strain - step.strain[:3].sum() / 3 * IDENTITY
        ...         viscous = e - (e - step.old.viscous_strain) * np.exp(-step.duration / self.tau)
        ...         mean = self.K * step.strain[:3].sum()
        ...         return mean * IDENTITY + 2 * self.G * (e - viscous), {"viscous_strain": viscous}
        >>> law, shear = Maxwell(3.0, 0.35, tau=20.0), np.array([[0, 0, 0, 0, 0, 0.01]])
        >>> answer = law.respond(shear, np.zeros((1, 6)), duration=20.0)
        >>> round(float(answer.stress[0, 5] / (2 * law.G * 0.01)), 9)  # exp(-1)
        0.367879441
    """

    @property
    def K(self) -> Any:
        """Bulk modulus, GPa."""
        return self.youngs_modulus / (3 * (1 - 2 * self.poisson_ratio))

    @property
    def G(self) -> Any:
        """Shear modulus, GPa."""
        return self.youngs_modulus / (2 * (1 + self.poisson_ratio))

    @property
    def stiffness(self) -> Array:
        """Elastic stiffness (6, 6), GPa."""
        return isotropic(self.youngs_modulus, self.poisson_ratio)


def deviator(tensor):
    """Deviatoric part (6,) of a tensor in Mandel form."""
    return tensor - tensor[:3].sum() / 3 * IDENTITY


def norm(tensor):
    """Norm of a tensor (6,) in Mandel form."""
    return np.sqrt(tensor @ tensor)


def direction(tensor):
    """The tensor (6,) over its norm; zero for zero."""
    length = norm(tensor)
    return tensor / np.where(length > 0, length, 1)
