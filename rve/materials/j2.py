"""J2 plasticity with isotropic hardening, by backward Euler.

Simo & Hughes, Computational Inelasticity (1998), Section 3.3. The material flows along the
deviator s of its stress, and only so much that its equivalent stress q = sqrt(3/2) |s| equals the
flow stress sigma_y(p), with p the accumulated plastic strain.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from rve.mandel import IDENTITY
from rve.materials.declaration import MODULUS, STRENGTH
from rve.materials.equations import parameter
from rve.materials.isotropic import IsotropicLaw, deviator, direction, norm


@dataclass(frozen=True)
class IsotropicHardening(IsotropicLaw):
    """J2 plasticity with any flow stress of the plastic strain."""

    state = {"plastic_strain": 6, "p": 1}

    @abstractmethod
    def flow_stress(self, p):
        """sigma_y(p), GPa."""

    def uniaxial_stress(self, p):
        """Uniaxial stress after the plastic strain p, GPa."""
        return self.flow_stress(p)

    def trial(self, step):
        """Deviatoric stress (6,) if the step were elastic, GPa."""
        return 2 * self.G * deviator(step.strain - step.old.plastic_strain)

    def balance(self, step, dp):
        """Equivalent stress q and flow stress after the plastic strain has grown by dp."""
        q = np.sqrt(3 / 2) * norm(self.trial(step))
        return q - 3 * self.G * dp, self.flow_stress(step.old.p + dp)

    def bound(self, step):
        """The growth that would leave no deviatoric stress."""
        return np.sqrt(3 / 2) * norm(self.trial(step)) / (3 * self.G)

    def update(self, step, dp):
        """Stress (6,), GPa; plastic strain and p."""
        s = self.trial(step)
        flow = np.sqrt(3 / 2) * dp * direction(s)
        stress = self.K * step.strain[:3].sum() * IDENTITY + s - 2 * self.G * flow
        return stress, {"plastic_strain": step.old.plastic_strain + flow, "p": step.old.p + dp}


@dataclass(frozen=True)
class J2Plasticity(IsotropicHardening):
    """Linear and saturating hardening, sigma_y(p) = yield_stress + H p + Q (1 - exp(-b p))."""

    name = "j2"
    yield_stress: float = parameter("initial yield stress", "GPa", most=STRENGTH, above=0)
    H: float = parameter("linear hardening modulus", "GPa", most=MODULUS, default=0.0, at_least=0)
    Q: float = parameter(
        "saturation stress of the hardening", "GPa", most=STRENGTH, default=0.0, at_least=0
    )
    b: float = parameter("rate of the saturation", "-", default=0.0, at_least=0)

    def flow_stress(self, p):
        """sigma_y(p), GPa."""
        return self.yield_stress + self.H * p + self.Q * (1 - np.exp(-self.b * p))
