"""The compiled functions: generated kernels and the loops over them, compiled once a machine."""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from rve import mandel
from rve.kernels import cache as kept
from rve.kernels.tile import ENTRIES
from training.fused.source import module
from training.fused.structure import structure
from training.fused.workspace import TILE, workspace

if TYPE_CHECKING:  # copied, not imported; here they are found as sources of a script
    from training.fused import loops, parameters  # noqa: F401

_KERNELS, _COPIED = "material_network_kernels", ("parameters", "loops")


def cache_folder() -> Path:
    """Where compiled code is kept, named after its sources and the Mandel basis."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return kept.cache_folder([*own, Path(mandel.__file__)])


def _modules() -> dict[str, Callable[[], str]]:
    copies = {
        f"material_network_{name}": Path(__file__).with_name(f"{name}.py").read_text
        for name in _COPIED
    }
    return {_KERNELS: module, **copies}


@cache
def load(precision: str = "float64") -> ModuleType:
    """The module `training.fused.loops`, compiled for stiffnesses of this precision.

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
        ["-m", "training.fused.compiled", precision],
    )
    loops = kept.import_modules(_modules(), folder)
    _train_a_little(loops, precision)
    return loops


def _train_a_little(loops: ModuleType, precision: str) -> None:
    """Have the functions that a training calls compiled, or loaded, in this order."""
    data, order = np.ones((2, 4 * ENTRIES), dtype=precision), np.arange(2)
    z, angles = np.ones(2), np.zeros((1, 2))
    moments = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 2))
    shape = structure("IMN", z > 0, orthotropic=False)
    memory = workspace(shape, data.dtype, 1)
    loops.run_steps(TILE, data, order, 0, 2, z, angles, shape, memory, 1.0, 1.0, 0.0, 0, moments)
    loops.measure(TILE, data, data, data, z, angles, shape, memory, 1.0, 1.0)
    by_z, by_angles = np.empty_like(z), np.empty_like(angles)
    loops.slopes(TILE, data, order, z, angles, shape, memory, 1.0, 1.0, by_z, by_angles)


if __name__ == "__main__":
    kept.vectorise()
    _train_a_little(kept.import_modules(_modules(), cache_folder()), sys.argv[1])
