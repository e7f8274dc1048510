"""Files that are either whole or absent, and how unreadable ones show."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

# What reading a missing, damaged or foreign .npz file raises.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile)

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


def write_json(value: object, path: Path | str) -> None:
    """Write what JSON can hold, for people to read, too."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def temporaries(folder: Path) -> Iterator[Path]:
    """Files below a folder that a killed process did not finish."""
    return folder.rglob(f"{_TEMPORARY}*")
