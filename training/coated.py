"""A start in which matrix coats every fibre and every void: laminates of several ranks.

In a random tree fibre nodes often form a load-bearing chain, which the training does not remove.
Here a unit is one node of a fibre, or of a void, that is laminated with matrix several times, each
time in another direction across the fibres, so that the matrix is connected from the start. Such
laminates attain the bound of Hashin and Shtrikman for a connected matrix (Francfort & Murat 1986,
Arch. Rational Mech. Anal. 94, 307-334; Milton, The Theory of Composites (2002), Chapter 9).
The innermost coat of a fibre with an interphase is of that.
"""

from collections.abc import Mapping

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.phases import INTERPHASE, VOID, ordered
from training.network import Kind, MaterialNetwork

COATS = {layers: min(max(layers // 2, 2), 4) for layers in range(2, 33)}
"""Depth of a tree -> number of coats of a unit, the layers that a unit takes."""

_SPREAD = 0.3  # of the shares of the coats, about their mean
_AROUND_VOIDS = 30.0  # volume of the matrix around a void, over that around as large a fibre
_LEAST = 4  # number of units of a kind, where there are enough


def coated_network(
    kind: Kind, layers: int, fractions: Mapping[str, float], xi: float, rng: np.random.Generator
) -> MaterialNetwork:
    """A network of coated nodes of fibres and voids; all other base nodes are dead.

    A unit of u coats takes 2^u base nodes: its core at 1, matrix at 0, 2, 4, 8, .. The normals of
    its blocks lie across the fibres, pi / u apart. Units join by blocks with random normals across
    the fibres. A DMN starts as the same laminates.

    Each phase but matrix and interphase is the core of some units, which lie among the others. With
    an interphase, the innermost coat of each fibre is of that, and the others are pi / (u - 1)
    apart, three coats or more in all.

    Args:
        kind: DMN or IMN.
        layers: depth N.
        fractions: volume fractions of the phases by their names.
        xi: sum of the weights.
        rng: of the directions and of the shares of the coats.

    Raises:
        InputError: the depth is too small for a unit of each kind.
    """
    names = ordered(fractions)
    cores = [name for name in names[1:] if name != INTERPHASE] or [INTERPHASE]
    inner = fractions.get(INTERPHASE, 0.0) if INTERPHASE not in cores else 0.0
    coats = {n: max(u, 3) if inner else u for n, u in COATS.items()}
    least = next(n for n, u in coats.items() if 2.0 ** (n - u) >= len(cores))
    if layers < least:
        raise InputError(f"a coated start needs at least {least} layers, got {layers}")
    u = coats[layers]
    units = 2 ** (layers - u)
    number, volume, bare, coated = _units({name: fractions[name] for name in cores}, inner, units)
    slots = [0, *(2**j for j in range(1, u))]
    z, phases = np.full((units, 2**u), -1.0), np.zeros((units, 2**u), dtype=np.int64)
    z[:, 1], phases[:, 1] = bare[:, 0], np.array([names.index(name) for name in cores])[number]
    z[:, slots] = _amounts(_shares(units, u, rng), coated)
    ringed = (coated > bare)[:, 0]
    if inner:
        z[ringed, 0], phases[ringed, 0] = (coated - bare)[ringed, 0], names.index(INTERPHASE)
        z[np.ix_(ringed, slots[1:])] = _amounts(_shares(units, u - 1, rng), coated)[ringed]
    z = np.where(z > 0, z * volume * xi / units, 0)
    directions = [np.pi * rng.uniform(size=2**layer) for layer in range(layers - u)]
    offset = np.pi * rng.uniform(size=units)
    for layer in range(u):  # of a unit, from its top
        across = np.pi * rng.uniform(size=(units, 2**layer))
        across[:, 0] = offset + np.pi * layer / (u - ringed)  # the block that coats the core
        directions.append(across.ravel())
    azimuths = np.concatenate(directions)
    if kind == "IMN":
        angles = np.stack([azimuths / (2 * np.pi), np.full_like(azimuths, 0.5)], axis=-1)
    else:
        angles = _euler_angles_of_a_dmn(azimuths, layers)
    return MaterialNetwork(kind, z.ravel(), angles, phases.ravel(), names)


def _units(
    cores: Mapping[str, float], inner: float, units: int
) -> tuple[Integers, Array, Array, Array]:
    """The core of each unit, its volume, and the fractions of the core alone and coated inside.

    Fibres have the same fraction of their units; there is more matrix around a void.

    Args:
        cores: volume fractions of the phases that are cores.
        inner: volume fraction of the interphase, which lies around the fibres alone.
        units: their number.

    Returns:
        Numbers (units,) of the cores; volumes (units, 1), one on average; fractions (units, 1).
    """
    fraction, void = np.array(list(cores.values())), np.array([name == VOID for name in cores])
    coated = np.where(void, fraction, fraction * (1 + inner / max(fraction[~void].sum(), 1e-300)))
    reach = coated * np.where(void, _AROUND_VOIDS, 1)
    volume = coated + (1 - coated.sum()) * (reach / reach.sum())
    least = max(min(_LEAST, units // (2 * len(cores))), 1)
    counts = np.maximum(np.rint(units * volume), least).astype(int)
    counts[counts.argmax()] += units - counts.sum()
    places = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
    number = np.repeat(np.arange(len(cores)), counts)[np.argsort(places, kind="stable")]
    of_kinds = volume * units / counts, fraction / volume, coated / volume
    volume, bare, coated = (values[number][:, None] for values in of_kinds)
    return number, volume, bare, coated


def _shares(units: int, coats: int, rng: np.random.Generator) -> Array:
    """Random shares (units, coats) of the coats in their effect."""
    shares = rng.uniform(1 - _SPREAD, 1 + _SPREAD, (units, coats))
    return shares / shares.sum(axis=1, keepdims=True)


def _amounts(shares: Array, core: Array) -> Array:
    """Volumes (n, u) of the coats, from inside, by their shares of the effect.

    With f_j the fraction (n, 1) of the core within the first j coats, each coat enters the
    stiffness by f_(j-1) - f_j (Milton 2002, Section 9.3). Equal shares in directions pi / u apart
    make a unit isotropic across the fibres.
    """
    fractions = 1 - (1 - core) * np.cumsum(shares, axis=1)
    inverse = np.concatenate([np.ones((len(shares), 1)), 1 / fractions], axis=1)
    return core * np.diff(inverse, axis=1)


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
