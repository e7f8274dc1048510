"""Numba source of a compiled law, written from its formulas."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rve.kernels.formula import Recording
from rve.kernels.graph import Expression, evaluate
from rve.kernels.numba_source import HEADER, kernel, looked_up
from rve.kernels.tile import LANES
from rve.materials.recorded import FOUND, MAX_ITERATIONS, SEARCHING, record

if TYPE_CHECKING:
    from rve.materials.law import Declared, Law

Array = NDArray[np.float64]

_IMPORTS = """
import numpy as np
from numba import carray, cfunc
"""
_EXPLICIT = """
@njit
def point(lanes, constants, tile):
    finish(lanes, 1, 1.0, constants, 0, tile, 0)
"""
_IMPLICIT = """
@njit
def point(lanes, constants, tile):
    L = len(lanes)
    start(lanes, 1, 1.0, constants, 0, tile, 0)
    for _ in range({iterations}):
        iterate(lanes, 1, 1.0, constants, 0, tile, 0)
        searching = False
        for s in range(L):
            searching |= tile[0, 0, {going} * L + s] == {SEARCHING}
        if not searching:
            break
    for s in range(L):
        if tile[0, 0, {going} * L + s] != {FOUND}:
            tile[0, 0, {x} * L + s] = np.nan
    finish(lanes, 1, 1.0, constants, 0, tile, 0)
"""
_ENTRY = """
@cfunc("void(CPointer(float64), CPointer(float64))", cache=True)
def {name}(constants, tile):
    point(({lanes},), carray(constants, (1, 1)), carray(tile, (1, 1, 1)))
"""


@dataclass(frozen=True)
class Source:
    """A law as source.

    Attributes:
        text: of a module with the point functions `single` and `tiled`.
        constants: expressions, by the law's parameters, of the constants that these take.
        width: number of entries of a tile.
        skew: entry where the skew part of the tangent begins; -1 for a symmetric one.
        going: entry that tells how the search for the unknown ended; -1 without one.
        timed: whether the duration of a step enters the formulas.
    """

    text: str
    constants: Sequence[Expression]
    width: int
    skew: int
    going: int
    timed: bool

    def values(self, law: "Law") -> Array:
        """The constants (k,) of a law of this source."""
        return np.array(evaluate(self.constants, parameters(law)), dtype=float)


def parameters(declared: "Declared") -> dict[str, float]:
    """The parameters of a law, number by number, by the names of its recorded inputs."""
    return {
        f"{one.name}{i}": value
        for one in fields(declared)
        for i, value in enumerate(np.ravel(getattr(declared, one.name)).astype(float))
    }


_known: dict[Any, Source] = {}


def source_of(law: "Law") -> Source:
    """Source of a law; laws of one class whose parameters have the same shapes share it.

    Its text is the same for tables of any length that are looked up.
    """
    shapes = (np.shape(getattr(law, one.name)) for one in fields(law))
    key = type(law), *shapes
    if key not in _known:
        _known[key] = _written(law)
    return _known[key]


def _written(law: "Law") -> Source:
    recorded = record(law)
    kernels, width = [], recorded.width
    for name, one in recorded.kernels.items():
        lookups = looked_up(one.writes, one.reads, recorded.width)
        width = max(width, recorded.width + sum(map(len, lookups)))
        recording = Recording(["constants", "tile"], one.reads, one.writes)
        kernels.append(kernel(name, recording, *lookups))
    point, implicit = _EXPLICIT, "iterate" in recorded.kernels
    if implicit:
        point = _IMPLICIT.format(
            iterations=MAX_ITERATIONS,
            x=recorded.unknown,
            going=recorded.going,
            FOUND=float(FOUND),
            SEARCHING=float(SEARCHING),
        )
    entries = (
        _ENTRY.format(name=name, lanes=", ".join("0" * count))
        for name, count in (("single", 1), ("tiled", LANES))
    )
    text = "\n".join([HEADER + _IMPORTS, *kernels, point, *entries])
    return Source(
        text=text,
        constants=recorded.constants,
        width=width,
        skew=recorded.skew,
        going=recorded.going if implicit else -1,
        timed=recorded.timed,
    )
