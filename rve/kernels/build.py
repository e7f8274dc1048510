"""Compiled code that is kept: once a machine, in the user's cache, for all checkouts.

Sources are copied into a folder and compiled there. Its name follows from all that the machine code
depends on, also from the processor, as the machines of a cluster may share a home. So old code is
never used by mistake, and a fresh clone finds what another one has compiled.
"""

import hashlib
import importlib.util
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numba
from filelock import FileLock, Timeout
from llvmlite import binding
from numba import config

from rve.errors import InputError
from rve.files import replacing

logger = logging.getLogger(__name__)

_PATIENCE = 1800.0
"""How long to wait for another process that compiles, s; what is compiled takes two minutes."""


def cache_folder(sources: Iterable[Path | str]) -> Path:
    """Folder of the code compiled from these sources: below XDG_CACHE_HOME, or ~/.cache.

    Args:
        sources: files, or texts; those of the kernel layer always count.

    Raises:
        InputError: neither XDG_CACHE_HOME nor a home is set.
    """
    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:
        raise InputError(
            "compiled code has no place: this user has no home; let XDG_CACHE_HOME name a folder"
        ) from error
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {_processor()}".encode())
    # Nothing that is compiled here comes from c_source.py.
    own = sorted(p for p in Path(__file__).parent.glob("*.py") if p.name != "c_source.py")
    for source in (*sources, *own):
        digest.update(source.encode() if isinstance(source, str) else source.read_bytes())
    return root / "material-network-study" / digest.hexdigest()[:16]


def _processor() -> tuple[str, str]:
    """Name and features of the processor that numba compiles for, such as `+avx2,-avx512f`.

    NUMBA_CPU_NAME and NUMBA_CPU_FEATURES hold it to less than this machine has.
    """
    name, features = config.CPU_NAME, config.CPU_FEATURES  # type: ignore[attr-defined]
    return (
        name or binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten() if features is None else features,
    )


def compile_once(
    folder: Path,
    name: str,
    message: str,
    modules: Mapping[str, Callable[[], str]],
    command: Sequence[str],
) -> None:
    """Run the python command that fills a folder with compiled code, unless it was run before.

    The first process on a machine runs it, the others wait. The command is a process of its own,
    so that all processes, the first one too, load the same code.

    Args:
        folder: from `cache_folder`.
        name: of what is compiled; a folder may hold several things.
        message: told when it has to be compiled.
        modules: names and texts of modules that are written into the folder first.
        command: arguments of the python interpreter.

    Raises:
        InputError: the folder cannot be written, or the compiler failed.
    """
    ready = folder / f"ready_{name}"
    if ready.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise InputError(
            f"compiled code cannot be kept in {folder}: {error.strerror}; "
            "let XDG_CACHE_HOME name a folder that can be written"
        ) from error
    with _alone(folder / "lock"):
        if not ready.exists():
            logger.info(message)
            for module, text in modules.items():
                _write_module(module, folder, text)
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
            log = folder / f"{name}.log"
            with log.open("w", encoding="utf-8") as words:
                failed = subprocess.run(
                    [sys.executable, *command], env=environment, stdout=words, stderr=words
                ).returncode
            if failed:
                last = log.read_text(encoding="utf-8", errors="replace").strip().rsplit("\n", 1)[-1]
                raise InputError(f"{name} could not be compiled: {last}; all words are in {log}")
            ready.touch()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock; a file system without the kernel's gets a file instead."""
    try:
        with FileLock(lock, timeout=_PATIENCE):
            yield
    except Timeout as error:
        raise InputError(
            f"{lock} has been locked for {_PATIENCE / 60:.0f} minutes; if no other process is "
            "compiling, delete it and run again"
        ) from error


def _write_module(name: str, folder: Path, text: Callable[[], str]) -> None:
    """Write the text of a module into the folder, unless it is there."""
    path = folder / f"{name}.py"
    if not path.exists():
        with replacing(path) as temporary:
            temporary.write_text(text(), encoding="utf-8")


def import_modules(names: Iterable[str], folder: Path) -> ModuleType:
    """Import modules of the folder, in this order; returns the last."""
    return [_import(name, folder) for name in names][-1]


def _import(name: str, folder: Path) -> ModuleType:
    """Import a module of the folder, with the code compiled from it."""
    if name in sys.modules:
        return sys.modules[name]
    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES  # type: ignore[attr-defined]
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    config.CACHE_LOCATOR_CLASSES = "rve.kernels.locator.KeptCode"  # type: ignore[attr-defined]
    try:
        specification = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
        assert specification is not None
        assert specification.loader is not None
        imported = importlib.util.module_from_spec(specification)
        sys.modules[name] = imported
        specification.loader.exec_module(imported)
        return imported
    except BaseException:
        sys.modules.pop(name, None)
        raise
    finally:
        config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = before  # type: ignore[attr-defined]


def vectorise(width: int = 8) -> None:
    """Have LLVM vectorise loops over tiles; for the process that compiles.

    By default it gives up on loops with many arrays and on loops as short as a tile, and it uses
    half the width of AVX-512.

    Args:
        width: numbers of the precision that AVX-512 takes at once.
    """
    options = ["-memory-check-merge-threshold=100000", "-vectorizer-min-trip-count=4"]
    if "+avx512f" in _processor()[1]:
        options.append(f"-force-vector-width={width}")
    for option in options:
        binding.set_option("", option)


if __name__ == "__main__":
    vectorise()
    import_modules(sys.argv[2:], Path(sys.argv[1]))
