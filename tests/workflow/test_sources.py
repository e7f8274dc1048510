"""What of the source a script depends on."""

import importlib
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from rve import imports
from workflow.scripts import concatenate
from workflow.study.plan.sources import sources

_NAMES = ("cell", "stiffness", "train", "online", "report")
ALL = sorted(path.stem for path in (imports.ROOT / "workflow/scripts").glob("*.py"))
SCRIPTS = [f"workflow/scripts/{name}.py" for name in _NAMES]


@pytest.mark.parametrize(
    ("module", "touched"),
    [
        ("training/plateau.py", {"train"}),
        ("training/tree.py", {"train", "online"}),
        ("evaluation/online/loops.py", {"online"}),
        ("evaluation/report/summary.py", {"report"}),
        ("rve/microstructure/packing.py", {"cell"}),
        ("rve/homogenisation/elastic.py", {"stiffness"}),
        ("rve/materials/power_laws.py", {"online"}),  # found by looking, not imported by name
    ],
)
def test_an_edit_touches_the_scripts_that_import_the_module(
    module: str, touched: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("rve", "training", "evaluation", "workflow/scripts"):
        shutil.copytree(
            imports.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    monkeypatch.setattr(imports, "ROOT", tmp_path)
    before = {script: sources(script) for script in SCRIPTS}
    with (tmp_path / module).open("a") as file:
        file.write("# edited\n")
    changed = {Path(script).stem for script in SCRIPTS if sources(script) != before[script]}
    assert touched <= changed
    if module.startswith(("training", "evaluation")):
        assert "cell" not in changed
    if not module.startswith("training"):
        assert "train" not in changed


def test_an_edit_of_the_users_laws_touches_the_scripts_that_have_laws(tmp_path: Path) -> None:
    laws, digests = tmp_path / "my_laws.py", []
    for text in ("# one", "# two"):
        laws.write_text(text)
        digests.append({script: sources(script, laws=laws) for script in SCRIPTS})
    changed = {Path(one).stem for one in SCRIPTS if digests[0][one] != digests[1][one]}
    assert changed == {"stiffness", "online", "report"}


@pytest.mark.parametrize("name", ALL)
def test_a_script_can_be_imported(name: str) -> None:
    """What it does happens where Snakemake runs it."""
    assert callable(importlib.import_module(f"workflow.scripts.{name}").main)


def test_a_script_is_a_function_of_what_snakemake_gives_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("number\n1\n")
    given = SimpleNamespace(
        input=SimpleNamespace(rows=[tmp_path / "a.csv", tmp_path / "b.csv"]),
        output=[tmp_path / "all.csv"],
    )
    concatenate.main(given)
    assert (tmp_path / "all.csv").read_text() == "number\n1\n1\n"
