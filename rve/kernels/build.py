"""Compiled code that is kept: once a machine, in the user's cache, for all checkouts.

A `Library` is a set of functions in real modules: loops, which its decorator has numba compile, and
kernels, whose source is written from recorded formulas. All are made when they are first needed, so
that to import them takes neither numba nor a record. What is compiled is kept in a folder whose
name follows from all that the machine code depends on, also from the processor, as the machines of
a cluster may share a home. So old code is never used by mistake, and a fresh clone finds what
another one has compiled.
"""

import hashlib
import importlib
import importlib.util
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, update_wrapper
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast

from filelock import FileLock, Timeout

from rve import imports
from rve.errors import InputError
from rve.files import replacing
from rve.kernels.formula import Formula
from rve.kernels.numba_source import HEADER, kernel

logger = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

_PATIENCE = 1800.0
"""How long to wait for another process that compiles, s; what is compiled takes two minutes."""

_rehearsed = ""
"""Name of the library that this process compiles."""


@dataclass(frozen=True)
class Library:
    """Functions that are compiled together, by a process of their own.

    Attributes:
        name: of what is compiled.
        message: told when it has to be compiled.
        rehearsal: name of a module. Its function `rehearse(precision)` calls the functions with all
            types of arguments that they are to be compiled for.
        apart: names of modules that the functions' modules import, but not for compiled code. To
            edit one compiles nothing anew.
    """

    name: str
    message: str
    rehearsal: str
    apart: tuple[str, ...] = ()

    @property
    def sources(self) -> set[Path]:
        """Files that the code depends on: all that the rehearsal imports, but what is apart."""
        rehearsal = imports.file_of(self.rehearsal)
        assert rehearsal is not None
        return imports.with_imports([rehearsal], self.apart)

    @cached_property
    def folder(self) -> Path:
        """Where the compiled code is kept, named after its sources.

        Raises:
            InputError: neither XDG_CACHE_HOME nor a home is set.
        """
        return cache_folder(sorted(self.sources))

    def compile_once(self, precision: str = "float64") -> None:
        """Have the functions compiled, unless they were before; the first call of one does it, too.

        Args:
            precision: what the rehearsal is given.

        Raises:
            InputError: the folder of the compiled code cannot be written, or the compiler failed.
        """
        if precision in self._prepared:
            return
        if self.name != _rehearsed:
            call = f"{self.name!r}, {self.rehearsal!r}, {precision!r}"
            command = f"from rve.kernels import build; build.rehearse({call})"
            compile_once(self.folder, f"{self.name}_{precision}", self.message, command)
        self._prepared.add(precision)

    @cached_property
    def _prepared(self) -> set[str]:
        """Precisions for which this process has seen to the code."""
        return set()

    def compiled(self, **options: Any) -> Callable[[F], F]:
        """A decorator of functions that numba compiles, with options of `numba.njit`."""

        def decorate(function: F) -> F:
            def dispatcher() -> Any:
                import numba

                with _kept_in(self.folder):
                    return numba.njit(cache=True, **options)(function)

            return cast(F, Compiled(function, self, dispatcher))

        return decorate

    def kernel(self, name: str, formula: Formula) -> "Compiled":
        """A kernel of a formula; it is compiled anew within each function that calls it."""
        return self.written(name, lambda: HEADER + "\n\n" + kernel(name, formula.record()))

    def written(self, name: str, text: Callable[[], str]) -> "Compiled":
        """A function whose text is written when it is first needed, and kept beside the code.

        Args:
            name: of the function.
            text: gives that of a module in which numba's dispatcher has this name.
        """

        def dispatcher() -> Any:
            path = self.folder / f"{name}.py"
            _keep_text(path, text)
            # Numba imports the module of each function that kept code calls: a real one.
            names: dict[str, Any] = {"__name__": __name__}
            exec(compile(path.read_text(encoding="utf-8"), path, "exec"), names)
            return names[name]

        return Compiled(text, self, dispatcher)


class Lazy:
    """Something of numba that is made when it is first needed; numba takes it for what is made."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def made(self) -> Any:
        """A dispatcher, or an intrinsic."""
        return self._make()

    @cached_property
    def _numba_type_(self) -> Any:
        from numba.core.registry import cpu_target

        made = self.made
        cpu_target.typing_context.refresh()
        return cpu_target.typing_context.resolve_value_type(made)

    def __call__(self, *arguments: Any) -> Any:
        """Call what is made."""
        return self.made(*arguments)

    def __getattr__(self, name: str) -> Any:
        """What else numba asks of a function, such as whether it is to be inlined."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.made, name)

    def __deepcopy__(self, _: Any) -> "Lazy":
        return self


