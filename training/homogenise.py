"""Stiffness of a network, bottom up, Eqs. 8 and 23; strains of its base nodes, top down."""

from collections.abc import Sequence

from array_api_compat import array_namespace

from rve.mandel import interface_matrix, rotation_matrix, turned
from rve.microstructure.phases import VOID
from training import arrays, hollow_arrays
from training.laminate import childrens_strains, interface, laminate
from training.network import MaterialNetwork, level, orient


def homogenise(network: MaterialNetwork, *phases):
    """Homogenised stiffness (s, 6, 6) of the network for s sets of base materials.

    Args:
        network: its parameters.
        phases: stiffness (s, 6, 6) of each phase, p1 first, GPa.
    """
    return _upward(network, base_stiffnesses(network, phases))[1][0]


def localise(network: MaterialNetwork, stiffnesses, strains):
    """Strains (2^N, s, l, 6) of the base nodes by macroscopic strains (s, l, 6).

    From the top down each block localises its strain E, Eqs. 16 and 21: the jump is H M^-1 G E.

    Args:
        network: its parameters.
        stiffnesses: of the base nodes' materials (2^N, s, 6, 6), GPa, see `base_stiffnesses`.
        strains: l for each set of base materials, Mandel.
    """
    xp, algebra = array_namespace(strains), algebra_of(network.names)
    E = strains[None]
    for C1, C2, f1, H in reversed(_upward(network, stiffnesses)[0]):
        G, M = interface(C1, C2, f1, H, algebra)
        jump = xp.einsum("nik,nskl->nsli", H, algebra.solve(M, G @ E.mT, f1 * C1 + (1 - f1) * C2))
        E = xp.stack(childrens_strains(E, f1, jump), axis=1)
        E = xp.reshape(E, (-1, *strains.shape))
    return E


def algebra_of(names: Sequence[str]):
    """The linear algebra of blocks, by the names of the phases: that with voids costs more."""
    return hollow_arrays if VOID in names else arrays


def base_stiffnesses(network: MaterialNetwork, phases):
    """Stiffness (2^N, s, 6, 6) of the base nodes' materials, from those (s, 6, 6) of the phases."""
    return array_namespace(phases[0]).stack(list(phases))[network.phases]


def _upward(network: MaterialNetwork, stiffnesses):
    """Children, fractions and interfaces of each layer's blocks from the bottom, and the top."""
    xp, algebra = array_namespace(stiffnesses), algebra_of(network.names)
    orientations = orient(network)
    weights = base_weights(network)
    if orientations.rotations is not None:
        stiffnesses = turned(stiffnesses, rotation_matrix(orientations.rotations)[:, None])
    odd, even = stiffnesses[0::2], stiffnesses[1::2]
    H = interface_matrix(xp.concat(orientations.normals))
    layers = []
    for layer in reversed(range(network.layers)):
        first, second = weights[0::2], weights[1::2]
        f1 = fraction(first, second)[:, None, None, None]
        layers.append((odd, even, f1, level(H, layer)))
        stiffness, _ = laminate(*layers[-1], algebra)
        odd, even = stiffness[0::2], stiffness[1::2]
        weights = first + second
    return layers, stiffness


def base_weights(network: MaterialNetwork):
    """Weights (2^N,) of the base nodes: the ReLU of their activations, Eq. 1."""
    xp = array_namespace(network.z)
    return xp.where(network.z > 0, network.z, 0)


def fraction(first, second):
    """Volume fraction of the first children, Eq. 4; one half in blocks without any weight.

    Such a block does not contribute to the network, but its value and gradient must be finite.
    """
    xp = array_namespace(first)
    total = first + second
    empty = total == 0
    return xp.where(empty, 0.5, first / xp.where(empty, 1, total))
