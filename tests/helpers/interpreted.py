"""J2 plasticity in plain numpy, to test the compiled law and the schemes against.

The states of base nodes are in their own frames, which those of the compiled schemes are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rve.errors import ConvergenceError
from rve.mandel import DEVIATORIC_PROJECTION, IDENTITY
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.material import Response
from training.tree import Tree

Array = NDArray[np.float64]


def respond(law: Any, strain: Array, state: Array) -> Response:
    """Response of a law at n points; see `rve.materials.material.Material`."""
    if isinstance(law, Elastic):
        tangent = np.broadcast_to(law.stiffness, (len(strain), 6, 6))
        return Response(strain @ law.stiffness, state, tangent)
    assert isinstance(law, J2Plasticity)
    return _j2(law, strain, state)


@dataclass(frozen=True)
class PlainLaw:
    """An elastic or J2 law whose responses are those of this module."""

    law: Any

    @property
    def state_size(self) -> int:
        return self.law.state_size

    @property
    def stiffness(self) -> Array:
        return self.law.stiffness

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        return respond(self.law, strain, state)


def flow_stress(law: J2Plasticity, p: Array) -> Array:
    return law.yield_stress + law.H * p + law.Q * -np.expm1(-law.b * p)


def hardening_modulus(law: J2Plasticity, p: Array) -> Array:
    return law.H + law.Q * law.b * np.exp(-law.b * p)


def _j2(law: J2Plasticity, strain: Array, state: Array) -> Response:
    bulk = law.youngs_modulus / (3 * (1 - 2 * law.poisson_ratio))
    shear = law.youngs_modulus / (2 * (1 + law.poisson_ratio))
    plastic_strain, p = state[:, :6], state[:, 6]
    deviator = 2 * shear * (strain @ DEVIATORIC_PROJECTION - plastic_strain)
    norm = np.linalg.norm(deviator, axis=1)
    equivalent = np.sqrt(1.5) * norm
    yielding = equivalent * (1 - 1e-12) > flow_stress(law, p)

    growth = np.zeros_like(p)
    growth[yielding] = _return_map(law, equivalent[yielding], p[yielding], shear)
    direction = deviator / np.where(norm > 0, norm, 1)[:, None]
    kept = np.ones_like(p)
    kept[yielding] -= 3 * shear * growth[yielding] / equivalent[yielding]

    stress = kept[:, None] * deviator + bulk * (strain @ IDENTITY)[:, None] * IDENTITY
    new = np.column_stack([plastic_strain + np.sqrt(1.5) * growth[:, None] * direction, p + growth])
    softening = kept - 1 + yielding / (1 + hardening_modulus(law, p + growth) / (3 * shear))
    tangent = (
        bulk * np.outer(IDENTITY, IDENTITY)
        + 2 * shear * kept[:, None, None] * DEVIATORIC_PROJECTION
        - 2 * shear * softening[:, None, None] * direction[:, :, None] * direction[:, None, :]
    )
    return Response(stress, new, tangent)


def _return_map(law: J2Plasticity, equivalent: Array, p: Array, shear: float) -> Array:
    growth = np.zeros_like(p)
    for _ in range(50):
        excess = equivalent - 3 * shear * growth - flow_stress(law, p + growth)
        if (np.abs(excess) <= 1e-13 * equivalent).all():
            return growth
        growth += excess / (3 * shear + hardening_modulus(law, p + growth))
    raise ConvergenceError("the return mapping of J2 plasticity did not converge")


class BaseNodes:
    """Material laws at the base nodes, each in the frame of its node."""

    def __init__(self, tree: Tree, materials: Sequence[Any]) -> None:
        self.tree, self.materials = tree, materials
        self.members = [np.flatnonzero(tree.phases == i) for i in range(len(materials))]

    def virgin(self) -> tuple[Array, ...]:
        return tuple(
            np.zeros((len(members), material.state_size))
            for members, material in zip(self.members, self.materials, strict=True)
        )

    def respond(
        self, strain: Array, states: tuple[Array, ...]
    ) -> tuple[Array, Array, tuple[Array, ...]]:
        """Stress (n, 6), tangent (n, 6, 6) and new states for the strains (n, 6)."""
        stress, tangent = np.empty_like(strain), np.empty((len(strain), 6, 6))
        new_states = []
        for members, material, state in zip(self.members, self.materials, states, strict=True):
            turn = np.broadcast_to(np.eye(6), (len(members), 6, 6))
            if self.tree.rotations is not None:
                turn = self.tree.rotations[members]
            local = (turn.mT @ strain[members][..., None])[..., 0]
            response = respond(material, local, state)
            stress[members] = (turn @ response.stress[..., None])[..., 0]
            tangent[members] = turn @ response.tangent @ turn.mT
            new_states.append(response.state)
        return stress, tangent, tuple(new_states)
