"""A start in which every fibre node is coated by matrix: laminates of several ranks.

In a random tree fibre nodes often form a load-bearing chain, which the training does not remove.
Here a unit is one fibre node that is laminated with matrix several times, each time in another
direction across the fibres, so that the matrix is connected from the start. Such laminates attain
the bound of Hashin and Shtrikman for a connected matrix (Francfort & Murat 1986, Arch. Rational
Mech. Anal. 94, 307-334; Milton, The Theory of Composites (2002), Chapter 9).
"""

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from training.network import Kind, MaterialNetwork

COATS = {layers: min(max(layers // 2, 2), 4) for layers in range(2, 33)}
"""Depth of a tree -> number of coats of a unit, the layers that a unit takes."""

_SPREAD = 0.3  # of the shares of the coats, about their mean


def coated_network(
    kind: Kind, layers: int, fibre_fraction: float, xi: float, rng: np.random.Generator
) -> MaterialNetwork:
    """A network of coated fibre nodes; all other base nodes are dead.

    A unit of u coats takes 2^u base nodes: fibre at 1, matrix at 0, 2, 4, 8, .. The normals of its
    blocks lie across the fibres, pi / u apart. Units join by blocks with random normals across the
    fibres. A DMN starts as the same laminates.

    Args:
        kind: DMN or IMN.
        layers: depth N.
        fibre_fraction: volume fraction of the fibres, phase p2.
        xi: sum of the weights.
        rng: of the directions and of the shares of the coats.

    Raises:
        InputError: the depth is too small for a unit.
    """
    if layers not in COATS:
        raise InputError(f"a coated start needs at least 2 layers, got {layers}")
    u = COATS[layers]
    units = 2 ** (layers - u)
    z = np.full((units, 2**u), -1.0)
    coats = [0, *(2**j for j in range(1, u))]
    shares = rng.uniform(1 - _SPREAD, 1 + _SPREAD, (units, u))
    z[:, coats] = _amounts(shares / shares.sum(axis=1, keepdims=True), fibre_fraction)
    z[:, 1] = fibre_fraction
    z = np.where(z > 0, z * xi / units, 0)
    directions = [np.pi * rng.uniform(size=2**layer) for layer in range(layers - u)]
    offset = np.pi * rng.uniform(size=units)
    for layer in range(u):  # of a unit, from its top
        across = np.pi * rng.uniform(size=(units, 2**layer))
        across[:, 0] = offset + np.pi * layer / u  # the block that coats the fibre
        directions.append(across.ravel())
    azimuths = np.concatenate(directions)
    if kind == "IMN":
        angles = np.stack([azimuths / (2 * np.pi), np.full_like(azimuths, 0.5)], axis=-1)
    else:
        angles = _euler_angles_of_a_dmn(azimuths, layers)
    return MaterialNetwork(kind, z.ravel(), angles)


def _amounts(shares: Array, fibre_fraction: float) -> Array:
    """Volumes (n, u) of the coats, from inside, by their shares of the effect.

    With f_j the fraction of the fibre within the first j coats, each coat enters the stiffness by
    f_(j-1) - f_j (Milton 2002, Section 9.3). Equal shares in directions pi / u apart make a
    unit isotropic across the fibres.
    """
    fractions = 1 - (1 - fibre_fraction) * np.cumsum(shares, axis=1)
    inverse = np.concatenate([np.ones((len(shares), 1)), 1 / fractions], axis=1)
    return fibre_fraction * np.diff(inverse, axis=1)


def _euler_angles_of_a_dmn(azimuths: Array, layers: int) -> Array:
    """Angles (2^(N+1) - 1, 3) of a DMN with in-plane interfaces (2^N - 1,) and unrotated materials.

    A block's frame has the normal as its third axis, a base node's is that of the cell; each node
    turns from the frame of its parent to its own.
    """
    cosine, sine, zero = np.cos(azimuths), np.sin(azimuths), np.zeros_like(azimuths)
    axes = [[zero, zero, zero + 1], [sine, -cosine, zero], [cosine, sine, zero]]
    frames = np.moveaxis(np.array(axes), -1, 0).mT  # axes are columns
    frames = np.concatenate([frames, np.broadcast_to(np.eye(3), (2**layers, 3, 3))])
    parents = (np.arange(len(frames)) - 1) // 2
    turns = np.where((parents >= 0)[:, None, None], frames[parents].mT, np.eye(3)) @ frames
    R = turns.mT
    beta = np.arcsin(np.clip(R[:, 0, 2], -1, 1))
    alpha = np.arctan2(-R[:, 1, 2], R[:, 2, 2])
    gamma = np.arctan2(-R[:, 0, 1], R[:, 0, 0])
    locked = np.abs(R[:, 0, 2]) > 1 - 1e-12
    alpha = np.where(locked, np.arctan2(R[:, 2, 1], R[:, 1, 1]), alpha)
    return np.stack([alpha, beta, np.where(locked, 0, gamma)], axis=-1)
