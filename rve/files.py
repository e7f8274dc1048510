"""Files that are either whole or absent, and how unreadable ones show."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from rve.errors import InputError

# What reading a missing, damaged or foreign .npz file raises.
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)

_TEMPORARY = ".unfinished-"


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """A temporary path beside `path` that is renamed to it when the block succeeds."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{path.name}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_arrays(path: Path | str, **arrays: Any) -> None:
    """Write arrays by name to an .npz file."""
    with replacing(path) as temporary:
        np.savez(temporary, **arrays)


@contextmanager
def reading_arrays(path: Path | str, what: str) -> Iterator[Any]:
    """The arrays of an .npz file by name, while the file is open.

    Args:
        path: the file.
        what: it should be; it is not if the block finds an array missing or unfit.

    Raises:
        InputError: the file cannot be read, or is not that.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            yield archive
    except _UNREADABLE as error:
        raise InputError(f"{path}: not {what}: {error}") from error


def write_json(value: object, path: Path | str) -> None:
    """Write what JSON can hold, for people to read, too."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def temporaries(folder: Path) -> Iterator[Path]:
    """Files below a folder that a killed process did not finish."""
    return folder.rglob(f"{_TEMPORARY}*")
