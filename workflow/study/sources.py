"""Which source files a script depends on, so that editing one reruns just the rules it serves."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("rve", "training", "evaluation")


def sources(script: str) -> list[str]:
    """Modules of this project's packages that a script imports, also indirectly.

    Args:
        script: its path from the root of the project.

    Returns:
        Their paths from the working directory.
    """
    pending, found = [ROOT / script], set[Path]()
    while pending:
        for module in _imports(pending.pop()):
            if (path := _file(module)) and path not in found:
                found.add(path)
                pending.append(path)
    return sorted(os.path.relpath(path) for path in found)


def _imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports: modules, and members that may be modules."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file(module: str) -> Path | None:
    if module.split(".")[0] not in _PACKAGES:
        return None
    base = ROOT.joinpath(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.exists()), None)
