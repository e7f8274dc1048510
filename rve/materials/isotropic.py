"""The isotropic elasticity that laws of isotropic materials share."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rve.mandel import IDENTITY
from rve.materials import strength
from rve.materials.declaration import MODULUS
from rve.materials.equations import parameter
from rve.materials.law import Law
from rve.materials.stiffness import isotropic

Array = NDArray[np.float64]


@dataclass(frozen=True)
class IsotropicLaw(Law):
    """A law whose elastic part is isotropic."""

    youngs_modulus: float = parameter("Young's modulus", "GPa", most=MODULUS, above=0)
    poisson_ratio: float = parameter("Poisson's ratio", "-", above=-1, below=0.5)

    def refusal(self) -> str | None:
        """Why no solid bears what the law says against its modulus, and what was meant; or None."""
        return strength.refusal(self)

    def warning(self) -> str | None:
        """What it bears if that is much or little for its modulus."""
        return strength.remark(self)

    def uniaxial_stress(self, p: float) -> float:
        """Uniaxial stress that it bears after the plastic strain p, GPa; 0 if it does not say."""
        return 0.0

    @property
    def backstress_modulus(self) -> float:
        """Largest modulus with which a backstress begins to grow, GPa; 0 without backstresses."""
        return 0.0

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
