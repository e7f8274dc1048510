r"""J2 plasticity with combined hardening, kinematic after Armstrong and Frederick, backward Euler.

Each backstress $a_i$ follows the plastic strain $e_p$ and fades as $p$ grows. The flow stress grows
as in `rve.materials.j2`, and $q$ is that of the stress less all backstresses. The one unknown is
the growth of $p$.
"""

from dataclasses import dataclass

import numpy as np

from rve.mandel import IDENTITY
from rve.materials.declaration import Column, Table
from rve.materials.equations import table
from rve.materials.isotropic import deviator, direction, norm
from rve.materials.j2 import J2Plasticity

_FADED = 5e-5
"""Share of Young's modulus; a backstress that grows to less may have its C and gamma exchanged."""


@dataclass(frozen=True)
class ArmstrongFrederick(J2Plasticity):
    r"""Combined hardening, of backstresses and isotropic: cyclic loads, Chaboche's parameters.

    $da_i = \frac{2}{3} C_i de_p - \gamma_i a_i dp$, $\sigma_y = \sigma_0 + H p + Q (1 - e^{-b p})$

    Source: Chaboche, Int. J. Plasticity 5 (1989) 247; Kobayashi & Ohno, Int. J. Numer. Meth. Engng
    53 (2002) 2217.
    """

    name = "armstrong_frederick"
    symmetric = False
    backstresses: Table = table(
        "modulus C and fading gamma of each backstress, which grows to C / gamma",
        Column("C", "GPa", synonyms=("C_i", "modulus"), at_least=0),
        Column("gamma", "-", synonyms=("gamma_i", "γ", "γ_i", "fading"), at_least=0),
        kw_only=True,
    )

    @property
    def state(self):  # type: ignore[override]
        """Plastic strain, its accumulated value and the backstresses in GPa."""
        names = (f"a{i}" for i, _ in enumerate(self.backstresses))
        return {"plastic_strain": 6, "p": 1} | dict.fromkeys(names, 6)

    @property
    def backstress_modulus(self):
        """The largest C, GPa."""
        return max(C for C, _ in self.backstresses)

    def warning(self):
        """Point at a backstress that is nothing against the modulus, too."""
        for number, (C, gamma) in enumerate(self.backstresses, start=1):
            if 0 < C < _FADED * self.youngs_modulus * gamma:
                return (
                    f"backstresses: backstress {number} grows to C / gamma = {C / gamma:.2g} GPa "
                    f"alone, {C / gamma / self.youngs_modulus:.1g} of the youngs_modulus; check "
                    "units and order: C in GPa, then gamma"
                )
        return super().warning()

    def faded(self, step, dp):
        """C_i (n,) and backstresses (n, 6), faded by dp and not grown yet."""
        old = [getattr(step.old, name) for name in self.state if name.startswith("a")]
        kept = [1 / (1 + gamma * dp) for _, gamma in self.backstresses]
        moduli = [C * k for (C, _), k in zip(self.backstresses, kept, strict=True)]
        return moduli, [k * a for k, a in zip(kept, old, strict=True)]

    def shifted(self, step, dp):
        """Deviator (6,) of stress less backstress if the backstress only faded, GPa."""
        s = 2 * self.G * deviator(step.strain - step.old.plastic_strain)
        return s - sum(self.faded(step, dp)[1])

    def balance(self, step, dp):
        """Equivalent stress less backstress, and flow stress, after p has grown by dp."""
        moduli, _ = self.faded(step, dp)
        q = np.sqrt(3 / 2) * norm(self.shifted(step, dp))
        return q - (3 * self.G + sum(moduli)) * dp, self.flow_stress(step.old.p + dp)

    def bound(self, step):
        """The growth that would leave no stress, whatever the backstresses do."""
        _, old = self.faded(step, 0)
        largest = norm(self.shifted(step, 0)) + 2 * sum(norm(a) for a in old)
        return np.sqrt(3 / 2) * largest / (3 * self.G)

    def update(self, step, dp):
        """Stress (6,), GPa; plastic strain, p and backstresses."""
        flow = np.sqrt(3 / 2) * dp * direction(self.shifted(step, dp))
        plastic = step.old.plastic_strain + flow
        strain = deviator(step.strain - plastic)
        stress = self.K * step.strain[:3].sum() * IDENTITY + 2 * self.G * strain
        new = {"plastic_strain": plastic, "p": step.old.p + dp}
        for i, (C, a) in enumerate(zip(*self.faded(step, dp), strict=True)):
            new[f"a{i}"] = a + 2 / 3 * C * flow
        return stress, new

    def uniaxial_stress(self, p):
        """Uniaxial stress after the plastic strain p, GPa; a backstress bears up to C / gamma."""
        grown = 0.0
        for C, gamma in self.backstresses:
            grown += -C / gamma * np.expm1(-gamma * p) if gamma * p > 0 else C * p
        return self.flow_stress(p) + grown
