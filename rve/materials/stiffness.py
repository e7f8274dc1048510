"""Elastic stiffness of isotropic and orthotropic phases, and the Voigt and Reuss bounds."""

from typing import Any

import numpy as np

from rve import arguments
from rve.arrays import Array, Booleans
from rve.errors import InputError
from rve.mandel import DEVIATORIC_PROJECTION, IDENTITY


def isotropic(youngs_modulus: float, poisson_ratio: float) -> Array:
    """Stiffness (6, 6) in GPa of an isotropic phase.

    Raises:
        InputError: E is not positive or nu lies outside (-1, 0.5).
    """
    arguments.number("youngs_modulus", youngs_modulus, above=0)
    arguments.number("poisson_ratio", poisson_ratio, above=-1, below=0.5)
    return isotropic_formula(youngs_modulus, poisson_ratio)


def isotropic_formula(E, nu):
    """`isotropic` of numbers that are admissible, or of expressions."""
    bulk = E / (3 * (1 - 2 * nu))
    shear = E / (2 * (1 + nu))
    return bulk * np.outer(IDENTITY, IDENTITY) + 2 * shear * DEVIATORIC_PROJECTION


def orthotropic_compliance(youngs_modulus: Array, shear_modulus: Array, poisson_ratio: Array):
    """Compliance (..., 6, 6) in 1/GPa of orthotropic phases in their material axes.

    Args:
        youngs_modulus: E11, E22, E33 (..., 3), GPa.
        shear_modulus: G23, G31, G12 (..., 3), GPa.
        poisson_ratio: nu23, nu13, nu12 (..., 3); nu_ij is minus the strain along j for a unit
            strain along i under uniaxial stress along i, so that nu_ij / E_i = nu_ji / E_j.
    """
    shape = (*np.shape(youngs_modulus)[:-1], 6, 6)
    compliance = np.zeros(shape, np.result_type(youngs_modulus, shear_modulus, poisson_ratio))
    for i in range(3):
        compliance[..., i, i] = 1 / youngs_modulus[..., i]
        compliance[..., i + 3, i + 3] = 1 / (2 * shear_modulus[..., i])
    for k, (i, j) in enumerate(((1, 2), (0, 2), (0, 1))):
        compliance[..., i, j] = -poisson_ratio[..., k] / youngs_modulus[..., i]
        compliance[..., j, i] = compliance[..., i, j]
    return compliance


def orthotropic_formula(youngs_modulus, shear_modulus, poisson_ratio):
    """Stiffness (6, 6) of one phase, arguments (3,) as those of `orthotropic_compliance`.

    The inverse of the compliance, of numbers that are admissible, or of expressions.
    """
    S = orthotropic_compliance(youngs_modulus, shear_modulus, poisson_ratio)
    stiffness, normal = np.zeros_like(S), S[:3, :3]
    minors = np.stack([np.cross(normal[i - 2], normal[i - 1]) for i in range(3)])
    stiffness[:3, :3] = minors / (normal[0] @ minors[0])
    for i in range(3, 6):
        stiffness[i, i] = 1 / S[i, i]
    return stiffness