class Compiled(Lazy):
    """A function of a library."""

    def __init__(
        self, function: Callable[..., Any], library: Library, make: Callable[[], Any]
    ) -> None:
        super().__init__(make)
        update_wrapper(self, function)
        self._library = library

    @cached_property
    def _kept(self) -> Any:
        if not self._library._prepared:
            self._library.compile_once()
        return self.made

    def __call__(self, *arguments: Any) -> Any:
        """Call the function, which is loaded, or compiled if no process did so before."""
        return self._kept(*arguments)


def rehearse(library: str, module: str, precision: str) -> None:
    """Have a library compiled by this process, and kept."""
    global _rehearsed
    import numpy as np

    _rehearsed = library
    vectorise(64 // np.dtype(precision).itemsize)
    importlib.import_module(module).rehearse(precision)


def compiled_text(name: str, text: str, message: str) -> ModuleType:
    """The module of a generated text, whose functions are compiled once a machine.

    Args:
        name: of the module.
        text: with functions of numba that have signatures, and are to be cached.
        message: told when it has to be compiled.

    Raises:
        InputError: the folder of the compiled code cannot be written, or the compiler failed.
    """
    folder = cache_folder([text])
    call = f"{name!r}, {str(folder)!r}"
    command = f"from rve.kernels import build; build.compile_text({call})"
    compile_once(folder, name, message, command, text)
    return _kept_module(name, folder)


def compile_text(name: str, folder: str) -> None:
    """Compile the functions of a text that is kept in a folder by this process."""
    vectorise()
    _kept_module(name, Path(folder))


def cache_folder(sources: Iterable[Path | str]) -> Path:
    """Folder of the code compiled from these sources: below XDG_CACHE_HOME, or ~/.cache.

    Args:
        sources: files, or texts; those of the kernel layer always count.

    Raises:
        InputError: neither XDG_CACHE_HOME nor a home is set.
    """
    import numba

    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:
        raise InputError(
            "compiled code has no place: this user has no home; let XDG_CACHE_HOME name a folder"
        ) from error
    digest = hashlib.sha256(f"{sys.version} {numba.__version__} {_processor()}".encode())
    for source in (*sources, *layer_files()):
        digest.update(source.encode() if isinstance(source, str) else source.read_bytes())
    return root / "material-network-study" / digest.hexdigest()[:16]


def layer_files() -> list[Path]:
    """Those of the kernel layer that all compiled code depends on; none comes from c_source.py."""
    files = sorted((imports.ROOT / "rve" / "kernels").glob("*.py"))
    return [path for path in files if path.name != "c_source.py"]


def _processor() -> tuple[str, str]:
    """Name and features of the processor that numba compiles for, such as `+avx2,-avx512f`.

    NUMBA_CPU_NAME and NUMBA_CPU_FEATURES hold it to less than this machine has.
    """
    from llvmlite import binding
    from numba import config

    name, features = config.CPU_NAME, config.CPU_FEATURES  # type: ignore[attr-defined]
    return (
        name or binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten() if features is None else features,
    )


def compile_once(folder: Path, name: str, message: str, command: str, text: str = "") -> None:
    """Run the statements that fill a folder with compiled code, unless they were run before.

    The first process on a machine runs them, the others wait. They have a process of their own, so
    that all processes, the first one too, load the same code.

    Args:
        folder: from `cache_folder`.
        name: of what is compiled; a folder may hold several things.
        message: told when it has to be compiled.
        command: statements of Python.
        text: of a module of this name, which is kept in the folder before.

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
            if text:
                _keep_text(folder / f"{name}.py", lambda: text)
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
            log = folder / f"{name}.log"
            with log.open("w", encoding="utf-8") as words:
                failed = subprocess.run(
                    [sys.executable, "-c", command], env=environment, stdout=words, stderr=words
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


def _keep_text(path: Path, text: Callable[[], str]) -> None:
    if not path.exists():
        with replacing(path) as temporary:
            temporary.write_text(text(), encoding="utf-8")


def _kept_module(name: str, folder: Path) -> ModuleType:
    """A module whose text is kept in the folder, with the code compiled from it."""
    if name in sys.modules:
        return sys.modules[name]
    specification = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    try:
        with _kept_in(folder):
            specification.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Have numba keep the code of functions that are declared within this context."""
    from numba import config

    before = config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES  # type: ignore[attr-defined]
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    config.CACHE_LOCATOR_CLASSES = "rve.kernels.locator.KeptCode"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        config.CACHE_DIR, config.CACHE_LOCATOR_CLASSES = before  # type: ignore[attr-defined]


def vectorise(width: int = 8) -> None:
    """Have LLVM vectorise loops over tiles; for the process that compiles.

    By default it gives up on loops with many arrays and on loops as short as a tile, and it uses
    half the width of AVX-512.

    Args:
        width: numbers of the precision that AVX-512 takes at once.
    """
    from llvmlite import binding

    options = ["-memory-check-merge-threshold=100000", "-vectorizer-min-trip-count=4"]
    if "+avx512f" in _processor()[1]:
        options.append(f"-force-vector-width={width}")
    for option in options:
        binding.set_option("", option)
