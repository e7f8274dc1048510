"""The point functions of a law: written from its equations, compiled, called.

They are called by their addresses, so that a loop that is compiled once takes any law. Their text
is kept beside what is compiled from it, see `rve.kernels.build`.
"""

from dataclasses import fields, replace
from functools import cache
from hashlib import sha256
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from rve.kernels.build import compiled_text
from rve.kernels.graph import evaluate
from rve.kernels.numba_source import HEADER, kernel, looked_up
from rve.kernels.tile import LANES
from rve.materials.equations import Declared, Equations
from rve.materials.layout import PointFunctions
from rve.materials.recorded import FOUND, MAX_ITERATIONS, SEARCHING, Recorded, record

_IMPORTS = """
import numpy as np
from numba import carray, cfunc
"""
_EXPLICIT = """
@njit(**BORROWING)
def point(lanes, constants, tile):
    finish((lanes, 1, 1.0), (constants, 0), (tile, 0))
"""
_IMPLICIT = """
@njit(**BORROWING)
def point(lanes, constants, tile):
    L = len(lanes)
    start((lanes, 1, 1.0), (constants, 0), (tile, 0))
    for _ in range({iterations}):
        iterate((lanes, 1, 1.0), (constants, 0), (tile, 0))
        searching = False
        for s in range(L):
            searching |= tile[0, 0, {going} * L + s] == {SEARCHING}
        if not searching:
            break
    for s in range(L):
        if tile[0, 0, {going} * L + s] != {FOUND}:
            tile[0, 0, {x} * L + s] = np.nan
    finish((lanes, 1, 1.0), (constants, 0), (tile, 0))
"""
_ENTRY = """
@cfunc("void(CPointer(float64), CPointer(float64))", cache=True)
def {name}(constants, tile):
    point(({lanes},), carray(constants, (1, 1)), carray(tile, (1, 1, 1)))
"""


class LawSource(NamedTuple):
    """The point functions of a law as the text of a module with `single` and `tiled`."""

    text: str
    recorded: Recorded


_known: dict[Any, LawSource] = {}


def law_source(law: Equations) -> LawSource:
    """The text of a law; laws of one class whose parameters have the same shapes share it.

    It is the same for tables of any length that are looked up.
    """
    key = type(law), *(np.shape(getattr(law, one.name)) for one in fields(law))
    if key not in _known:
        _known[key] = _recorded_source(law)
    return _known[key]


def _recorded_source(law: Equations) -> LawSource:
    recorded = record(law)
    kernels, width = [], recorded.width
    for name, one in recorded.kernels.items():
        lookups = looked_up(one.writes, one.reads, recorded.width)
        width = max(width, recorded.width + sum(map(len, lookups)))
        kernels.append(kernel(name, one, *lookups))
    point = (_IMPLICIT if "iterate" in recorded.kernels else _EXPLICIT).format(
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
    # Beside the entries of the kernels, a tile holds what is looked up.
    return LawSource(text, replace(recorded, width=width))


def compile_law(law: Equations) -> PointFunctions:
    """The point functions of a law, compiled once a machine, and its constants."""
    text, recorded = law_source(law)
    module = _module(type(law).__name__, text)
    return PointFunctions(
        np.array(evaluate(recorded.constants, _parameters(law)), dtype=float),
        module.single.address,
        module.tiled.address,
        recorded.width,
        recorded.skew,
        recorded.going,
    )


def _parameters(declared: Declared) -> dict[str, float]:
    """The parameters of a law, number by number, by the names of its recorded inputs."""
    return {
        f"{one.name}{i}": value
        for one in fields(declared)
        for i, value in enumerate(np.ravel(getattr(declared, one.name)).astype(float))
    }


@cache
def _module(name: str, text: str) -> ModuleType:
    # Laws of one name may have different texts: another number of backstresses, or another class.
    return compiled_text(
        f"{name}_{sha256(text.encode()).hexdigest()[:16]}",
        text,
        f"compiling the material law {name}, once on this machine: seconds",
    )
