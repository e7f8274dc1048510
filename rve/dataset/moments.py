"""How unevenly a phase flows: the first moment of its strain.

The stiffness of a composite fixes the second moments of the strains in its phases: they are its
derivatives by the phases' moduli. The stress at which a phase flows follows from its dissipation,
which goes with the first moment: strains that are as large in the mean square, but less even,
dissipate less. Networks of equal stiffness differ in it.
"""

from array_api_compat import array_namespace

from rve.mandel import DEVIATORIC_PROJECTION


def uniaxial_strains(stiffness):
    """Strains (s, 6, 6) under a stress in one component each, which itself is strained by 1.

    The first of the axes of length 6 is that of the loads: 11, 22, 33, 23, 31, 12.

    Args:
        stiffness: of the composite (s, 6, 6).
    """
    xp = array_namespace(stiffness)
    compliance = xp.linalg.inv(stiffness)
    return compliance / xp.linalg.diagonal(compliance)[..., :, None]


def mean_deviator(strains, weights):
    """Mean (...) of the norms of the deviators of n strains (n, ..., 6) of these weights (n,)."""
    xp = array_namespace(strains)
    deviators = strains @ xp.asarray(DEVIATORIC_PROJECTION, dtype=strains.dtype)
    norms = xp.sqrt((deviators**2).sum(axis=-1))
    return xp.tensordot(weights / weights.sum(), norms, axes=1)
