"""Compiled material laws: one point function a law, for finite elements and networks alike.

Point functions are called by their address, so that a driver that is compiled once takes any law.
"""

import hashlib
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rve.kernels.build import compiled_text
from rve.materials import points
from rve.materials.material import Response
from rve.materials.recorded import RISING
from rve.materials.source import source_of

if TYPE_CHECKING:
    from rve.materials.law import Law

Array = NDArray[np.float64]


class CompiledLaw(NamedTuple):
    """A law that can be called.

    Attributes:
        constants: what its point function gets (k,).
        single: address of its point function for one point.
        tiled: the same for the LANES points of a tile.
        width: number of entries of its tiles.
        skew: entry where the skew part of its tangent begins; -1 for a symmetric one.
        going: entry that tells how the search for its unknown ended; -1 without one.
    """

    constants: Array
    single: int
    tiled: int
    width: int
    skew: int
    going: int


def compiled_law(law: "Law") -> CompiledLaw:
    """The point functions of a law, compiled once a machine, and its constants.

    Raises:
        InputError: the folder of the compiled code cannot be written.
    """
    source = source_of(law)
    module = _module(type(law).__name__, source.text)
    return CompiledLaw(
        source.values(law),
        module.single.address,
        module.tiled.address,
        source.width,
        source.skew,
        source.going,
    )


@cache
def _module(name: str, text: str) -> ModuleType:
    # Laws of one name may have different texts: another number of backstresses, or another class.
    return compiled_text(
        f"{name}_{hashlib.sha256(text.encode()).hexdigest()[:16]}",
        text,
        f"compiling the material law {name}, once on this machine: seconds",
    )


def respond(
    law: "Law", strain: Array, state: Array, duration: float
) -> tuple[Response, NDArray[np.bool_]]:
    """Response of a law at n points, see `rve.materials.material.Material`.

    Returns:
        The response, and at which points (n,) drive less resistance was found to rise.
    """
    one = law.compiled
    stress, new_state = np.empty(strain.shape), np.empty(state.shape)
    tangent, outcome = np.empty((len(strain), 6, 6)), np.zeros(len(strain))
    points.respond(
        one.tiled,
        one.constants,
        one.width,
        one.skew,
        one.going,
        np.ascontiguousarray(strain),
        np.ascontiguousarray(state),
        float(duration),
        stress,
        new_state,
        tangent,
        outcome,
    )
    return Response(stress, new_state, tangent), outcome == RISING
