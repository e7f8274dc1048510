"""Imports run one way: evaluation -> training -> rve; scripts hold no science and no snakemake."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ALLOWED = {
    "rve": {"rve"},
    "training": {"rve", "training"},
    "evaluation": {"rve", "training", "evaluation"},
    "workflow": {"rve", "training", "evaluation", "workflow"},
}
FILES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are absolute"
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_downwards_only(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imported(path) & ALLOWED.keys() <= ALLOWED[package]
    assert "snakemake" not in imported(path)


def test_torch_is_imported_by_its_backend_alone() -> None:
    """Its import costs a second a job; the timing compares it."""
    users = {path for path in FILES if "torch" in imported(path)}
    names = {str(path.relative_to(ROOT)) for path in users}
    assert names == {"training/torch/backend.py", "workflow/scripts/timing_training.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
