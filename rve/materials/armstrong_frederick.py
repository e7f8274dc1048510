"""J2 plasticity with kinematic hardening after Armstrong and Frederick, by backward Euler.

Each backstress a_i follows the plastic strain e_p and fades as p grows,
da_i = 2/3 C_i de_p - gamma_i a_i dp. The flow stress is linear in p. The one unknown is the growth
of p (Kobayashi & Ohno, Int. J. Numer. Meth. Engng 53 (2002) 2217).
"""

from dataclasses import dataclass

import numpy as np

from rve.errors import InputError
from rve.mandel import IDENTITY
from rve.materials.isotropic import IsotropicLaw, deviator, direction, norm
from rve.materials.law import MODULUS, STRENGTH, Table, parameter


@dataclass(frozen=True)
class ArmstrongFrederick(IsotropicLaw):
    """J2 plasticity with one to three backstresses; sigma_y(p) = yield_stress + H p."""

    name = "armstrong_frederick"
    symmetric = False
    yield_stress: float = parameter("initial yield stress", "GPa", most=STRENGTH, above=0)
    backstresses: Table = parameter(
        "modulus and fading of one to three backstresses",
        "GPa, -",
        columns=("C", "gamma"),
        at_least=0,
    )
    H: float = parameter(
        "linear isotropic hardening modulus", "GPa", most=MODULUS, default=0.0, at_least=0
    )

    def check(self):
        """Refuse any other number of backstresses."""
        if not 1 <= len(self.backstresses) <= 3:
            raise InputError("backstresses: expected one to three rows")

    @property
    def state(self):
        """Plastic strain, its accumulated value and the backstresses in GPa."""
        names = (f"a{i}" for i, _ in enumerate(self.backstresses))
        return {"plastic_strain": 6, "p": 1} | dict.fromkeys(names, 6)

    def faded(self, step, dp):
        """C_i (n,) and backstresses (n, 6), faded by dp and not grown yet."""
        old = [getattr(step.old, name) for name in self.state if name.startswith("a")]
        kept = [1 / (1 + gamma * dp) for _, gamma in self.backstresses]
        moduli = [C * k for (C, _), k in zip(self.backstresses, kept, strict=True)]
        return moduli, [k * a for k, a in zip(kept, old, strict=True)]

    def trial(self, step, dp):
        """Deviator (6,) of stress less backstress if the backstress only faded, GPa."""
        s = 2 * self.G * deviator(step.strain - step.old.plastic_strain)
        return s - sum(self.faded(step, dp)[1])

    def balance(self, step, dp):
        """Equivalent stress less backstress, and flow stress, after p has grown by dp."""
        moduli, _ = self.faded(step, dp)
        q = np.sqrt(3 / 2) * norm(self.trial(step, dp))
        return q - (3 * self.G + sum(moduli)) * dp, self.yield_stress + self.H * (step.old.p + dp)

    def bound(self, step):
        """The growth that would leave no stress, whatever the backstresses do."""
        _, old = self.faded(step, 0)
        largest = norm(self.trial(step, 0)) + 2 * sum(norm(a) for a in old)
        return np.sqrt(3 / 2) * largest / (3 * self.G)

    def update(self, step, dp):
        """Stress (6,), GPa; plastic strain, p and backstresses."""
        flow = np.sqrt(3 / 2) * dp * direction(self.trial(step, dp))
        plastic = step.old.plastic_strain + flow
        strain = deviator(step.strain - plastic)
        stress = self.K * step.strain[:3].sum() * IDENTITY + 2 * self.G * strain
        new = {"plastic_strain": plastic, "p": step.old.p + dp}
        for i, (C, a) in enumerate(zip(*self.faded(step, dp), strict=True)):
            new[f"a{i}"] = a + 2 / 3 * C * flow
        return stress, new
