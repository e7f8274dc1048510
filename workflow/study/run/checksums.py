"""Checksums of all files that the jobs of a study write, so that a damaged one is never used.

They stand in `results/<study>/checksums`, in the format of `sha256sum`; the last line of a file
counts. Files that are not listed, as a user's own, are not checked.
"""

import fcntl
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from rve.errors import InputError
from rve.files import replacing

_LIST = "checksums"


def seal(root: Path, paths: Iterable[Path]) -> None:
    """Add the checksums of files below the folder of a study that are complete."""
    lines = [f"{sha256(path)}  {path.relative_to(root)}\n" for path in paths if path.exists()]
    with (root / _LIST).open("a", encoding="utf-8") as file:
        # Without locks, short lines are appended whole on most file systems, too.
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        file.write("".join(lines))


def check(root: Path, paths: Iterable[Path]) -> None:
    """Refuse files, before they are read, that are not what a job wrote."""
    known = _listed(root)
    for path in paths:
        name = path.is_relative_to(root) and str(path.relative_to(root))
        if name in known and sha256(path) != known[name]:
            raise InputError(
                f"{path}: is not what this study wrote: damaged, edited, or from another study; "
                "delete it and run again"
            )


def tidy(root: Path) -> None:
    """Keep the last checksum of each file that is there, so that `sha256sum --check` can be used.

    To be called while no job is on.
    """
    if known := _listed(root):
        with replacing(root / _LIST) as temporary:
            lines = (f"{sum}  {name}\n" for name, sum in known.items() if (root / name).exists())
            temporary.write_text("".join(lines), encoding="utf-8")


def _listed(root: Path) -> dict[str, str]:
    try:
        lines = (root / _LIST).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    return {name: sum for sum, _, name in (line.partition("  ") for line in lines)}


def sha256(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
