"""Compiled code that is kept: once a machine, in the user's cache, for all checkouts.

Numba's own cache lies beside each source file. Here the sources are copied into a folder named
after all that the machine code depends on, the processor too, as machines of a cluster may share a
home, and compiled there: no stale code can be met, no checkout holds any, and a fresh clone finds
what another has compiled.
"""

import hashlib
import importlib.util
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType

import numba
from filelock import FileLock
from llvmlite import binding
from numba import config

from rve.errors import InputError
from rve.files import replacing

logger = logging.getLogger(__name__)


def cache_folder(sources: Iterable[Path]) -> Path:
    """Folder of the code compiled from these files: below XDG_CACHE_HOME, or ~/.cache."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {processor}".encode())
    for path in (*sources, Path(__file__)):
        digest.update(path.read_bytes())
    return root / "material-network-study" / digest.hexdigest()[:16]


def compile_once(folder: Path, name: str, message: str, command: Sequence[str]) -> None:
    """Run the python command that fills a folder with compiled code, unless this is done.

    The first process on a machine does it, others wait. It does so in a process of its own, so
    that all processes, the first included, load the same code.

    Args:
        folder: from `cache_folder`.
        name: of what is compiled, among all in this folder.
        message: told when it has to be compiled.
        command: arguments of the python interpreter.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lock").touch()
    except OSError as error:
        raise InputError(
            f"compiled code cannot be kept in {folder}: {error.strerror}; "
            "let XDG_CACHE_HOME name a folder that can be written"
        ) from error
    ready = folder / f"ready_{name}"
    with FileLock(folder / "lock"):
        if not ready.exists():
            logger.info(message)
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
            # What the compiler remarks is of no use, unless it fails.
            subprocess.run(
                [sys.executable, *command], env=environment, stderr=subprocess.PIPE, check=True
            )
            ready.touch()


def import_copy(name: str, folder: Path, text: Callable[[], str]) -> ModuleType:
    """Import a module of the folder, written there before if it is new."""
    if name in sys.modules:
        return sys.modules[name]
    path = folder / f"{name}.py"
    if not path.exists():
        with replacing(path) as temporary:
            temporary.write_text(text())
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)  # type: ignore[attr-defined]
    try:
        specification = importlib.util.spec_from_file_location(name, path)
        assert specification is not None
        assert specification.loader is not None
        imported = importlib.util.module_from_spec(specification)
        sys.modules[name] = imported
        specification.loader.exec_module(imported)
        return imported
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]
