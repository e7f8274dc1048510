"""Which files of the packages others import, as their texts say: what a result depends on."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""Where the packages lie."""
PACKAGES = ("rve", "training", "evaluation")

_STATEMENT = re.compile(
    r"^[ \t]*(?:from[ ]([\w.]+)[ ]import[ ](\([^)]*\)|.*)|import[ ](.*))$", re.MULTILINE
)
_NAME = re.compile(r"[\w.]+")


def with_imports(files: Iterable[Path], apart: Iterable[str] = ()) -> set[Path]:
    """Files, and those of the packages that they import, also indirectly and within functions.

    `import a.package` stands for all its modules: what collects a folder's modules does so.

    Args:
        files: to begin with.
        apart: dotted names of modules to leave out.
    """
    left_out = {file_of(name) for name in apart}
    found = set(files)
    pending = list(found)
    while pending:
        for name in _imports(pending.pop()):
            package, _, every = name.rpartition(".")
            within = every == "*" and package.split(".")[0] in PACKAGES
            modules = ROOT.joinpath(*package.split(".")).glob("*.py") if within else [file_of(name)]
            new = {path for path in modules if path} - found - left_out
            found |= new
            pending += new
    return found


def file_of(name: str) -> Path | None:
    """The file of a module, or that of a package itself; None for what is not of the packages."""
    if name.split(".")[0] not in PACKAGES:
        return None
    base = ROOT.joinpath(*name.split("."))
    candidates = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in candidates if path.exists()), None)


@cache  # All rules of a study ask, and share most files.
def _imports(path: Path) -> frozenset[str]:
    """Dotted names that a file imports: modules, members that may be modules, `package.*`.

    Read by a pattern, since each job asks; Python's parser takes ten times as long.
    """
    found = set()
    for module, members, modules in _STATEMENT.findall(path.read_text(encoding="utf-8")):
        if module:
            found |= {module, *(f"{module}.{name}" for name in _NAME.findall(members))}
        for name in _NAME.findall(modules):
            found |= {name, f"{name}.*"}
    return frozenset(found)
