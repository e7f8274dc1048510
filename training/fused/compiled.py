"""The compiled functions: generated kernels and the loops over them, compiled once a machine."""

import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from llvmlite import binding

from rve import mandel
from rve.kernels import cache as kept
from rve.kernels import graph, stack, tile
from rve.kernels.cache import compile_once, import_copy
from rve.kernels.tile import ENTRIES
from training.fused.source import LANES, module
from training.fused.structure import structure
from training.fused.workspace import workspace

if TYPE_CHECKING:  # so that those who look for what a script depends on find it
    from training.fused import loops, parameters  # noqa: F401

_KERNELS, _COPIED = "material_network_kernels", ("parameters", "loops")


def cache_folder() -> Path:
    """Where compiled code is kept, named after its sources, the tiles and the Mandel basis."""
    own = sorted(Path(__file__).parent.glob("*.py"))
    return kept.cache_folder([*own, *(Path(str(m.__file__)) for m in (mandel, tile, graph, stack))])


@cache
def load(precision: str = "float64") -> ModuleType:
    """The module `training.fused.loops`, compiled for stiffnesses of this precision.

    Every process that trains loads the same functions in the same order: copies of a kernel that
    were compiled within different functions round differently, and the first one that is loaded is
    used.

    Raises:
        InputError: the folder of the compiled code cannot be written.
    """
    folder = cache_folder()
    compile_once(
        folder,
        precision,
        "compiling the training kernels, once on this machine: about a minute",
        ["-m", "training.fused.compiled", precision],
    )
    loops = _import_loops(folder)
    _train_a_little(loops, precision)
    return loops


def _import_loops(folder: Path) -> ModuleType:
    import_copy(_KERNELS, folder, module)
    for name in _COPIED:
        text = Path(__file__).with_name(f"{name}.py").read_text
        loops = import_copy(f"material_network_{name}", folder, text)
    return loops


def _train_a_little(loops: ModuleType, precision: str) -> None:
    """Have the two functions that a training calls compiled, or loaded, in this order."""
    data, order = np.ones((2, 3 * ENTRIES + 1), dtype=precision), np.arange(2)
    z, angles = np.ones(2), np.zeros((1, 2))
    moments = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 2))
    shape = structure("IMN", z > 0, orthotropic=False)
    memory = workspace(shape, data.dtype, 1)
    loops.run_steps(data, order, 0, 2, z, angles, shape, memory, 1.0, 1.0, 0.0, 0, moments)
    loops.measure(data, data, z, angles, shape, memory, 1.0, 1.0)


def vectorise() -> None:
    """Have LLVM vectorise loops over tiles.

    It gives up on bodies with many arrays, and on loops as short as a tile's, unless it is told to
    try harder, and leaves half the width of AVX-512 unused.
    """
    options = ["-memory-check-merge-threshold=100000", "-vectorizer-min-trip-count=4"]
    if binding.get_host_cpu_features().get("avx512f"):
        options.append(f"-force-vector-width={LANES}")
    for option in options:
        binding.set_option("", option)


if __name__ == "__main__":
    vectorise()
    _train_a_little(_import_loops(cache_folder()), sys.argv[1])
