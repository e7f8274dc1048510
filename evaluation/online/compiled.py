"""The compiled loops of the online schemes, compiled once a machine."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from evaluation.online import limits, source
from evaluation.online.structure import structure
from rve import mandel
from rve.kernels import build as kept
from rve.kernels import call
from rve.kernels.tile import LANES
from rve.materials import layout
from rve.materials.elastic import Elastic
from training.compiled import formulas
from training.network import initialise
from training.tree import prune

if TYPE_CHECKING:  # copied, not imported; here they are found as sources of a script
    from evaluation.online import iteration, judgement, loops  # noqa: F401

SINGLE, TILE = (0,), (0,) * LANES
"""Tuples as long as a tile has points."""

_KERNELS, _COPIED = "material_network_online_kernels", ("judgement", "iteration", "loops")
_SOURCES = (source, limits, layout, call, mandel, formulas)


def cache_folder() -> Path:
    """Where the compiled code is kept, named after its sources."""
    own = [Path(__file__).with_name(f"{name}.py") for name in ("compiled", "structure", *_COPIED)]
    return kept.cache_folder([*own, *(Path(str(module.__file__)) for module in _SOURCES)])


def _modules() -> dict[str, Callable[[], str]]:
    copies = {
        f"material_network_online_{name}": partial(
            Path(__file__).with_name(f"{name}.py").read_text, encoding="utf-8"
        )
        for name in _COPIED
    }
    return {_KERNELS: source.module, **copies}


@cache
def load() -> ModuleType:
    """The module `evaluation.online.loops`, compiled.

    Raises:
        InputError: the folder of the compiled code cannot be written, or the compiler failed.
    """
    folder = cache_folder()
    kept.compile_once(
        folder,
        "online",
        "compiling the online schemes, once on this machine: about a minute",
        _modules(),
        ["-c", "from evaluation.online import compiled; compiled.build()"],
    )
    return kept.import_modules(_modules(), folder)


def build() -> None:
    """Have the loops compiled for a single point and for a tile."""
    kept.vectorise()
    loops = kept.import_modules(_modules(), cache_folder())
    tree = prune(initialise("IMN", 1, np.random.default_rng(0)))
    network = structure(tree, (Elastic(np.eye(6)), Elastic(np.eye(6))), dense=True)
    for points in (SINGLE, TILE):
        work, L = loops.prepare(points, network), len(points)
        results = (
            np.zeros((2, 6 * L)),
            np.zeros((2, 6 * L)),
            np.zeros((2, L), dtype=np.int64),
            np.zeros((2, L), dtype=np.int64),
            np.zeros(L),
            np.zeros(L, dtype=np.int64),
        )
        for scheme in range(4):
            free, ends, shares = np.ones((1, 6 * L)), np.zeros((1, 6 * L)), np.ones((1, 6 * L))
            load = free, ends, shares, np.ones((1, L))
            loops.follow(points, network, work, *load, scheme, 1.0, 1, results)
        loops.tangents(points, network, work)
        strain, state = np.zeros((1, 6)), np.zeros((1, 13))
        answer = np.empty((1, 6)), np.empty((1, 13)), np.empty((1, 6, 6))
        loops.respond(points, network, (1.0, 1, 1.0), strain, state, *answer)
