"""Drucker-Prager plasticity, associated, with linear hardening, by backward Euler.

Return to the cone or its apex after de Souza Neto, Peric & Owen, Computational Methods for
Plasticity (2008), Section 8.3. With q the norm of the stress deviator over sqrt(2), sigma_m the
mean stress and p the accumulated plastic strain, the stress stays within

    q + eta sigma_m <= xi (c + H p),

eta = 6 sin(phi) / (sqrt(3) (3 - sin(phi))) and xi = eta / tan(phi), the cone through the outer
edges of Mohr and Coulomb's pyramid, those of triaxial compression.
"""

from dataclasses import dataclass

import numpy as np

from rve.mandel import IDENTITY
from rve.materials.isotropic import IsotropicLaw, deviator, norm
from rve.materials.law import MODULUS, STRENGTH, parameter

_ROUNDING = 1e-12


@dataclass(frozen=True)
class DruckerPrager(IsotropicLaw):
    """Isotropic elastoplastic law that yields earlier under tension than under compression."""

    name = "drucker_prager"
    cohesion: float = parameter("initial cohesion c", "GPa", most=STRENGTH, above=0)
    friction_angle: float = parameter("angle of friction phi", "degrees", above=0, below=90)
    hardening_modulus: float = parameter(
        "linear hardening of the cohesion", "GPa", most=MODULUS, default=0.0, at_least=0
    )
    state = {"plastic_strain": 6, "p": 1}

    @property
    def cone(self):
        """Slope eta of the cone, and factor xi on the cohesion."""
        phi = np.pi / 180 * self.friction_angle
        eta = 6 * np.sin(phi) / (np.sqrt(3) * (3 - np.sin(phi)))
        return eta, eta * np.cos(phi) / np.sin(phi)

    def update(self, step, x):
        """Stress (6,), GPa; plastic strain and p."""
        K, G, H, (eta, xi) = self.K, self.G, self.hardening_modulus, self.cone
        elastic = step.strain - step.old.plastic_strain
        s, mean = 2 * G * deviator(elastic), K * elastic[:3].sum()
        q, c = np.sqrt(1 / 2) * norm(s), self.cohesion + H * step.old.p
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
