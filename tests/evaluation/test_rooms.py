"""Within evaluation, imports run one way: measures, then findings and figures, then the report."""

import ast
from pathlib import Path

import pytest

ROOMS = Path(__file__).resolve().parents[2] / "evaluation"
ALLOWED = {
    "online": {"online"},
    "measures": {"online", "measures"},
    "findings": {"formatting", "measures", "findings"},
    "figures": {"formatting", "measures", "figures"},
    "report": {"formatting", "measures", "findings", "report"},
}
SHARED = {"style", "panels"}
"""What figures may import of each other's folder; the catalogue lists them all."""


def imported(path: Path) -> list[list[str]]:
    """Modules of evaluation that a file imports, as the parts of their names."""
    names = [
        node.module.split(".")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
    ]
    return [name[1:] for name in names if name[0] == "evaluation"]


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_those_before_it_alone(room: str) -> None:
    files = list((ROOMS / room).rglob("*.py"))
    found = {name[0] for path in files for name in imported(path)}
    assert len(files) > 5
    assert found <= ALLOWED[room]


def test_figures_share_their_style_and_panels_alone() -> None:
    for path in (ROOMS / "figures").glob("*.py"):
        if path.stem != "catalogue":
            shared = {name[1] for name in imported(path) if name[0] == "figures"}
            assert shared <= SHARED, path.name
