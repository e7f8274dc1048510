"""The isotropic elasticity that laws of isotropic materials share, and what a solid can bear.

The theoretical strength of a perfect crystal is about a tenth of Young's modulus (Kelly &
Macmillan, Strong Solids (1986)). Metals and polymers yield well below: piano wire at a fiftieth,
glassy polymers at a thirtieth. So the stress that a law bears at first yield and after a plastic
strain of 5 % shows that a constant has another unit, or that two are exchanged, whatever the kind
of hardening. Phases that stay elastic have no such limit.

A hardening modulus alone shows it less: that of a backstress may well exceed Young's modulus if the
backstress fades soon. Fits of steels have up to 2.3 times (Bari & Hassan, Int. J. Plasticity 16
(2000) 381).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from rve.arrays import Array
from rve.mandel import IDENTITY
from rve.materials.declaration import STRENGTH
from rve.materials.equations import modulus, parameter
from rve.materials.law import Law
from rve.materials.stiffness import isotropic

STRAINS = 0.0, 0.05
"""Plastic strains at which a law is looked at."""

REFUSED, DOUBTED = 0.1, 0.05
"""Shares of Young's modulus: a law that bears more than the first is refused; than the second, a
remark says so."""

STEEP_REFUSED, STEEP_DOUBTED = 10.0, 3.0
"""The same for the modulus of a backstress, in Young's moduli."""

WEAK = 1e-4
"""Share of Young's modulus below which the modulus may be the one in another unit."""


@dataclass(frozen=True)
class IsotropicLaw(Law):
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

    youngs_modulus: float = modulus("Young's modulus")
    poisson_ratio: float = parameter("Poisson's ratio", "-", above=-1, below=0.5)

    def uniaxial_stress(self, p: float) -> float:
        """Uniaxial stress that it bears after the plastic strain p, GPa; 0 if it does not say."""
        return 0.0

    @property
    def backstress_modulus(self) -> float:
        """Largest modulus with which a backstress begins to grow, GPa; 0 without backstresses."""
        return 0.0

    def refusal(self) -> str | None:
        """Why no solid that yields bears as much as the law says, and what to check; or None."""
        fault = self._excess(min(REFUSED * self.youngs_modulus, STRENGTH), STEEP_REFUSED)
        plastic = (f"{key.name} [{said.unit}]" for key, said in self.parameters().items())
        return fault and (
            f"{fault}; check units and order: {', '.join(plastic)}; a phase that stays elastic "
            "has the law isotropic"
        )

    def warning(self) -> str | None:
        """What it bears if that is much or little for its modulus."""
        if much := self._excess(DOUBTED * self.youngs_modulus, STEEP_DOUBTED):
            return f"{much}; check units and order"
        strongest = max(STRAINS, key=self.uniaxial_stress)  # a law may soften
        if 0 < self.uniaxial_stress(strongest) < WEAK * self.youngs_modulus:
            return f"{self._bears(strongest)}, little for a solid; check the units"
        return None

    def _bears(self, p: float) -> str:
        stress = self.uniaxial_stress(p)
        when = f"at a plastic strain of {100 * p:g} %" if p else "at yield"
        share = stress / self.youngs_modulus
        return f"{when} it bears {stress:.3g} GPa, {share:.2g} of its youngs_modulus"

    def _excess(self, stress: float, times: float) -> str | None:
        """What it bears beyond a stress, GPa, or a modulus of a backstress beyond so many E."""
        for p in STRAINS:
            if self.uniaxial_stress(p) > stress:
                most = f"no solid that yields bears a tenth of it, nor {STRENGTH:g} GPa"
                return f"{self._bears(p)}; {most}"
        if (steep := self.backstress_modulus / self.youngs_modulus) > times:
            return (
                f"a backstress has the modulus C = {self.backstress_modulus:g} GPa, {steep:.2g} "
                f"times the youngs_modulus; fits of materials have up to {STEEP_DOUBTED:g}"
            )
        return None

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
