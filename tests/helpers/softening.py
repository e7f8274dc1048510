"""A law that softens, as a user would write it."""

from dataclasses import dataclass

import numpy as np

from rve.materials.composite import LAWS
from rve.materials.equations import parameter
from rve.materials.j2 import IsotropicHardening

assert LAWS  # the laws of the project alone: they are looked up before this one is there


@dataclass(frozen=True)
class Softening(IsotropicHardening):
    """sigma_y(p) = start exp(-b p), whose slope begins at -b start."""

    name = "softening"
    start: float = parameter("initial yield stress", "GPa", above=0)
    b: float = parameter("rate of the decay", "-", above=0)

    def flow_stress(self, p):
        return self.start * np.exp(-self.b * p)


def softening(share: float) -> Softening:
    """Its flow stress falls at first by this share of 3 G."""
    start, shear = 0.03, 3.0 / 2.7
    return Softening(3.0, 0.35, start, share * 3 * shear / start)
