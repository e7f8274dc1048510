"""The DMN as the paper prints it: a rotation at every node, Eqs. 1-6.

`training.homogenise` gives the same stiffness at less cost, since it rotates base nodes
only. This form exists so that both can be timed. It works on numpy arrays and torch tensors.
"""

from array_api_compat import array_namespace

from rve.mandel import COMPONENTS, rotation_matrix
from training.homogenise import algebra_of, base_stiffnesses, base_weights, fraction
from training.network import MaterialNetwork, circular, euler_rotation, level

_ALONG = [COMPONENTS.index(name) for name in ("11", "22", "12")]
_ACROSS = [COMPONENTS.index(name) for name in ("33", "23", "31")]


def homogenise(network: MaterialNetwork, *phases):
    """Homogenised stiffness (s, 6, 6) of a DMN for s sets of base materials.

    Args:
        network: its parameters.
        phases: stiffness (s, 6, 6) of each phase, p1 first, GPa.
    """
    rotations = rotation_matrix(euler_rotation(*circular(network.kind, network.angles)))[:, None]
    weights, algebra = base_weights(network), algebra_of(network.names)
    averaged = base_stiffnesses(network, phases)
    for layer in reversed(range(1, network.layers + 1)):
        R = level(rotations, layer)
        C = R.mT @ averaged @ R  # Eq. 6
        averaged = block(C[0::2], C[1::2], fraction(weights[0::2], weights[1::2]), algebra)
        weights = weights[0::2] + weights[1::2]  # Eq. 2
    R = level(rotations, 0)
    return (R.mT @ averaged @ R)[0]


def block(C1, C2, f1, algebra):
    """Eq. 5: averaged stiffness (n, s, 6, 6) of two layers with the normal e3.

    The strain concentration A gives the strain of the first child. Along the layers it is the
    parent's (11, 22, 12); across them it makes the tractions equal (33, 23, 31).

    Args:
        C1: stiffness (n, s, 6, 6) of the first children, GPa.
        C2: stiffness (n, s, 6, 6) of the second children, GPa.
        f1: volume fraction (n,) of the first children.
        algebra: of the children, see `algebra_of`.
    """
    xp = array_namespace(C1)
    f1 = f1[:, None, None, None]
    mixed = ((1 - f1) * C1 + f1 * C2)[..., _ACROSS, :]
    along = xp.zeros(6, dtype=C1.dtype)
    along[_ALONG] = 1.0
    voigt = f1 * C1 + (1 - f1) * C2
    across = algebra.solve(mixed[..., _ACROSS], C2[..., _ACROSS, :] - mixed * along, voigt)
    difference = C2 - C1
    concentrated = difference * along + difference[..., _ACROSS] @ across
    return C2 - f1 * concentrated  # C2 - f1 (C2 - C1) A
