"""Compiled material laws: one point function a law, for finite elements and networks alike.

Point functions are called by their address, so that a driver that is compiled once takes any law.
"""

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from rve.kernels import build as kept
from rve.materials import layout
from rve.materials.material import Response
from rve.materials.recorded import RISING
from rve.materials.source import source_of

if TYPE_CHECKING:
    from rve.materials import points  # noqa: F401
    from rve.materials.law import Law

Array = NDArray[np.float64]

_POINTS = Path(__file__).with_name("points.py")


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
    folder = kept.cache_folder([text])
    # Laws of one name may have different texts: another number of backstresses, or another class.
    return _compiled(f"{name}_{folder.name}", folder, text, f"the material law {name}")


@cache
def _points() -> ModuleType:
    """The module `rve.materials.points`, compiled."""
    folder = kept.cache_folder([_POINTS, Path(__file__), Path(layout.__file__)])
    text = _POINTS.read_text(encoding="utf-8")
    return _compiled("material_points", folder, text, "the loop over material points")


def _compiled(name: str, folder: Path, text: str, what: str) -> ModuleType:
    kept.compile_once(
        folder,
        name,
        f"compiling {what}, once on this machine: seconds",
        {name: lambda: text},
        ["-m", "rve.kernels.build", str(folder), name],
    )
    return kept.import_modules([name], folder)


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
    _points().respond(
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


@intrinsic
def call(typing_context, address, constants, tile):
    """Call the point function at an address with arrays of its constants and its tile."""
    signature = types.void(address, constants, tile)

    def generate(context, builder, signature, arguments):
        from llvmlite import ir

        pointer = ir.DoubleType().as_pointer()
        function = ir.FunctionType(ir.VoidType(), [pointer, pointer]).as_pointer()
        data = [
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[1:], arguments[1:], strict=True)
        ]
        builder.call(builder.inttoptr(arguments[0], function), data)
        return context.get_dummy_value()

    return signature, generate
