"""One's own composite, as README.md and docs/own_composite.md show it, command by command."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from studies import ROOT, copy_project, install

from rve.mandel import COMPONENTS

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/own_composite.md").read_text(encoding="utf-8")
WAY = PAGE.split("\n## From an empty folder to a law\n")[1].split("\n## ")[0]
FOLDER = "my_composite"

SMALL = {
    "rve": {"fibres": 3, "volume_fraction": 0.5, "element_size": 0.12},
    "dataset": {"training_samples": 24, "validation_samples": 8},
    "references": {"increments": 40, "amplitudes": {"31": 0.04, "33": 0.02}},
    "network": {
        "layers": 3,
        "batch_size": 8,
        "samples": 24,
        "flowing_samples": 8,
        "moments": 2,
        "seeds": 2,
    },
    "training": {"epochs": 40},
}


def blocks(text: str, language: str) -> list[str]:
    """Fenced code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """Commands without comments, each on one line."""
    lines = "".join(blocks(text, "sh")).replace("\\\n", " ").splitlines()
    return [" ".join(re.sub(r" +#.*", "", line).split()) for line in lines]


def edited(template: str) -> str:
    """The template as the page edits it, and as small as a test needs it."""
    config = yaml.safe_load(template)
    (changes,) = map(yaml.safe_load, blocks(WAY, "yaml"))
    config["references"].update(changes.pop("references"))
    config.update(changes)
    for section, keys in SMALL.items():
        config.setdefault(section, {}).update(keys)
    return yaml.safe_dump(config)


def test_commands_of_the_readme_are_those_of_the_page() -> None:
    section = README.split("\n## Your own composite\n")[1].split("\n## ")[0]
    assert set(commands(section)) <= set(commands(WAY))
    (short,), (page,) = (map(yaml.safe_load, blocks(text, "yaml")) for text in (section, WAY))
    assert short.items() <= page.items()


@pytest.fixture(scope="module", params=["clone", "installed"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The user's folder after all commands of the page.

    The clone is elsewhere. Commands find the packages in it, or where they are installed.
    """
    home = tmp_path_factory.mktemp("home")
    clone = copy_project(home / "clone")
    mine = home / FOLDER
    mine.mkdir()
    for name, text in re.findall(r"`(\w+\.csv)`[^`]*?\n```\n(.*?)```", WAY, re.DOTALL):
        (mine / name).write_text(text)
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    bin, packages = Path(sys.executable).parent, clone
    surroundings = os.environ | {"HOME": str(home), "XDG_CACHE_HOME": cache}
    if request.param == "installed":
        bin, packages = home / "venv/bin", install(home / "venv")
        surroundings.pop("PYTHONPATH", None)
    else:
        surroundings["PYTHONPATH"] = str(clone)
    surroundings["PATH"] = os.pathsep.join([str(bin), os.environ["PATH"]])
    first, *others = commands(WAY)
    assert first == ". .venv/bin/activate"
    start = next(n for n, one in enumerate(others) if one.endswith("template")) + 1

    def run(lines: list[str], place: Path) -> str:
        script = "\n".join(["set -e", f"STUDY={clone}/Snakefile", *lines])
        done = subprocess.run(
            ["bash", "-c", script], cwd=place, env=surroundings, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = run(['python -c "import evaluation; print(evaluation.__file__)"'], mine)
    assert Path(where.strip()).is_relative_to(packages)
    run(others[:start], clone)
    (mine / "composite.yaml").write_text(edited((mine / "composite.yaml").read_text()))
    (mine / "printed").write_text(run(others[start:], mine))
    assert not (clone / "results").exists()
    return mine


@pytest.mark.slow
def test_law_in_c_is_that_of_python(folder: Path) -> None:
    assert "as in Python" in (folder / "printed").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "unit", "control", "load"),
    [("shear", "GPa", "stress", "31"), ("cycle", "MPa", "path", "cyclic_31")],
)
def test_curves_of_the_command_are_those_of_the_study(
    folder: Path, file: str, unit: str, control: str, load: str
) -> None:
    results = folder / "results/composite"
    chosen = json.loads((results / "network.json").read_text())["id"]
    curves = pd.read_csv(results / f"online/{chosen}_curves.csv", dtype={"load": str})
    study = curves[(curves["control"] == control) & (curves["load"] == load)]
    mine = pd.read_csv(folder / f"{file}.csv")
    assert len(mine) == len(study)
    for name in COMPONENTS:
        factor = 1000 if unit == "MPa" else 1
        stress = factor * study[f"sig_{name}"].to_numpy()
        assert mine[f"sig_{name} [{unit}]"].to_numpy() == pytest.approx(
            stress, rel=1e-12, abs=1e-12
        )
        strain = study[f"eps_{name}"].to_numpy()
        assert mine[f"eps_{name} [-]"].to_numpy() == pytest.approx(strain, rel=1e-12, abs=1e-14)


@pytest.mark.slow
def test_study_leaves_what_the_page_names(folder: Path) -> None:
    results = folder / "results/composite"
    for name in ("report.html", "tables/constants.csv", "tables/networks.csv", "figures/cell.svg"):
        assert (results / name).stat().st_size > 0, name
    for name in ("shear.svg", "cycle.svg", "ply/ply.c", "ply/ply.h"):
        assert (folder / name).stat().st_size > 0, name
