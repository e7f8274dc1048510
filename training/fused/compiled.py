"""The compiled functions: generated kernels and the loops over them, compiled once a machine.

Everything that is compiled depends on the sources of this package, on the Mandel basis, on the
compiler's version and on the processor, as machines of a cluster may share a home. So it is kept in
a folder named after them, in the user's cache, where no stale code can be met.
"""

import hashlib
import importlib.util
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
from filelock import FileLock
from llvmlite import binding
from numba import config

from rve import mandel
from rve.errors import InputError
from rve.files import replacing
from training.fused.source import ENTRIES, module
from training.fused.structure import structure

logger = logging.getLogger(__name__)

# LLVM's loop vectoriser gives up on bodies with many arrays, and on loops as short as a tile's,
# unless it is told to try harder.
for _option in ("-memory-check-merge-threshold=100000", "-vectorizer-min-trip-count=4"):
    binding.set_option("loops over tiles", _option)

_KERNELS, _LOOPS = "material_network_kernels", "material_network_loops"


def cache_folder() -> Path:
    """Where compiled code is kept: below XDG_CACHE_HOME, or ~/.cache."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {processor}".encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(mandel.__file__)):
        digest.update(path.read_bytes())
    return root / "material-network-study" / digest.hexdigest()[:16]


@cache
def load(precision: str = "float64") -> ModuleType:
    """The module `training.fused.loops`, compiled for stiffnesses of this precision.

    The first process on a machine compiles, which takes about a minute; others wait for it. It
    does so in a process of its own, and every process that trains loads the same functions in the
    same order: copies of a kernel that were compiled within different functions round differently,
    and the first one that is loaded is used.

    Raises:
        InputError: the folder of the compiled code cannot be written.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lock").touch()
    except OSError as error:
        raise InputError(
            f"compiled code cannot be kept in {folder}: {error.strerror}; "
            "let XDG_CACHE_HOME name a folder that can be written"
        ) from error
    ready = folder / f"ready_{precision}"
    with FileLock(folder / "lock"):
        if not ready.exists():
            logger.info("compiling the training kernels, once on this machine: about a minute")
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
            command = [sys.executable, "-m", "training.fused.compiled", precision]
            subprocess.run(command, env=environment, check=True)
            ready.touch()
        loops = _import_loops(folder)
        _train_a_little(loops, precision)
    return loops


def _import_loops(folder: Path) -> ModuleType:
    """Import kernels and loops from copies in the folder, so that no checkout has its own code."""
    loops = Path(__file__).with_name("loops.py")
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)  # type: ignore[attr-defined]
    try:
        _import(_KERNELS, folder, module)
        return _import(_LOOPS, folder, loops.read_text)
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]


def _train_a_little(loops: ModuleType, precision: str) -> None:
    """Have the two functions that a training calls compiled, or loaded, in this order."""
    data, order = np.ones((2, 3 * ENTRIES + 1), dtype=precision), np.arange(2)
    z, angles = np.ones(2), np.zeros((1, 2))
    moments = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 2))
    shape = structure("IMN", z > 0, orthotropic=False)
    loops.run_steps(data, order, 0, 2, z, angles, shape, 1.0, 1.0, 0.0, 0, moments)
    loops.measure(data, z, angles, shape)


def _import(name: str, folder: Path, text: Callable[[], str]) -> ModuleType:
    """Import a module of the folder, written there before if it is new."""
    if name in sys.modules:
        return sys.modules[name]
    path = folder / f"{name}.py"
    if not path.exists():
        with replacing(path) as temporary:
            temporary.write_text(text())
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    imported = importlib.util.module_from_spec(specification)
    sys.modules[name] = imported
    specification.loader.exec_module(imported)
    return imported


if __name__ == "__main__":
    _train_a_little(_import_loops(cache_folder()), sys.argv[1])
