"""The compiled functions: generated kernels and the loops over them, compiled once a machine."""

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from rve import mandel
from rve.dataset.moments import STEPS
from rve.kernels import build as kept
from rve.kernels.tile import ENTRIES
from training.compiled import flow
from training.compiled.source import module
from training.compiled.structure import structure
from training.compiled.workspace import TILE, lanes, workspace

if TYPE_CHECKING:  # copied, not imported; here they are found as sources of a script
    from training.compiled import flow_loops, loops, parameters  # noqa: F401

_KERNELS, _COPIED = "material_network_kernels", ("parameters", "loops", "flow_loops")


def cache_folder() -> Path:
    """Where compiled code is kept, named after its sources and the Mandel basis."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return kept.cache_folder([*own, Path(mandel.__file__)])


def _modules() -> dict[str, Callable[[], str]]:
    copies = {
        f"material_network_{name}": partial(
            Path(__file__).with_name(f"{name}.py").read_text, encoding="utf-8"
        )
        for name in _COPIED
    }
    return {_KERNELS: module, **copies}


@cache
def load(precision: str = "float64") -> SimpleNamespace:
    """The functions of `training.compiled.loops`, compiled for stiffnesses of this precision.

    Those of `training.compiled.flow_loops` are there, too, in double precision.

    Every process that trains loads the same functions in the same order. A kernel is compiled once
    within each function that calls it; these copies round differently, and the first one that is
    loaded is used.

    Raises:
        InputError: the folder of the compiled code cannot be written, or the compiler failed.
    """
    folder = cache_folder()
    kept.compile_once(
        folder,
        precision,
        "compiling the training kernels, once on this machine: about a minute",
        _modules(),
        ["-m", "training.compiled.compiled", precision],
    )
    functions = _functions(folder)
    _train_a_little(functions, precision)
    return functions


def _functions(folder: Path) -> SimpleNamespace:
    """All functions of the copied modules."""
    kept.import_modules(_modules(), folder)
    copies = [sys.modules[f"material_network_{name}"] for name in _COPIED]
    return SimpleNamespace(**{name: f for copy in copies for name, f in vars(copy).items()})


def _train_a_little(loops: SimpleNamespace, precision: str) -> None:
    """Have the functions that a training calls compiled, or loaded, in this order."""
    data, order = np.ones((2, 4 * ENTRIES), dtype=precision), np.arange(2)
    tile = (0,) * lanes(precision)
    z, angles = np.ones(2), np.zeros((1, 2))
    moments = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 2))
    shape = structure("IMN", z > 0, orthotropic=False)
    memory = workspace(shape, data.dtype, 1)
    loops.run_steps(tile, data, order, 0, 2, z, angles, shape, memory, 1.0, 1.0, 0.0, 0, moments)
    loops.measure(tile, data, data, z, angles, shape, memory, 1.0, 1.0)
    by_z, by_angles = np.empty_like(z), np.empty_like(angles)
    loops.slopes(tile, data, order, z, angles, shape, memory, 1.0, 1.0, by_z, by_angles)
    loops.move(z, angles, shape, by_z, by_angles, 0.0, 1, moments)
    double, pairs = workspace(shape, np.float64, 1), np.ones((2, 2 * ENTRIES + 6))
    of_pairs = pairs, np.ones((2, STEPS)), np.ones(2), order
    own = flow.memory(shape, 0)
    loops.moments_slopes(TILE, *of_pairs, 0, z, angles, shape, double, own, by_z, by_angles)


if __name__ == "__main__":
    kept.vectorise(lanes(sys.argv[1]))
    _train_a_little(_functions(cache_folder()), sys.argv[1])
