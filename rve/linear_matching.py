"""Formulas of linear matching: a linear phase that approximates a perfectly plastic one.

From one linear solution to the next, every point's shear modulus is divided by the size of the
deviator of its strain (Ponter & Carter 1997, Comput. Methods Appl. Mech. Engng 140, 237-258). The
phase becomes soft where its strain is large, and the strain localises there. The bulk modulus does
not change.
"""

import numpy as np
from array_api_compat import array_namespace

from rve.mandel import DEVIATORIC_PROJECTION

LARGEST_FACTOR = 10.0
"""Largest factor by which a shear modulus is raised or lowered."""


def deviator_norm(strains):
    """Norms (...) of the deviators of strains (..., 6), Mandel."""
    xp = array_namespace(strains)
    deviators = strains @ xp.asarray(DEVIATORIC_PROJECTION, dtype=strains.dtype)
    return xp.sqrt((deviators**2).sum(axis=-1))


def shear_factor(norm, mean, where=np.where):
    """Factor (...) on the shear modulus where the strain's deviator has this norm (...).

    At the mean of the norms over the phase it is one; `where` is that of the array library.
    """
    ratio = mean / norm
    ratio = where(ratio > LARGEST_FACTOR, LARGEST_FACTOR, ratio)
    return where(ratio < 1 / LARGEST_FACTOR, 1 / LARGEST_FACTOR, ratio)


def softened(stiffness, factor):
    """Stiffness (..., 6, 6) of an isotropic phase, its shear modulus times a factor (...)."""
    xp = array_namespace(stiffness)
    projection = xp.asarray(DEVIATORIC_PROJECTION, dtype=stiffness.dtype)
    change = (factor - 1) * stiffness[..., 5, 5]
    return stiffness + change[..., None, None] * projection
