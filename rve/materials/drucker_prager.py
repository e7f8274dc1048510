"""Small-strain Drucker-Prager plasticity, associated, with linear hardening, by backward Euler.

Return mapping to the cone or its apex and consistent tangents after de Souza Neto, Peric & Owen,
Computational Methods for Plasticity (2008), Section 8.3. With q the norm of the stress deviator
over sqrt(2), sigma_m the mean stress and p the accumulated plastic strain, the stress stays within

    q + eta sigma_m <= xi (c + H p),

eta = 6 sin(phi) / (sqrt(3) (3 - sin(phi))) and xi = 6 cos(phi) / (sqrt(3) (3 - sin(phi))), the cone
through the outer edges of Mohr and Coulomb's pyramid: that of triaxial compression.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.errors import InputError
from rve.materials.lanes import (
    STATE,
    STRAIN,
    STRESS,
    lanewise,
    read6,
    subtract_dyad,
    write6,
    write_isotropic_tangent,
)
from rve.materials.law import Law
from rve.materials.stiffness import isotropic

Array = NDArray[np.float64]

_ROUNDING = 1e-12
_P, _NEW, _NEW_P = STATE + 6, STATE + 7, STATE + 13


@lanewise
def drucker_prager(lanes, constants, tile):
    """Return mapping at the points of a tile; see `rve.materials.lanes`."""
    L = len(lanes)
    bulk, shear, c, H = constants[0], constants[1], constants[2], constants[3]
    eta, xi = constants[4], constants[5]
    slope = shear + bulk * eta * eta + xi * xi * H
    apex_slope = bulk + (xi / eta) * (xi / eta) * H
    for s in range(L):
        e0, e1, e2, e3, e4, e5 = read6(tile, STRAIN, L, s)
        p0, p1, p2, p3, p4, p5 = read6(tile, STATE, L, s)
        p = tile[_P * L + s]
        volume = (e0 - p0) + (e1 - p1) + (e2 - p2)
        mean = volume / 3
        d0, d1, d2 = e0 - p0 - mean, e1 - p1 - mean, e2 - p2 - mean
        d3, d4, d5 = e3 - p3, e4 - p4, e5 - p5
        norm = np.sqrt(d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5)
        q, pressure, cohesion = np.sqrt(2.0) * shear * norm, bulk * volume, c + H * p
        excess = q + eta * pressure - xi * cohesion
        # A step that starts on the yield surface is elastic, however its stress was rounded.
        yielding = excess > _ROUNDING * (q + abs(eta * pressure) + xi * cohesion)
        multiplier = excess / slope if yielding else 0.0
        apex = q - shear * multiplier < 0
        # At the apex no deviator is left, and the volume closes the gap to xi / eta c.
        opening = (pressure - (xi / eta) * cohesion) / apex_slope
        plastic_volume = opening if apex else eta * multiplier
        safe = norm if norm > 0 else 1.0
        flow = 1.0 if apex else multiplier / (np.sqrt(2.0) * safe)
        new_p = p + ((xi / eta) * opening if apex else xi * multiplier)
        kept = 1 - flow
        sigma_m, factor = pressure - bulk * plastic_volume, 2 * shear * kept

        # Cone: 2 G (1 - flow) on deviators, the part of the unit deviator that flow keeps, and the
        # rank-one term of the consistency condition, with sqrt(2) G times it plus K eta I.
        cone = 1.0 if yielding and not apex else 0.0
        remaining = bulk * (1 - bulk / apex_slope) if apex else bulk
        write_isotropic_tangent(tile, L, s, remaining, factor)
        n0, n1, n2, n3, n4, n5 = d0 / safe, d1 / safe, d2 / safe, d3 / safe, d4 / safe, d5 / safe
        subtract_dyad(tile, L, s, -cone * 2 * shear * flow, (n0, n1, n2, n3, n4, n5))
        a, b = np.sqrt(2.0) * shear, bulk * eta
        m = (a * n0 + b, a * n1 + b, a * n2 + b, a * n3, a * n4, a * n5)
        subtract_dyad(tile, L, s, cone / slope, m)

        stress = (
            sigma_m + factor * d0,
            sigma_m + factor * d1,
            sigma_m + factor * d2,
            factor * d3,
            factor * d4,
            factor * d5,
        )
        grown = plastic_volume / 3
        plastic = (
            p0 + flow * d0 + grown,
            p1 + flow * d1 + grown,
            p2 + flow * d2 + grown,
            p3 + flow * d3,
            p4 + flow * d4,
            p5 + flow * d5,
        )
        write6(tile, STRESS, L, s, stress)
        write6(tile, _NEW, L, s, plastic)
        tile[_NEW_P * L + s] = new_p


@dataclass(frozen=True)
class DruckerPrager(Law):
    """Isotropic elastoplastic law that yields earlier under tension than under compression.

    The state of a point is its plastic strain (6, Mandel) and p.

    Attributes:
        youngs_modulus: E, GPa.
        poisson_ratio: nu.
        cohesion: c, GPa.
        friction_angle: phi, degrees.
        hardening_modulus: H, linear, of the cohesion, GPa.

    Raises:
        InputError: the cohesion is not positive, the angle not within (0, 90), or H negative.
    """

    youngs_modulus: float
    poisson_ratio: float
    cohesion: float
    friction_angle: float
    hardening_modulus: float = 0.0
    state_size = 7
    function = staticmethod(drucker_prager)

    def __post_init__(self) -> None:
        H = self.hardening_modulus
        if not (self.cohesion > 0 and 0 < self.friction_angle < 90 and 0 <= H < np.inf):
            raise InputError(
                "Drucker-Prager plasticity needs a positive cohesion, a friction_angle between 0 "
                f"and 90 degrees and a hardening_modulus >= 0, got {self.cohesion:g} GPa, "
                f"{self.friction_angle:g} degrees and {H:g} GPa"
            )
        isotropic(self.youngs_modulus, self.poisson_ratio)

    @property
    def stiffness(self) -> Array:
        """Elastic stiffness (6, 6), GPa."""
        return isotropic(self.youngs_modulus, self.poisson_ratio)

    @property
    def eta(self) -> float:
        """Slope of the cone."""
        sine = np.sin(np.radians(self.friction_angle))
        return float(6 * sine / (np.sqrt(3) * (3 - sine)))

    @property
    def xi(self) -> float:
        """Factor on the cohesion."""
        return self.eta / float(np.tan(np.radians(self.friction_angle)))

    @property
    def constants(self) -> Array:
        """Bulk and shear modulus, c, H in GPa, eta and xi (6,)."""
        bulk = self.youngs_modulus / (3 * (1 - 2 * self.poisson_ratio))
        shear = self.youngs_modulus / (2 * (1 + self.poisson_ratio))
        H = self.hardening_modulus
        return np.array([bulk, shear, self.cohesion, H, self.eta, self.xi])

    def turned(self, rotation: Array) -> "DruckerPrager":
        """The law itself: the material is isotropic."""
        return self
