"""What of the source a script depends on."""

import shutil
from pathlib import Path

import pytest

from workflow.study.plan import sources

_NAMES = ("cell", "stiffness", "train", "online", "report")
SCRIPTS = [f"workflow/scripts/{name}.py" for name in _NAMES]


@pytest.mark.parametrize(
    ("module", "touched"),
    [
        ("training/plateau.py", {"train"}),
        ("training/tree.py", {"train", "online"}),
        ("evaluation/online/loops.py", {"online"}),
        ("evaluation/report/summary.py", {"report"}),
        ("rve/microstructure/packing.py", {"cell"}),
        ("rve/homogenisation/components.py", {"stiffness"}),
        ("rve/materials/swift.py", {"online"}),  # found by looking, not imported by name
    ],
)
def test_an_edit_touches_the_scripts_that_import_the_module(
    module: str, touched: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("rve", "training", "evaluation", "workflow/scripts"):
        shutil.copytree(
            sources.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    before = {script: sources.sources(script) for script in SCRIPTS}
    with (tmp_path / module).open("a") as file:
        file.write("# edited\n")
    changed = {Path(script).stem for script in SCRIPTS if sources.sources(script) != before[script]}
    assert touched <= changed
    if module.startswith(("training", "evaluation")):
        assert "cell" not in changed
    if not module.startswith("training"):
        assert "train" not in changed
