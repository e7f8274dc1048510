"""Small-strain J2 plasticity with isotropic hardening, by backward Euler.

Return mapping and consistent tangent after Simo & Hughes, Computational Inelasticity (1998),
Section 3.3; the yield stress combines linear and saturating hardening,

    sigma_y(p) = s0 + H p + Q (1 - exp(-b p)),

with p the accumulated equivalent plastic strain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.errors import InputError
from rve.materials.lanes import (
    STATE,
    STRAIN,
    STRESS,
    exponential,
    lanewise,
    read6,
    subtract_dyad,
    write6,
    write_isotropic_tangent,
)
from rve.materials.law import Law
from rve.materials.stiffness import isotropic

Array = NDArray[np.float64]

_MAX_ITERATIONS = 50
_ROUNDING = 1e-12
_P, _NEW, _NEW_P = STATE + 6, STATE + 7, STATE + 13
# Where trial values wait until the results take their places.
_DEVIATOR, _EQUIVALENT, _GROWTH, _YIELDING = _NEW, _NEW_P, STRESS, STRESS + 1


@lanewise
def j2_plasticity(lanes, constants, tile):
    """Return mapping at the points of a tile; see `rve.materials.lanes`."""
    L = len(lanes)
    bulk, shear, s0 = constants[0], constants[1], constants[2]
    H, Q, b = constants[3], constants[4], constants[5]
    for s in range(L):
        p0, p1, p2, p3, p4, p5 = read6(tile, STATE, L, s)
        e0, e1, e2, e3, e4, e5 = read6(tile, STRAIN, L, s)
        p = tile[_P * L + s]
        mean = (e0 + e1 + e2) / 3
        d0, d1, d2 = e0 - mean - p0, e1 - mean - p1, e2 - mean - p2
        d3, d4, d5 = e3 - p3, e4 - p4, e5 - p5
        squared = d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5
        equivalent = 2 * shear * np.sqrt(1.5 * squared)
        flow_stress = s0 + H * p + Q * (1 - exponential(-b * p))
        write6(tile, _DEVIATOR, L, s, (d0, d1, d2, d3, d4, d5))
        tile[_EQUIVALENT * L + s] = equivalent
        # A step that starts on the yield surface is elastic, however its stress was rounded.
        tile[_YIELDING * L + s] = 1.0 if equivalent * (1 - _ROUNDING) > flow_stress else 0.0
        tile[_GROWTH * L + s] = 0.0

    # The consistency condition is convex and falling in the growth of p, so that Newton's method
    # from zero rises monotonically to the only root.
    for iteration in range(_MAX_ITERATIONS):
        unsettled, last = 0, iteration == _MAX_ITERATIONS - 1
        for s in range(L):
            growth, equivalent = tile[_GROWTH * L + s], tile[_EQUIVALENT * L + s]
            p = tile[_P * L + s] + growth
            faded = exponential(-b * p)
            excess = equivalent - 3 * shear * growth - (s0 + H * p + Q * (1 - faded))
            excess *= tile[_YIELDING * L + s]
            open_still = abs(excess) > 1e-13 * equivalent
            unsettled += 1 if open_still else 0
            grown = growth + excess / (3 * shear + H + Q * b * faded)
            # Settled points stay as they are, whatever the others of the tile still need.
            tile[_GROWTH * L + s] = (np.nan if last else grown) if open_still else growth
        if unsettled == 0:
            break

    for s in range(L):
        d = read6(tile, _DEVIATOR, L, s)
        e0, e1, e2, e3, e4, e5 = read6(tile, STRAIN, L, s)
        p0, p1, p2, p3, p4, p5 = read6(tile, STATE, L, s)
        equivalent, yielding = tile[_EQUIVALENT * L + s], tile[_YIELDING * L + s]
        growth = tile[_GROWTH * L + s]
        p = tile[_P * L + s] + growth
        norm = equivalent if equivalent > 0 else 1.0
        kept = 1 - 3 * shear * growth / norm
        hardening = H + Q * b * exponential(-b * p)
        softening = kept - 1 + yielding / (1 + hardening / (3 * shear))
        # The deviator's norm is sqrt(2/3) of the equivalent strain, equivalent / (2 shear).
        flow = 3 * shear * growth / norm
        dyad = 12 * shear * shear * shear * softening / (norm * norm)
        write_isotropic_tangent(tile, L, s, bulk, 2 * shear * kept)
        subtract_dyad(tile, L, s, dyad, d)
        pressure, factor = bulk * (e0 + e1 + e2), 2 * shear * kept
        write6(
            tile,
            STRESS,
            L,
            s,
            (
                pressure + factor * d[0],
                pressure + factor * d[1],
                pressure + factor * d[2],
                factor * d[3],
                factor * d[4],
                factor * d[5],
            ),
        )
        write6(
            tile,
            _NEW,
            L,
            s,
            (
                p0 + flow * d[0],
                p1 + flow * d[1],
                p2 + flow * d[2],
                p3 + flow * d[3],
                p4 + flow * d[4],
                p5 + flow * d[5],
            ),
        )
        tile[_NEW_P * L + s] = p


@dataclass(frozen=True)
class J2Plasticity(Law):
    """Isotropic elastoplastic law.

    The state of a point is its plastic strain (6, Mandel) and p.

    Attributes:
        youngs_modulus: E, GPa.
        poisson_ratio: nu.
        yield_stress: s0, GPa.
        H: linear hardening modulus, GPa.
        Q: stress gained by saturating hardening, GPa.
        b: rate of saturation.

    Raises:
        InputError: the yield stress is not positive or the material softens.
    """

    youngs_modulus: float
    poisson_ratio: float
    yield_stress: float
    H: float = 0.0
    Q: float = 0.0
    b: float = 0.0
    state_size = 7
    function = staticmethod(j2_plasticity)

    def __post_init__(self) -> None:
        constants = np.array([self.yield_stress, self.H, self.Q, self.b])
        if not (np.isfinite(constants).all() and self.yield_stress > 0 and constants.min() >= 0):
            raise InputError(
                "J2 plasticity needs a positive yield_stress and H, Q, b >= 0, got yield_stress = "
                f"{self.yield_stress:g}, H = {self.H:g}, Q = {self.Q:g} GPa, b = {self.b:g}"
            )
        isotropic(self.youngs_modulus, self.poisson_ratio)

    @property
    def stiffness(self) -> Array:
        """Elastic stiffness (6, 6), GPa."""
        return isotropic(self.youngs_modulus, self.poisson_ratio)

    @property
    def constants(self) -> Array:
        """Bulk and shear modulus, s0, H, Q in GPa, and b (6,)."""
        bulk = self.youngs_modulus / (3 * (1 - 2 * self.poisson_ratio))
        shear = self.youngs_modulus / (2 * (1 + self.poisson_ratio))
        return np.array([bulk, shear, self.yield_stress, self.H, self.Q, self.b])

    def turned(self, rotation: Array) -> "J2Plasticity":
        """The law itself: the material is isotropic."""
        return self
