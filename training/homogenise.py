"""Forward homogenisation of a network's stiffness from the base nodes to the top, Eqs. 8 and 23."""

from array_api_compat import array_namespace

from rve.mandel import interface_matrix, rotation_matrix
from training.laminate import laminate
from training.network import MaterialNetwork, level, orient


def homogenise(network: MaterialNetwork, p1, p2):
    """Homogenised stiffness (s, 6, 6) of the network for s pairs of base materials.

    Args:
        network: its parameters.
        p1: stiffness (s, 6, 6) of the base material of the odd base nodes, GPa.
        p2: stiffness (s, 6, 6) of that of the even base nodes, GPa.
    """
    xp = array_namespace(p1)
    orientations = orient(network)
    weights = base_weights(network)
    if orientations.rotations is None:
        shape = (len(weights) // 2, *p1.shape)
        odd, even = xp.broadcast_to(p1, shape), xp.broadcast_to(p2, shape)
    else:
        turn = rotation_matrix(orientations.rotations)
        odd = xp.einsum("nij,sjk,nlk->nsil", turn[0::2], p1, turn[0::2])
        even = xp.einsum("nij,sjk,nlk->nsil", turn[1::2], p2, turn[1::2])
    H = interface_matrix(xp.concat(orientations.normals))
    for layer in reversed(range(network.layers)):
        first, second = weights[0::2], weights[1::2]
        stiffness = laminate(odd, even, fraction(first, second), level(H, layer))
        odd, even = stiffness[0::2], stiffness[1::2]
        weights = first + second
    return stiffness[0]


def base_weights(network: MaterialNetwork):
    """Weights (2^N,) of the base nodes: the ReLU of their activations, Eq. 1."""
    xp = array_namespace(network.z)
    return xp.where(network.z > 0, network.z, 0)


def fraction(first, second):
    """Volume fraction of the first children, Eq. 4; one half in blocks without any weight.

    Such a block has no part in the network, but its value and gradient must stay finite.
    """
    xp = array_namespace(first)
    total = first + second
    empty = total == 0
    return xp.where(empty, 0.5, first / xp.where(empty, 1, total))
