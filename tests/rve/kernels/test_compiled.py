"""Where compiled code is kept: named after its sources, used again, and clear when it cannot be."""

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from evaluation.online import kernels as online
from rve import imports
from rve.errors import InputError
from rve.kernels import build
from rve.materials import points
from training.compiled import kernels as training

LIBRARIES = [online.LIBRARY, training.LIBRARY, points.LIBRARY]
ROOT = Path(build.__file__).parents[2]
TWICE = "from numba import njit\n@njit('f8(f8)', cache=True)\ndef twice(x):\n    return 2 * x\n"
REHEARSE = """
from evaluation.online import kernels, rehearsal
kernels.LIBRARY.compile_once()
rehearsal.rehearse("float64")
assert "made" not in vars(kernels.condense)
"""


def contents(folder: Path) -> dict[Path, int]:
    """Files that hold compiled code, and when they were written."""
    return {
        path: path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock"
    }


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the packages, from whose files the folders are named."""
    for package in ("rve", "training", "evaluation"):
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    monkeypatch.setattr(imports, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_changed_source_has_another_folder(copies: Path, library: build.Library) -> None:
    """A clone elsewhere has the same folder; each of its sources, and of the kernels', names it."""
    assert replace(library).folder == library.folder
    rehearsal = imports.file_of(library.rehearsal)
    assert rehearsal in library.sources
    for path in (*library.sources, *build.layer_files()):
        original = path.read_bytes()
        path.write_bytes(original + b"\n")
        assert replace(library).folder != library.folder, path
        path.write_bytes(original)


def test_a_new_scheme_is_a_source(copies: Path) -> None:
    """Its file alone; nothing lists it."""
    before = replace(online.LIBRARY).folder
    (copies / "evaluation/online/schemes/another.py").write_text("NAME = 1\n")
    assert replace(online.LIBRARY).folder != before


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_no_compiled_code_is_apart(library: build.Library) -> None:
    """What is apart is imported, holds no compiled function, and no other source is like it."""
    for name in library.apart:
        others = [one for one in library.apart if one != name]
        assert imports.file_of(name) in replace(library, apart=tuple(others)).sources
        members = vars(importlib.import_module(name)).values()
        own = [one for one in members if isinstance(one, build.Compiled)]
        assert not [one for one in own if one.__module__ == name]
    laws = {path.stem for path in library.sources if path.parent.name == "materials"}
    assert laws <= {"points", "layout", "material"}


def test_text_is_kept_by_its_content() -> None:
    assert build.cache_folder(["x = 1"]) == build.cache_folder(["x = 1"])
    assert build.cache_folder(["x = 1"]) != build.cache_folder(["x = 2"])


def test_compiler_that_fails_is_quoted(tmp_path: Path) -> None:
    command = "print('one'); raise SystemExit('no such instruction')"
    with pytest.raises(InputError, match=rf"law could not be compiled: no such .*{tmp_path}"):
        build.compile_once(tmp_path, "law", "compiling", command)
    assert not (tmp_path / "ready_law").exists()
    assert "one" in (tmp_path / "law.log").read_text()


def test_folder_is_below_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert replace(online.LIBRARY).folder.parent == tmp_path / "material-network-study"
    monkeypatch.delenv("XDG_CACHE_HOME")
    folder = Path.home() / ".cache" / "material-network-study"
    assert replace(online.LIBRARY).folder.parent == folder


def test_another_process_compiles_nothing_again() -> None:
    """Neither a new file nor one that is written again; no formula is recorded."""
    online.LIBRARY.compile_once()
    before = contents(online.LIBRARY.folder)
    assert any(path.suffix == ".nbc" for path in before)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", REHEARSE], env=environment, check=True)
    assert contents(online.LIBRARY.folder) == before


def test_a_lock_that_is_never_freed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_PATIENCE", 0.1)
    with FileLock(tmp_path / "lock"), pytest.raises(InputError, match="no other process is compil"):
        build.compile_once(tmp_path, "law", "compiling", "")


def test_what_is_compiled_needs_no_lock_and_no_writing(tmp_path: Path) -> None:
    build.compile_once(tmp_path, "law", "compiling", "")
    before = contents(tmp_path)
    with FileLock(tmp_path / "lock"):
        build.compile_once(tmp_path, "law", "compiling", "raise SystemExit('again')")
    assert contents(tmp_path) == before


def test_what_is_compiled_is_used_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    name = "kept_in_a_folder_to_read_from"
    build.compiled_text(name, TWICE, "compiling")
    sys.modules.pop(name)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    before = contents(tmp_path)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    module = build.compiled_text(name, TWICE, "compiling")
    assert module.twice(4.0) == 8.0
    assert module.twice.stats.cache_hits and not module.twice.stats.cache_misses
    assert contents(tmp_path) == before


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with pytest.raises(InputError, match=rf"{blocked}.*: Not a directory; let XDG_CACHE_HOME name"):
        replace(online.LIBRARY).compile_once()


def test_kernels_and_loops_are_imported_without_numba() -> None:
    """Names and facts of the schemes are asked for by each job; most compute nothing."""
    code = "import sys, evaluation.online.schemes.registry; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
