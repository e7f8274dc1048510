"""The two parameterisations of a material network, DMN and IMN, as one laminate tree.

A DMN rotates the homogenised material of every node (Eqs. 6-7). An IMN has the normal of every
interface as a parameter (Eq. 18) and rotates nothing. A laminate of rotated layers is the rotated
laminate. Let Q be the product of the rotations down the tree: a DMN is then an IMN with the normals
Q e3, whose base materials are rotated by Q.
Only base nodes are ever rotated.

As printed, Eq. 7 rotates stresses in the opposite sense to the stiffness of Eq. 6; Eq. 6 is used.
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from array_api_compat import array_namespace

from rve import arguments
from rve.arrays import Integers
from rve.microstructure.phases import PHASES

Kind = Literal["DMN", "IMN"]
Values = Any
"""A numpy array or a torch tensor."""


@dataclass(frozen=True)
class MaterialNetwork:
    """Trainable parameters of a network of N layers, as numpy arrays or torch tensors.

    Attributes:
        kind: DMN or IMN.
        z: activations (2^N,) of the base nodes, Eq. 1.
        angles: level by level from the top: for an IMN theta and phi of each block (2^N - 1, 2),
            for a DMN the Euler angles alpha, beta, gamma of each node (2^(N+1) - 1, 3), radians.
        phases: number (2^N,) of each base node's phase, 0 for p1; left out, nodes alternate between
            the phases, as the paper's do.
        names: of the phases, in their order.

    Raises:
        InputError: there is no such kind.

    Example:
        One block with its normal along axis 1: the harmonic mean of 1 and 3 GPa across the layers,
        the arithmetic mean along them:

        >>> import numpy as np
        >>> from training import MaterialNetwork
        >>> from training.homogenise import homogenise
        >>> layers = MaterialNetwork("IMN", z=np.array([0.5, 0.5]), angles=np.array([[0.0, 0.5]]))
        >>> soft, stiff = np.eye(6)[None], 3 * np.eye(6)[None]
        >>> homogenise(layers, soft, stiff)[0].diagonal()[:3].round(9).tolist()
        [1.5, 2.0, 2.0]
    """

    kind: Kind
    z: Values
    angles: Values
    phases: Integers = None  # type: ignore[assignment]  # is set below
    names: tuple[str, ...] = PHASES

    def __post_init__(self) -> None:
        """Refuse a kind that would be taken for the other one; let phases alternate."""
        arguments.choice("kind", self.kind, get_args(Kind))
        if self.phases is None:
            object.__setattr__(self, "phases", np.arange(len(self.z)) % len(self.names))

    @property
    def layers(self) -> int:
        """Depth N of the tree."""
        return len(self.z).bit_length() - 1

    @property
    def parameters(self) -> int:
        """Number of independent parameters, 7 x 2^N - 3 of a DMN and 3 x 2^N - 2 of an IMN."""
        return int(np.prod(self.z.shape) + np.prod(self.angles.shape))


class Orientations(NamedTuple):
    """Where the interfaces and base materials of a network point, in the frame of the cell."""

    normals: list[Values]  # unit normals (2^i, 3) of the blocks in layer i, for i = 0 .. N - 1
    rotations: Values | None  # Q (2^N, 3, 3) of the base materials; None: nothing is rotated


def initialise(
    kind: Kind, layers: int, rng: np.random.Generator, names: tuple[str, ...] = PHASES
) -> MaterialNetwork:
    """A network with random parameters, whose base nodes alternate between phases of these names.

    Activations are uniform in (0.2, 0.8), after Liu & Wu 2019; IMN angles uniform in (0, 1); DMN
    angles uniform over all rotations' range, (-pi, pi) for alpha and gamma, half of it for beta.

    Raises:
        InputError: the kind or the number of layers is none.

    Example:
        Where both base materials agree, any network is this material, if that is isotropic:

        >>> import numpy as np
        >>> from training import initialise
        >>> from training.homogenise import homogenise
        >>> network = initialise("DMN", layers=2, rng=np.random.default_rng(0))
        >>> unit = np.eye(6)[None]
        >>> network.parameters, np.allclose(homogenise(network, unit, unit), unit)
        (25, True)
    """
    arguments.count("layers", layers)
    z = rng.uniform(0.2, 0.8, 2**layers)
    if kind == "IMN":
        angles = rng.uniform(0, 1, (2**layers - 1, 2))
    else:
        reach = np.pi * np.array([1, 0.5, 1])
        angles = rng.uniform(-reach, reach, (2 ** (layers + 1) - 1, 3))
    return MaterialNetwork(kind, z, angles, names=names)


def orient(network: MaterialNetwork) -> Orientations:
    """Normals of all blocks and rotations of the base materials."""
    if network.kind == "IMN":
        normals = interface_normal(*circular(network.kind, network.angles))
        return Orientations([level(normals, i) for i in range(network.layers)], None)
    xp = array_namespace(network.angles)
    turns = euler_rotation(*circular(network.kind, network.angles)).mT
    accumulated, normals = level(turns, 0), []
    for layer in range(1, network.layers + 1):
        normals.append(accumulated[:, :, 2])
        accumulated = xp.repeat(accumulated, 2, axis=0) @ level(turns, layer)
    return Orientations(normals, accumulated)


def circular(kind: Kind, angles):
    """Cosines and sines (..., k) of angles (..., k); of an IMN those of 2 pi theta and pi phi."""
    xp = array_namespace(angles)
    if kind == "IMN":
        angles = xp.stack([2 * np.pi * angles[..., 0], np.pi * angles[..., 1]], axis=-1)
    return xp.cos(angles), xp.sin(angles)


def interface_normal(cosine, sine):
    """Unit normal (..., 3) of an IMN's block, Section 2.2, by its `circular` (..., 2)."""
    xp = array_namespace(cosine)
    (ct, cp), (st, sp) = ([a[..., i] for i in range(2)] for a in (cosine, sine))
    return xp.stack([ct * sp, st * sp, cp], axis=-1)


def euler_rotation(cosine, sine):
    """Rotation R = X(alpha) Y(beta) Z(gamma) (..., 3, 3), as in [48], by `circular` (..., 3)."""
    xp = array_namespace(cosine)
    (ca, cb, cg), (sa, sb, sg) = ([a[..., i] for i in range(3)] for a in (cosine, sine))
    rows = [
        [cb * cg, -(cb * sg), sb],
        [ca * sg + sa * sb * cg, ca * cg - sa * sb * sg, -(sa * cb)],
        [sa * sg - ca * sb * cg, sa * cg + ca * sb * sg, ca * cb],
    ]
    return xp.stack([xp.stack(row, axis=-1) for row in rows], axis=-2)


def level(values, layer: int):
    """The entries of one layer, from an array of all nodes in level order."""
    return values[2**layer - 1 : 2 ** (layer + 1) - 1]
