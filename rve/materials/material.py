"""What a material law offers, to the finite elements and to the networks alike."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from rve.arrays import Array
from rve.errors import InputError


class Response(NamedTuple):
    """Answer of a law at n points: stress (n, 6) GPa, state (n, s), tangent (n, 6, 6) GPa."""

    stress: Array
    state: Array
    tangent: Array


def points_of(law: Any, strain: Any, state: Any) -> tuple[Array, Array]:
    """Strains (n, 6) and states (n, s) of points of a material, in one order in memory.

    Raises:
        InputError: they have other shapes.
    """
    strain, state = (np.ascontiguousarray(values, dtype=float) for values in (strain, state))
    if strain.shape != (len(strain), 6) or state.shape != (len(strain), law.state_size):
        raise InputError(
            f"{type(law).__name__}: expected strain (n, 6) and state (n, {law.state_size}), "
            f"got {strain.shape} and {state.shape}"
        )
    return strain, state


@dataclass(frozen=True)
class Step:
    """A step of one point, as the equations of a law see it.

    Attributes:
        strain: total strain (6,) at its end, Mandel.
        duration: of the step, s.
        old: internal variables at its start, by name: numbers, or arrays (n,).
    """

    strain: Any
    duration: Any
    old: Any


@runtime_checkable
class Material(Protocol):
    """A law in total strains: the state at the end of a step follows from that at its start.

    Laws of your own derive from `rve.materials.law.Law`. A network is a material, too, as
    `evaluation.online.NetworkLaw`.

    Example:
        >>> from rve.materials import J2Plasticity, Material
        >>> isinstance(J2Plasticity(70.0, 0.33, yield_stress=0.3), Material)
        True
    """

    @property
    def state_size(self) -> int:
        """Number s of internal variables a point."""

    @property
    def stiffness(self) -> Array:
        """Elastic stiffness (6, 6), GPa, Mandel."""

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        """Response at the end of a step.

        Args:
            strain: total strain (n, 6) at the end of the step, Mandel.
            state: internal variables (n, s) at its start; zeros for the virgin material.
            duration: of the step, s; laws that do not depend on the rate ignore it.
        """
