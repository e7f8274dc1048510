"""What of the source a script depends on, so that editing it reruns just the rules it serves.

Rules take it as a parameter. As inputs, the files would be looked up again for every waiting job
whenever one ends, which takes half a core in a study of hundreds of jobs.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_PACKAGES = ("rve", "training", "evaluation")


def sources(script: str, *modules: str) -> str:
    """Digest of the modules of this project's packages that a script imports, also indirectly.

    Args:
        script: its path from the root of the project.
        modules: further ones that it looks up, by their dotted names.
    """
    return digest(_modules(script, modules))


def digest_of_all() -> str:
    """Digest of the whole code: where there is no repository, it tells one version from another."""
    folders = [ROOT / name for name in (*_PACKAGES, "workflow")]
    files = [path for folder in folders for path in folder.rglob("*")]
    return digest([ROOT / "Snakefile", *(p for p in files if p.suffix in (".py", ".smk"))])


def digest(files: Iterable[Path]) -> str:
    """Digest of files."""
    summed = hashlib.sha256()
    for path in sorted(files):
        summed.update(path.read_bytes())
    return summed.hexdigest()[:16]


def _modules(script: str, modules: Iterable[str]) -> set[Path]:
    found = {path for module in modules if (path := _file(module))}
    pending = [ROOT / script, *found]
    while pending:
        for module in _imports(pending.pop()):
            if (path := _file(module)) and path not in found:
                found.add(path)
                pending.append(path)
    return found


@cache  # All rules of a run ask, and share most modules.
def _imports(path: Path) -> frozenset[str]:
    return frozenset(_names(path))


def _names(path: Path) -> Iterator[str]:
    """Dotted names that a file imports: modules, and members that may be modules.

    `import a.package` stands for all its modules: who looks up the material laws does so.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
                folder = ROOT.joinpath(*alias.name.split("."))
                yield from (f"{alias.name}.{module.stem}" for module in folder.glob("*.py"))
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file(module: str) -> Path | None:
    if module.split(".")[0] not in _PACKAGES:
        return None
    base = ROOT.joinpath(*module.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.exists()), None)
