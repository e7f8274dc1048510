"""Where and with what a study was computed."""

import os
import platform
import re
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

PROJECT = "material-network-study"
EXTRAS = ("cell", "torch", "study")
"""Extras of pyproject.toml that bring what a study computes with."""


def manifest(root: Path, seeds: Mapping[str, Any]) -> dict[str, Any]:
    """Code, packages, machine, seeds and date, with JSON values.

    `seeds` are those of the study, by what they are for.

    Returns:
        git_commit, git_dirty (whether tracked files differ from it; both None outside a
        repository), packages, machine, python, date (UTC), seeds.
    """
    status = _git(root, "status", "--porcelain", "--untracked-files=no")
    return {
        "git_commit": _git(root, "rev-parse", "HEAD"),
        "git_dirty": None if status is None else bool(status),
        "packages": _packages(),
        "machine": {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "memory_gib": round(_memory() / 2**30, 1),
            "system": platform.platform(),
        },
        "python": platform.python_version(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seeds": dict(seeds),
    }


def _git(root: Path, *arguments: str) -> str | None:
    """What git prints, or None where there is no git or no repository."""
    try:
        run = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip()


def _packages() -> dict[str, str]:
    """Versions of the packages that a study can compute with, where they are installed."""
    found = {}
    for line in sorted(requires(PROJECT) or []):
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        extra = re.search(r"extra == \W(\w+)", line)
        if name == PROJECT or (extra and extra[1] not in EXTRAS):
            continue
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _cpu() -> str:
    file = Path("/proc/cpuinfo")
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> int:
    """Physical memory, bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
