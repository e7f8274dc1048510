"""Where compiled code is kept: named after its sources, used again, and clear when it cannot be."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

from evaluation.online import compiled as online
from rve import mandel
from rve.errors import InputError
from rve.kernels import build as kept
from rve.kernels import functions, graph, stack, tile
from rve.kernels import numba_source as writer
from training.compiled import compiled

LOAD_AND_STEP = """
import numpy as np
from training.compiled.compiled import load
from training.compiled.structure import structure
from training.compiled.workspace import TILE, workspace
shape = structure("IMN", np.ones(2) > 0, orthotropic=False)
data, z, angles, memory = np.ones((1, 84)), np.ones(2), np.zeros((1, 2)), workspace(shape, float, 1)
load().measure(TILE, data, data, z, angles, shape, memory, 1.0, 1.0)
"""


def contents(folder: Path) -> dict[Path, int]:
    """Files that hold compiled code, and when they were written."""
    return {
        path: path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, from which the folder is named."""
    copy = tmp_path / "fused"
    shutil.copytree(Path(compiled.__file__).parent, copy, ignore=shutil.ignore_patterns("__*__"))
    monkeypatch.setattr(compiled, "__file__", str(copy / "compiled.py"))
    return copy


@pytest.mark.parametrize("name", ["formulas", "source", "loops", "structure", "workspace"])
def test_a_changed_source_has_another_folder(sources: Path, name: str) -> None:
    before = compiled.cache_folder()
    path = sources / f"{name}.py"
    original = path.read_bytes()
    path.write_bytes(original + b"\n")
    assert compiled.cache_folder() != before
    path.write_bytes(original)
    assert compiled.cache_folder() == before


@pytest.mark.parametrize(
    "module",
    [mandel, tile, kept, graph, writer, functions, stack],
    ids=lambda module: module.__name__,
)
@pytest.mark.parametrize("folder", [compiled.cache_folder, online.cache_folder])
def test_what_it_is_built_with_names_the_folder(
    module: ModuleType,
    folder: Callable[[], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = folder()
    if Path(str(module.__file__)).parent == Path(kept.__file__).parent:
        copies = tmp_path / "kernels"
        shutil.copytree(Path(kept.__file__).parent, copies)
        changed = copies / Path(str(module.__file__)).name
        monkeypatch.setattr(kept, "__file__", str(copies / "build.py"))
    else:
        changed = tmp_path / "other.py"
        changed.write_bytes(Path(str(module.__file__)).read_bytes())
        monkeypatch.setattr(module, "__file__", str(changed))
    assert folder() == before
    changed.write_bytes(changed.read_bytes() + b"\n")
    assert folder() != before


@pytest.mark.parametrize("name", ["source", "structure", "iteration", "loops", "compiled"])
def test_changed_source_of_the_online_schemes_has_another_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, package = online.cache_folder(), Path(online.__file__).parent
    copies = tmp_path / "online"
    shutil.copytree(package, copies, ignore=shutil.ignore_patterns("__*__"))
    path = copies / f"{name}.py"
    path.write_bytes(path.read_bytes() + b"\n")
    monkeypatch.setattr(online, "__file__", str(copies / "compiled.py"))
    monkeypatch.setattr(online.source, "__file__", str(copies / "source.py"))
    assert online.cache_folder() != before


def test_text_is_kept_by_its_content() -> None:
    assert kept.cache_folder(["x = 1"]) == kept.cache_folder(["x = 1"])
    assert kept.cache_folder(["x = 1"]) != kept.cache_folder(["x = 2"])


def test_compiler_that_fails_is_quoted(tmp_path: Path) -> None:
    command = ["-c", "print('one'); raise SystemExit('no such instruction')"]
    with pytest.raises(InputError, match=rf"law could not be compiled: no such .*{tmp_path}"):
        kept.compile_once(tmp_path, "law", "compiling", {}, command)
    assert not (tmp_path / "ready_law").exists()
    assert "one" in (tmp_path / "law.log").read_text()


def test_folder_is_below_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert compiled.cache_folder().parent == tmp_path / "material-network-study"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert compiled.cache_folder().parent == Path.home() / ".cache" / "material-network-study"


def test_another_process_compiles_nothing_again() -> None:
    """Neither a new file nor one that is written again."""
    compiled.load().measure  # noqa: B018
    before = contents(compiled.cache_folder())
    assert any(path.suffix == ".nbc" for path in before)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", LOAD_AND_STEP], env=environment, check=True)
    after = contents(compiled.cache_folder())
    assert {path: time for path, time in after.items() if "__pycache__" not in path.parts} == {
        path: time for path, time in before.items() if "__pycache__" not in path.parts
    }


def test_a_lock_that_is_never_freed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_PATIENCE", 0.1)
    with FileLock(tmp_path / "lock"), pytest.raises(InputError, match="no other process is compil"):
        kept.compile_once(tmp_path, "law", "compiling", {}, ["-c", ""])


def test_what_is_compiled_needs_no_lock_and_no_writing(tmp_path: Path) -> None:
    kept.compile_once(tmp_path, "law", "compiling", {}, ["-c", ""])
    before = contents(tmp_path)
    with FileLock(tmp_path / "lock"):
        kept.compile_once(tmp_path, "law", "compiling", {}, ["-c", "raise SystemExit('again')"])
    assert contents(tmp_path) == before


def test_what_is_compiled_is_used_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "kept_in_a_folder_to_read_from"
    text = "from numba import njit\n@njit('f8(f8)', cache=True)\ndef twice(x):\n    return 2 * x\n"
    command = ["-m", "rve.kernels.build", str(tmp_path), name]
    kept.compile_once(tmp_path, "law", "compiling", {name: lambda: text}, command)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    before = contents(tmp_path)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    kept.compile_once(tmp_path, "law", "compiling", {name: lambda: text}, command)
    module = kept.import_modules([name], tmp_path)
    assert module.twice(4.0) == 8.0
    assert module.twice.stats.cache_hits and not module.twice.stats.cache_misses
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    compiled.load.cache_clear()
    with pytest.raises(InputError, match=rf"{blocked}.*: Not a directory; let XDG_CACHE_HOME name"):
        compiled.load()
