"""J2 viscoplasticity after Perzyna and Norton, by backward Euler.

The unknown is the overstress over the drag stress: unlike the rate, it stays of one order.
"""

from dataclasses import dataclass

import numpy as np

from rve.materials.equations import hardening, parameter, strength
from rve.materials.isotropic import DOUBTED, norm
from rve.materials.j2 import IsotropicHardening


@dataclass(frozen=True)
class Viscoplastic(IsotropicHardening):
    r"""Rate-dependent flow (Perzyna), creep (Norton) without yield stress: creep, relaxation.

    $dp / dt = \dot\varepsilon_0 ((q - \sigma_0 - H p) / D)^n$

    The reference rate $\dot\varepsilon_0$ is `rate`, the drag stress $D$ is `drag`.

    Source: de Souza Neto, Peric & Owen, Computational Methods for Plasticity (2008), Section 11.2.
    """

    name = "viscoplastic"
    drag: float = strength("overstress that flows at the rate `rate`")
    n: float = parameter("exponent of the overstress", "-", at_least=1, at_most=50)
    rate: float = parameter("reference rate", "1/s", above=0)
    yield_stress: float = strength("initial yield stress", default=0.0, above=None, at_least=0)
    H: float = hardening("linear hardening modulus")

    def flow_stress(self, p):
        """Stress after the plastic strain p, GPa, at a rate that vanishes."""
        return self.yield_stress + self.H * p

    def warning(self):
        """What it bears at its reference rate, too."""
        stress = self.uniaxial_stress(0) + self.drag
        if stress > DOUBTED * self.youngs_modulus:
            return (
                f"at the rate {self.rate:g} 1/s it bears {stress:.3g} GPa, much for its "
                "youngs_modulus; check the units"
            )
        return super().warning()

    def growth(self, step, x):
        """Growth of p at an overstress of x drag."""
        return step.duration * self.rate * x**self.n

    def balance(self, step, x):
        """Equivalent stress, and the stress that flow at this rate needs."""
        q, flow_stress = super().balance(step, self.growth(step, x))
        return q, flow_stress + self.drag * x

    def bound(self, step):
        """The overstress of a step without flow, or that which leaves no deviatoric stress."""
        return np.sqrt(3 / 2) * norm(self.trial(step)) / self.drag

    def update(self, step, x):
        """Stress (6,), GPa; plastic strain and p."""
        return super().update(step, self.growth(step, x))
