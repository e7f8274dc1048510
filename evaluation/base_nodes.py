"""The base materials at the active base nodes of a network."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rve.material import Material, Response
from training.tree import Tree

Array = NDArray[np.float64]


class BaseNodes:
    """Material laws at n base nodes, each turned into the node's frame.

    Args:
        tree: the network.
        materials: laws of p1 and p2.
    """

    def __init__(self, tree: Tree, materials: Sequence[Material]) -> None:
        self.tree = tree
        self.materials = materials
        self.members = [np.flatnonzero(tree.phases == i) for i in range(len(materials))]

    def virgin(self) -> tuple[Array, ...]:
        """Internal states of the unloaded material, for each law (nodes, s)."""
        return tuple(
            np.zeros((len(members), material.state_size))
            for members, material in zip(self.members, self.materials, strict=True)
        )

    def respond(
        self, strain: Array, states: tuple[Array, ...]
    ) -> tuple[Array, Array, tuple[Array, ...]]:
        """Stress (n, 6), tangent (n, 6, 6) in GPa and new states for the strains (n, 6)."""
        stress, tangent = np.empty_like(strain), np.empty((len(strain), 6, 6))
        new_states = []
        for members, material, state in zip(self.members, self.materials, states, strict=True):
            response = self._turned(material, members, strain[members], state)
            stress[members], tangent[members] = response.stress, response.tangent
            new_states.append(response.state)
        return stress, tangent, tuple(new_states)

    def _turned(
        self, material: Material, members: NDArray[np.int64], strain: Array, state: Array
    ) -> Response:
        if self.tree.rotations is None:
            return material.respond(strain, state)
        rotation = self.tree.rotations[members]
        local = (rotation.mT @ strain[..., None])[..., 0]
        response = material.respond(local, state)
        return Response(
            (rotation @ response.stress[..., None])[..., 0],
            response.state,
            rotation @ response.tangent @ rotation.mT,
        )
