"""J2 viscoplasticity after Perzyna and Norton, by backward Euler.

The unknown is the overstress over the drag stress: unlike the rate, it stays of one order.
"""

from dataclasses import dataclass

import numpy as np

from rve.mandel import IDENTITY
from rve.materials.declaration import MODULUS, STRENGTH
from rve.materials.equations import parameter
from rve.materials.isotropic import IsotropicLaw, deviator, direction, norm
from rve.materials.strength import DOUBTED


@dataclass(frozen=True)
class Viscoplastic(IsotropicLaw):
    r"""Rate-dependent flow (Perzyna), creep (Norton) without yield stress: creep, relaxation.

    $dp / dt = \dot\varepsilon_0 ((q - \sigma_0 - H p) / D)^n$

    The reference rate $\dot\varepsilon_0$ is `rate`, the drag stress $D$ is `drag`.

    Source: de Souza Neto, Peric & Owen, Computational Methods for Plasticity (2008), Section 11.2.
    """

    name = "viscoplastic"
    drag: float = parameter(
        "overstress that flows at the rate `rate`", "GPa", most=STRENGTH, above=0
    )
    n: float = parameter("exponent of the overstress", "-", at_least=1, at_most=50)
    rate: float = parameter("reference rate", "1/s", above=0)
    yield_stress: float = parameter(
        "initial yield stress", "GPa", most=STRENGTH, default=0.0, at_least=0
    )
    H: float = parameter("linear hardening modulus", "GPa", most=MODULUS, default=0.0, at_least=0)
    state = {"plastic_strain": 6, "p": 1}

    def uniaxial_stress(self, p):
        """Uniaxial stress after the plastic strain p, GPa, at a rate that vanishes."""
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

    def trial(self, step):
        """Deviatoric stress (6,) if the step were elastic, GPa."""
        return 2 * self.G * deviator(step.strain - step.old.plastic_strain)

    def growth(self, step, x):
        """Growth of p at an overstress of x drag."""
        return step.duration * self.rate * x**self.n

    def balance(self, step, x):
        """Equivalent stress, and the stress that flow at this rate needs."""
        dp = self.growth(step, x)
        q = np.sqrt(3 / 2) * norm(self.trial(step)) - 3 * self.G * dp
        return q, self.uniaxial_stress(step.old.p + dp) + self.drag * x

    def bound(self, step):
        """The overstress of a step without flow, or that which leaves no deviatoric stress."""
        q = np.sqrt(3 / 2) * norm(self.trial(step))
        return q / self.drag

    def update(self, step, x):
        """Stress (6,), GPa; plastic strain and p."""
        s, dp = self.trial(step), self.growth(step, x)
        flow = np.sqrt(3 / 2) * dp * direction(s)
        stress = self.K * step.strain[:3].sum() * IDENTITY + s - 2 * self.G * flow
        return stress, {"plastic_strain": step.old.plastic_strain + flow, "p": step.old.p + dp}
