"""The compiled functions: generated kernels and the loops over them, compiled once a machine.

Everything that is compiled depends on the sources of this package, on the Mandel basis and on the
compiler's version. So it is kept in a folder named after them, in the user's cache, where no stale
code can be met.
"""

import hashlib
import importlib.util
import logging
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numba
import numpy as np
from filelock import FileLock
from numba import config

from rve import mandel
from rve.errors import InputError
from rve.files import replacing
from training.fused.source import ENTRIES, module
from training.fused.structure import structure

logger = logging.getLogger(__name__)

_KERNELS = "material_network_kernels"


def cache_folder() -> Path:
    """Where compiled code is kept: below XDG_CACHE_HOME, or ~/.cache."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(f"{sys.version} {numba.__version__}".encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(mandel.__file__)):
        digest.update(path.read_bytes())
    return root / "material-network-study" / digest.hexdigest()[:16]


@cache
def load() -> ModuleType:
    """The module `training.fused.loops`, its functions compiled.

    The first process on a machine compiles, which takes about a minute; others wait for it.

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
    ready = folder / "ready"
    with FileLock(folder / "lock"):
        kernels = folder / f"{_KERNELS}.py"
        if not kernels.exists():
            with replacing(kernels) as temporary:
                temporary.write_text(module())
        _import(_KERNELS, kernels)
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)  # type: ignore[attr-defined]
        try:
            from training.fused import loops
        finally:
            config.CACHE_DIR = before  # type: ignore[attr-defined]
        if not ready.exists():
            logger.info("compiling the training kernels, once on this machine: about a minute")
            _compile(loops)
            ready.touch()
    return loops


def _compile(loops: ModuleType) -> None:
    """Have everything compiled in double precision, by one step of a tiny network."""
    data, order = np.ones((2, 3 * ENTRIES + 1)), np.arange(2)
    z, angles = np.ones(2), np.zeros((1, 2))
    moments = np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((1, 2)), np.zeros((1, 2))
    shape = structure("IMN", z > 0)
    loops.run_steps(data, order, 0, 2, z, angles, shape, 1.0, 1.0, 0.0, 0, moments)
    loops.measure(data, z, angles, shape)


def _import(name: str, path: Path) -> None:
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
