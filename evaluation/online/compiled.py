"""The compiled loops of the online schemes, compiled once a machine."""

from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from evaluation.online import source
from evaluation.online.structure import structure
from rve import mandel
from rve.kernels import cache as kept
from rve.kernels import graph, tile
from rve.kernels.tile import LANES
from rve.materials import lanes, law
from rve.materials.elastic import Elastic
from training.fused import formulas
from training.network import initialise
from training.tree import prune

if TYPE_CHECKING:  # so that those who look for what a script depends on find it
    from evaluation.online import iteration, loops  # noqa: F401

SINGLE, TILE = (0,), (0,) * LANES
"""Tuples as long as a tile has points."""

_KERNELS, _COPIED = "material_network_online_kernels", ("iteration", "loops")
_SOURCES = (source, lanes, law, mandel, tile, graph, formulas)


def cache_folder() -> Path:
    """Where the compiled code is kept, named after its sources."""
    own = [Path(__file__).with_name(f"{name}.py") for name in ("compiled", "structure", *_COPIED)]
    return kept.cache_folder([*own, *(Path(str(module.__file__)) for module in _SOURCES)])


@cache
def load() -> ModuleType:
    """The module `evaluation.online.loops`, compiled.

    Raises:
        InputError: the folder of the compiled code cannot be written.
    """
    folder = cache_folder()
    kept.compile_once(
        folder,
        "online",
        "compiling the online schemes, once on this machine: about a minute",
        ["-c", "from evaluation.online import compiled; compiled.build()"],
    )
    return _import_loops(folder)


def _import_loops(folder: Path) -> ModuleType:
    kept.import_copy(_KERNELS, folder, source.module)
    for name in _COPIED:
        text = Path(__file__).with_name(f"{name}.py").read_text
        loops = kept.import_copy(f"material_network_online_{name}", folder, text)
    return loops


def build() -> None:
    """Have the loops compiled for a single point and for a tile."""
    loops = _import_loops(cache_folder())
    tree = prune(initialise("IMN", 1, np.random.default_rng(0)))
    network = structure(tree, (Elastic(np.eye(6)), Elastic(np.eye(6))), dense=True)
    for points in (SINGLE, TILE):
        work, L = loops.prepare(points, network), len(points)
        results = (
            np.zeros((2, 6 * L)),
            np.zeros((2, 6 * L)),
            np.zeros((2, L), dtype=np.int64),
            np.zeros(L),
            np.zeros(L, dtype=np.int64),
        )
        targets = np.zeros((1, 6 * L))
        for scheme in range(4):
            loops.follow(points, network, work, np.ones(6 * L), targets, scheme, 1.0, 1, results)
        strain, state = np.zeros((1, 6)), np.zeros((1, 12))
        answer = np.empty((1, 6)), np.empty((1, 12)), np.empty((1, 6, 6))
        loops.respond(points, network, (1.0, 1), strain, state, *answer)
