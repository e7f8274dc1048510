"""Small-strain J2 plasticity with isotropic hardening, by backward Euler.

Return mapping and consistent tangent after Simo & Hughes, Computational Inelasticity (1998),
Section 3.3; the yield stress combines linear and saturating hardening,

    sigma_y(p) = s0 + H p + Q (1 - exp(-b p)),

with p the accumulated equivalent plastic strain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rve.errors import ConvergenceError, InputError
from rve.mandel import DEVIATORIC_PROJECTION, IDENTITY
from rve.material import Response
from rve.stiffness import isotropic

Array = NDArray[np.float64]

_MAX_ITERATIONS = 50
_ROUNDING = 1e-12


@dataclass(frozen=True)
class J2Plasticity:
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

    def flow_stress(self, p: Array) -> Array:
        """Yield stress sigma_y (n,), GPa, after the equivalent plastic strain p (n,)."""
        return self.yield_stress + self.H * p + self.Q * -np.expm1(-self.b * p)

    def hardening_modulus(self, p: Array) -> Array:
        """Derivative of the yield stress by p (n,), GPa."""
        return self.H + self.Q * self.b * np.exp(-self.b * p)

    def respond(self, strain: Array, state: Array) -> Response:
        """Response of the law; see `rve.material.Material`.

        Raises:
            ConvergenceError: a strain is not finite.
        """
        if not np.isfinite(strain).all():
            raise ConvergenceError("J2 plasticity met a strain that is not finite")
        bulk = self.youngs_modulus / (3 * (1 - 2 * self.poisson_ratio))
        shear = self.youngs_modulus / (2 * (1 + self.poisson_ratio))
        plastic_strain, p = state[:, :6], state[:, 6]

        deviator = 2 * shear * (strain @ DEVIATORIC_PROJECTION - plastic_strain)
        norm = np.linalg.norm(deviator, axis=1)
        equivalent = np.sqrt(1.5) * norm
        # A step that starts on the yield surface is elastic, whichever way its stress was rounded.
        yielding = equivalent * (1 - _ROUNDING) > self.flow_stress(p)

        growth = np.zeros_like(p)
        growth[yielding] = self._return_map(equivalent[yielding], p[yielding], shear)
        direction = deviator / np.where(norm > 0, norm, 1)[:, None]
        kept = np.ones_like(p)
        kept[yielding] -= 3 * shear * growth[yielding] / equivalent[yielding]

        stress = kept[:, None] * deviator + bulk * (strain @ IDENTITY)[:, None] * IDENTITY
        state = np.column_stack(
            [plastic_strain + np.sqrt(1.5) * growth[:, None] * direction, p + growth]
        )
        softening = kept - 1 + yielding / (1 + self.hardening_modulus(p + growth) / (3 * shear))
        tangent = (
            bulk * np.outer(IDENTITY, IDENTITY)
            + 2 * shear * kept[:, None, None] * DEVIATORIC_PROJECTION
            - 2 * shear * softening[:, None, None] * direction[:, :, None] * direction[:, None, :]
        )
        return Response(stress, state, tangent)

    def _return_map(self, equivalent: Array, p: Array, shear: float) -> Array:
        """Growth of p (n,) that brings the trial stress (n,) back to the yield surface.

        The consistency condition is convex and falling in the growth, so that Newton's method
        from zero rises monotonically to the only root.
        """
        growth = np.zeros_like(p)
        for _ in range(_MAX_ITERATIONS):
            excess = equivalent - 3 * shear * growth - self.flow_stress(p + growth)
            if (np.abs(excess) <= 1e-13 * equivalent).all():
                return growth
            growth += excess / (3 * shear + self.hardening_modulus(p + growth))
        raise ConvergenceError("the return mapping of J2 plasticity did not converge")
