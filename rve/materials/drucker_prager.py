r"""Drucker-Prager plasticity, associated, with linear hardening, by backward Euler.

Return to the cone or its apex after de Souza Neto, Peric & Owen, Computational Methods for
Plasticity (2008), Section 8.3. With $s$ the stress deviator, $q_s = \lVert s \rVert / \sqrt 2$,
$\sigma_m$ the mean stress and $p$ the accumulated plastic strain, the stress stays within
$q_s + \eta \sigma_m \le \xi (c + H p)$.
"""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from rve.errors import InputError
from rve.mandel import IDENTITY
from rve.materials.equations import hardening, parameter, strength
from rve.materials.isotropic import IsotropicLaw, deviator, norm

_ROUNDING = 1e-12


class Cone(IsotropicLaw):
    """A cone in the space of stresses, whose size grows with the plastic strain."""

    hardening_modulus: float
    state = {"plastic_strain": 6, "p": 1}

    @property
    @abstractmethod
    def cone(self):
        """Slope eta of the cone, factor xi on its size, and the size c at first yield, GPa."""

    def uniaxial_stress(self, p):
        """Stress of uniaxial compression after the accumulated plastic strain p, GPa."""
        eta, xi, c = self.cone
        return xi * (c + self.hardening_modulus * p) / (np.sqrt(1 / 3) - eta / 3)

    def update(self, step, x):
        """Stress (6,), GPa; plastic strain and p."""
        K, G, H, (eta, xi, c) = self.K, self.G, self.hardening_modulus, self.cone
        elastic = step.strain - step.old.plastic_strain
        s, mean = 2 * G * deviator(elastic), K * elastic[:3].sum()
        q, c = np.sqrt(1 / 2) * norm(s), c + H * step.old.p
        excess = q + eta * mean - xi * c
        # A step that starts on the yield surface is elastic, however its stress was rounded.
        yields = excess > _ROUNDING * (q + abs(eta * mean) + xi * c)
        multiplier = np.where(yields, excess / (G + K * eta**2 + xi**2 * H), 0)
        # At the apex no deviator is left, and the volume closes the gap to xi / eta c.
        apex = q - G * multiplier < 0
        opening = (mean - xi / eta * c) / (K + (xi / eta) ** 2 * H)
        volume = np.where(apex, opening, eta * multiplier)
        flow = np.where(apex, 1, G * multiplier / np.where(q > 0, q, 1))
        stress = (mean - K * volume) * IDENTITY + (1 - flow) * s
        p = step.old.p + np.where(apex, xi / eta * opening, xi * multiplier)
        new = step.old.plastic_strain + flow * s / (2 * G) + volume / 3 * IDENTITY
        return stress, {"plastic_strain": new, "p": p}


@dataclass(frozen=True)
class DruckerPrager(Cone):
    r"""Earlier yield in tension than in compression: soils, concrete, by cohesion and friction.

    $q_s + \eta \sigma_m \le \xi (c + H p)$, $\eta = 6 \sin\phi / (\sqrt 3 (3 - \sin\phi))$,
    $\xi = \eta / \tan\phi$

    It is the cone through the outer edges of Mohr and Coulomb's pyramid, those of triaxial
    compression.

    Source: de Souza Neto, Peric & Owen, Computational Methods for Plasticity (2008), Section 8.3.
    """

    name = "drucker_prager"
    cohesion: float = strength("initial cohesion c")
    friction_angle: float = parameter("angle of friction phi", "degrees", above=0, below=90)
    hardening_modulus: float = hardening("linear hardening of the cohesion")

    def warning(self):
        """Point at an angle that may be in radians, too."""
        if self.friction_angle < np.pi / 2:
            return (
                f"friction_angle: {self.friction_angle:g} degrees are next to no friction; if "
                f"radians are meant, they are {np.degrees(self.friction_angle):.3g} degrees"
            )
        return super().warning()

    @property
    def cone(self):
        """Slope eta of the cone, factor xi on the cohesion, and the cohesion, GPa."""
        phi = np.pi / 180 * self.friction_angle
        eta = 6 * np.sin(phi) / (np.sqrt(3) * (3 - np.sin(phi)))
        return eta, eta * np.cos(phi) / np.sin(phi), self.cohesion


@dataclass(frozen=True)
class MeasuredDruckerPrager(Cone):
    r"""Earlier yield in tension than in compression: polymers, by two measured strengths.

    $q_s + \eta \sigma_m \le \xi (f_c + H p)$, $\eta = \sqrt 3 (f_c - f_t) / (f_c + f_t)$,
    $\xi = 1 / \sqrt 3 - \eta / 3$

    Under uniaxial stress $f$ it is $q_s = f / \sqrt 3$ and $\sigma_m = f_t / 3$ or $-f_c / 3$, so
    that both strengths are met; $p$ is the plastic strain of uniaxial compression.

    Source: de Souza Neto, Peric & Owen, Computational Methods for Plasticity (2008), Section 8.3.
    """

    name = "drucker_prager_strengths"
    tensile_strength: float = strength("stress at first yield under uniaxial tension")
    compressive_strength: float = strength(
        "stress at first yield under uniaxial compression, positive"
    )
    hardening_modulus: float = hardening(
        "growth of the compressive strength by the plastic strain of uniaxial compression; the "
        "tensile strength grows in proportion"
    )

    def check(self):
        """Refuse a material that is not weaker under tension."""
        if self.compressive_strength <= self.tensile_strength:
            raise InputError(
                "compressive_strength: expected more than tensile_strength = "
                f"{self.tensile_strength:g} GPa, got {self.compressive_strength:g}; j2 is the law "
                "of equal strengths"
            )

    @property
    def cone(self):
        """Slope eta of the cone, factor xi on the compressive strength, and that, GPa."""
        tension, compression = self.tensile_strength, self.compressive_strength
        eta = np.sqrt(3) * (compression - tension) / (compression + tension)
        return eta, np.sqrt(1 / 3) - eta / 3, compression