def engineering_constants(stiffness: Array) -> dict[str, Any]:
    """Engineering constants of stiffnesses (..., 6, 6), GPa, Mandel, in their axes.

    With the compliance S: E_i = 1 / S_ii, G_ij = 1 / (2 S_kk) of the shear ij at place k, and
    nu_ij = -S_ij / S_ii, the contraction along j under stress along i. So E_i, G_ij and nu_ij are
    what tests in uniaxial stress and in shear stress measure. They are the inverse of
    `orthotropic_compliance`; where the stiffness is not orthotropic in these axes, S has further
    terms, which couple shear and normal strains.

    Returns:
        E1, E2, E3, G23, G31, G12 in GPa, nu12, nu13, nu23: arrays (...), floats of one matrix.

    Raises:
        InputError: it has another shape, or is not symmetric and positive definite.

    Example:
        >>> from rve.materials import LAWS, engineering_constants
        >>> carbon = LAWS["transversely_isotropic"](230.0, 15.0, 24.0, 0.2, 0.25).law()
        >>> constants = engineering_constants(carbon.stiffness)
        >>> {name: round(value, 6) for name, value in constants.items()}
        ... # doctest: +NORMALIZE_WHITESPACE
        {'E1': 15.0, 'E2': 15.0, 'E3': 230.0, 'G23': 24.0, 'G31': 24.0, 'G12': 6.0,
         'nu12': 0.25, 'nu13': 0.013043, 'nu23': 0.013043}
    """
    C = np.asarray(stiffness, dtype=float)
    if C.shape[-2:] != (6, 6):
        raise InputError(f"stiffness: expected the shape (..., 6, 6), got {C.shape}")
    symmetric = np.abs(C - C.swapaxes(-1, -2)) <= 1e-6 * np.abs(C).max()  # not if one is nan
    if not (symmetric.all() and is_positive_definite(C).all()):
        raise InputError(
            "stiffness: expected a symmetric and positive definite matrix, in GPa and in Mandel "
            "notation, as `homogenise` gives it"
        )
    S = np.linalg.inv(C)
    moduli = 1 / np.diagonal(S, axis1=-2, axis2=-1) / (1, 1, 1, 2, 2, 2)
    names = ("E1", "E2", "E3", "G23", "G31", "G12")
    constants = {name: moduli[..., place] for place, name in enumerate(names)}
    for i, j in ((0, 1), (0, 2), (1, 2)):
        constants[f"nu{i + 1}{j + 1}"] = -S[..., i, j] / S[..., i, i]
    return {name: values if values.ndim else float(values) for name, values in constants.items()}


def is_positive_definite(matrix: Array) -> Booleans:
    """Whether symmetric matrices (..., n, n) have only positive eigenvalues, beyond rounding."""
    eigenvalues = np.linalg.eigvalsh(matrix)
    return eigenvalues[..., 0] > 1e-14 * eigenvalues[..., -1]


def bulk_over_shear(stiffness: Array) -> float:
    """Bulk over shear modulus of a phase (6, 6), each its mean of Reuss if it is anisotropic.

    With S the compliance and I the identity of second order, K = 1 / (I : S : I), and the trace of
    the deviatoric part of S is 5 / (2 G) (Hill 1952, Proc. Phys. Soc. A 65, 349-354).
    """
    S = np.linalg.inv(stiffness)
    volumetric = IDENTITY @ S @ IDENTITY
    return float((np.trace(S) - volumetric / 3) / (2.5 * volumetric))


def voigt(fractions: Array, stiffnesses: Array) -> Array:
    """Voigt's upper bound (6, 6): the mean of the stiffnesses (n, 6, 6) by volume fraction (n,)."""
    return np.tensordot(fractions, stiffnesses, 1)


def reuss(fractions: Array, stiffnesses: Array) -> Array:
    """Reuss' lower bound (6, 6): the inverse of the mean compliance, same arguments as `voigt`.

    Zero if one is a void, whose stiffness is zero.
    """
    if not stiffnesses.any(axis=(1, 2)).all():
        return np.zeros((6, 6))
    return np.linalg.inv(np.tensordot(fractions, np.linalg.inv(stiffnesses), 1))


def bounds_defect(stiffness: Array, fractions: Array, stiffnesses: Array) -> float:
    """How far a homogenised stiffness (6, 6) leaves the interval between Reuss and Voigt.

    Compares in the sense of quadratic forms (Hill 1963), each bound in its own metric, so that the
    result is a relative energy: 0 when inside, and as stiff or as compliant phases demand.
    """
    upper, lower = voigt(fractions, stiffnesses), reuss(fractions, stiffnesses)

    def largest_excess(greater: Array, smaller: Array) -> float:
        factor = np.linalg.cholesky(greater)
        ratio = np.linalg.solve(factor, np.linalg.solve(factor, smaller).T)
        return float(np.linalg.eigvalsh((ratio + ratio.T) / 2)[-1] - 1)

    return max(largest_excess(upper, stiffness), largest_excess(stiffness, lower), 0.0)
