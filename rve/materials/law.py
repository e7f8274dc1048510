"""Compiled material laws: one point function a law, for finite elements and networks alike.

A law is a frozen dataclass derived from `Law`, in a file of its own, with a point function written
as `rve.materials.lanes` tells. The file is copied and compiled once a machine, see
`rve.kernels.cache`. Point functions are called by their address, so that a driver that is
compiled once takes any law.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from inspect import getsourcefile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from rve.errors import ConvergenceError
from rve.kernels import cache as kept
from rve.kernels import tile
from rve.kernels.tile import LANES
from rve.materials import lanes
from rve.materials.material import Response

Array = NDArray[np.float64]

if TYPE_CHECKING:  # so that those who look for what a script depends on find it
    from rve.materials import points  # noqa: F401

_POINTS = Path(__file__).with_name("points.py")
_SHARED = [Path(str(module.__file__)) for module in (sys.modules[__name__], lanes, tile)]

_WRAPPERS = """

import numba as _numba


@_numba.cfunc("void(CPointer(float64), CPointer(float64))", cache=True)
def single(constants, tile):
    {function}(({one},), _numba.carray(constants, 1), _numba.carray(tile, 1))


@_numba.cfunc("void(CPointer(float64), CPointer(float64))", cache=True)
def tiled(constants, tile):
    {function}(({many},), _numba.carray(constants, 1), _numba.carray(tile, 1))
"""


class Law(ABC):
    """A compiled material law; with its elastic `stiffness` it is a `Material`.

    Attributes:
        state_size: number of internal variables.
        function: the point function, (lanes, constants, tile).
    """

    state_size: ClassVar[int]
    function: ClassVar[Callable[..., None]]

    @property
    @abstractmethod
    def constants(self) -> Array:
        """What the point function gets as its constants (k,)."""

    @abstractmethod
    def turned(self, rotation: Array) -> "Law":
        """The law of the same material turned by a Mandel rotation (6, 6)."""

    def respond(self, strain: Array, state: Array) -> Response:
        """Response of the law at n points; see `rve.materials.material.Material`.

        Raises:
            ConvergenceError: a strain is not finite, or the law found no stress.
        """
        stress, new_state = np.empty_like(strain), np.empty_like(state)
        tangent = np.empty((len(strain), 6, 6))
        _points().respond(
            address(self, LANES),
            self.constants,
            np.ascontiguousarray(strain),
            np.ascontiguousarray(state),
            stress,
            new_state,
            tangent,
        )
        if not np.isfinite(stress).all():
            lost = len(strain) - np.count_nonzero(np.isfinite(stress).all(axis=1))
            raise ConvergenceError(
                f"{type(self).__name__} found no stress at {lost} of {len(strain)} points: "
                "their strain is not finite, or its return mapping did not converge"
            )
        return Response(stress, new_state, tangent)


def address(law: Law, points: int) -> int:
    """Address of a law's point function for one point, or for the LANES of a tile."""
    module = _compiled_file(_file(law), law.function.__name__)
    return (module.single if points == 1 else module.tiled).address


def _file(law: Law) -> Path:
    path = getsourcefile(type(law))
    assert path is not None
    return Path(path)


@cache
def _compiled_file(path: Path, function: str) -> ModuleType:
    """A copy of a law's file, with the wrappers of its point function compiled."""
    folder = _law_folder(path)
    kept.compile_once(
        folder,
        function,
        f"compiling the material law {function}, once on this machine: seconds",
        ["-m", "rve.materials.law", str(path), function],
    )
    return _import_law(folder, path, function)


def _law_folder(path: Path) -> Path:
    return kept.cache_folder([path, *_SHARED])


def _import_law(folder: Path, path: Path, function: str) -> ModuleType:
    wrappers = _WRAPPERS.format(function=function, one="0", many=", ".join(["0"] * LANES))
    name = f"material_law_{function}_{folder.name}"
    return kept.import_copy(name, folder, lambda: path.read_text() + wrappers)


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


@cache
def _points() -> ModuleType:
    """The module `rve.materials.points`, compiled."""
    folder = _points_folder()
    kept.compile_once(
        folder,
        "points",
        "compiling the loop over material points, once on this machine: seconds",
        ["-m", "rve.materials.law"],
    )
    return _import_points(folder)


def _points_folder() -> Path:
    return kept.cache_folder([_POINTS, *_SHARED])


def _import_points(folder: Path) -> ModuleType:
    return kept.import_copy("material_points", folder, _POINTS.read_text)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        _import_points(_points_folder())
    else:
        path, function = Path(sys.argv[1]), sys.argv[2]
        _import_law(_law_folder(path), path, function)
