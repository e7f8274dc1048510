"""What README.md and the pages on studies tell a reader to type works as it stands."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from snakemake.utils import update_config

from rve.dataset.dataset import Dataset
from rve.dataset.dataset import save as save_dataset
from rve.dataset.sampling import SamplingRanges, sample_phases
from rve.loads.load_path import piecewise_linear
from rve.materials.composite import materials
from rve.materials.elastic import Elastic
from rve.materials.hardening_table import HardeningTable
from rve.microstructure.phases import PHASES
from training.fit import History
from training.homogenise import homogenise
from training.network import initialise
from training.store import load, save
from workflow.study.config.base import without_own
from workflow.study.config.files import read_files
from workflow.study.config.loads import load_cases
from workflow.study.config.model import Study
from workflow.study.config.validation import load_study
from workflow.study.plan.grid import networks

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
REFERENCE = ROOT / "docs" / "reference-run"


OWN = "docs/own_composite.md"


def blocks(page: str, language: str) -> list[str]:
    """Fenced code blocks of a page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def overlaid(page: str, name: str) -> Study:
    """config.yaml, as if it were any base, under the overlay of a page with the name of a study."""
    read = map(yaml.safe_load, blocks(page, "yaml"))
    (overlay,) = (one for one in read if one.get("study") == name)
    config = without_own(yaml.safe_load((ROOT / "config.yaml").read_text()), overlay)
    update_config(config, overlay)
    return load_study(config)


def test_links_and_pictures_exist() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def verdicts(found: pd.DataFrame) -> str:
    """How many claims have which verdict, in words."""
    counts = found["verdict"].value_counts()
    negligible = f"{counts['negligible']} are about negligible differences"
    if counts["negligible"] == 1:
        negligible = "1 is about a negligible difference"
    return (
        f"{counts['holds']} hold, {counts['differs']} differ, {negligible} and "
        f"{counts['inconclusive']} are inconclusive"
    )


def test_the_table_of_all_claims_is_that_of_the_reference_runs() -> None:
    found = {
        name: pd.read_csv(REFERENCE / name / "findings.csv").set_index("id")
        for name in ("tables", "decided", "recipe_claims")
    }
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (.*) \|$", (REFERENCE / "README.md").read_text(), re.M)
    listed = {id: cells.split(" | ") for id, cells in rows if id in found["tables"].index}
    assert list(listed) == list(found["tables"].index)
    for id, (_, before, after, ours, seeds, recipe, *_) in listed.items():
        assert before == found["tables"].loc[id, "verdict"]
        assert after == found["decided"].loc[id, "verdict"]
        assert ours == found["decided"].loc[id, "ours"]
        assert int(seeds) == found["decided"].loc[id, "seeds"]
        verdict = found["recipe_claims"].loc[id, "verdict"]
        assert recipe == ("–" if verdict == "not tested" else verdict)


def test_numbers_of_the_reference_run_are_those_of_its_tables() -> None:
    tables = REFERENCE / "tables"
    found, trained = (pd.read_csv(tables / f"{name}.csv") for name in ("findings", "training"))
    text = " ".join((REFERENCE / "README.md").read_text().split())
    for page in (" ".join(README.split()), text):
        assert f"Of the {len(found)} claims that we read in the paper {verdicts(found)} " in page
        assert f"The study trained {len(trained)} networks" in page
    decided = pd.read_csv(REFERENCE / "decided/findings.csv")
    counts = verdicts(decided).replace(" hold", " claims hold", 1)
    assert f"With up to {decided['seeds'].max():.0f} networks" in text
    assert f"[decided](decided)) {counts} **by the rule" in text
    assert (trained["status"] == "ok").all()
    depths = trained[trained["network"].str.contains("n400_b40_eta1_xi1_")].groupby("layers")
    errors = 100 * depths["error_validation"].mean()
    assert f"from {errors[4]:.1f} % with 4 layers to {errors[8]:.1f} % with 8" in text


def test_system_packages_are_those_that_ci_installs() -> None:
    (listed,) = re.findall(r"sudo apt-get install (.+)", README)
    ci = (ROOT / ".ci" / "run").read_text().split()
    assert set(listed.split()) <= set(ci)


def test_grid_overlay() -> None:
    study = overlaid("docs/studies.md", "mine")
    assert len(networks(study)) == 12


def test_material_overlay() -> None:
    study = overlaid(OWN, "glass")
    assert list(study.composites) == ["glass_epoxy"]
    matrix, fibre = materials(**study.composites["glass_epoxy"].model_dump())
    assert isinstance(matrix, HardeningTable)
    assert isinstance(fibre, Elastic)


def test_own_microstructure_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hexagonal.msh").touch()
    study = overlaid(OWN, "hexagonal")
    assert study.rve.mesh == Path("hexagonal.msh")


def test_cells_of_several_phases_are_those_of_the_page(tmp_path: Path) -> None:
    glass = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}
    cells = [one for one in map(yaml.safe_load, blocks(OWN, "yaml")) if set(one) == {"rve"}]
    expected = [("fibre", "interphase", "void"), ("carbon", "glass")]
    for cell, others in zip(cells, expected, strict=True):
        laws = dict.fromkeys(["matrix", *(name for name in others if name != "void")], glass)
        overlay = cell | {"study": "own", "base": "composite", "composites": {"own": laws}}
        (tmp_path / "own.yaml").write_text(yaml.safe_dump(overlay))
        study = load_study(read_files([tmp_path / "own.yaml"]).raw)
        assert study.rve.phases == ("matrix", *others)
        filled = sum(one.volume_fraction for one in study.rve.discs)
        assert filled == pytest.approx(0.58 if "void" in others else 0.6)


def test_load_overlay() -> None:
    cases = load_cases(overlaid(OWN, "loads"))["path"]
    paths = {name: piecewise_linear(**case) for name, case in cases.items()}
    assert {name: (len(path.targets), path.durations.sum()) for name, path in paths.items()} == {
        "shear_cycles": (45, pytest.approx(50)),
        "tension_under_pressure": (40, pytest.approx(2)),
        "pull_and_unload": (40, pytest.approx(2)),
    }


def test_training_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example, with fewer epochs, on samples of a random network saved under their names."""
    (code,) = blocks("docs/training.md", "python")
    pairs = sample_phases(
        SamplingRanges((0.1, 10), (-3, 3), (0.25, 0.5), (0, 0.5)), PHASES, 48, 1, 0
    )
    p1, p2 = np.moveaxis(pairs, 1, 0)
    teacher = initialise("IMN", 1, np.random.default_rng(0))
    for name in ("training", "validation"):
        dataset = Dataset(np.stack([p1, p2], axis=1), homogenise(teacher, p1, p2))
        save_dataset(dataset, tmp_path / f"results/demo/dataset/{name}.npz")
    monkeypatch.chdir(tmp_path)
    exec(compile(code.replace("2000", "200"), "page", "exec"), {})
    assert float(capsys.readouterr().out) < 0.3  # about 0.6 at the start
    assert load(Path("my_network.npz")).layers == 7


def test_prediction_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The example, on an untrained network saved under the name it loads."""
    (code,) = blocks(OWN, "python")
    (name,) = re.findall(r'load\("([^"]+)"\)', code)
    empty = History(**dict.fromkeys(History.__dataclass_fields__, np.zeros(0)))
    network = initialise("IMN", 5, np.random.default_rng(0))
    save(network, empty, {"status": "ok", "history": len(asdict(empty))}, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "page", "exec"), {})
    stress = np.array(capsys.readouterr().out.strip("[]\n").split(), dtype=float)
    assert stress.shape == (6,)
    assert stress[5] > np.sqrt(2) * 0.01 / np.sqrt(3)  # beyond the matrix's yield stress in shear
    np.testing.assert_allclose(stress[:5], 0, atol=1e-6)


@pytest.mark.slow
def test_own_law_example() -> None:
    """Under tension the stress is the flow stress, and p the plastic strain."""
    names: dict[str, Any] = {"__name__": "own_law"}
    exec(compile(blocks("docs/materials.md", "python")[2], "page", "exec"), names)
    law, strain, stress = names["resin"], names["tension"].strain, names["tension"].stress
    p = strain[-1, 0] - stress[-1, 0] / law.youngs_modulus
    assert stress[-1, 0] == pytest.approx(law.flow_stress(p), rel=1e-9)


@pytest.mark.parametrize(
    ("page", "place", "most"),
    [("docs/training.md", 0, 5), (OWN, 0, 5), ("docs/materials.md", 2, 15)],
)
def test_examples_are_short(page: str, place: int, most: int) -> None:
    """Lines besides imports, blank lines and the rest of what comes before a law."""
    lines = blocks(page, "python")[place].splitlines()
    code = [line for line in lines if line.strip() and not line.startswith(("from", "import"))]
    assert len(code) <= most


def test_each_equation_has_one_place() -> None:
    """One row, which names a file and a function of it that is defined there."""
    page = (ROOT / "docs/equations.md").read_text()
    rows = re.findall(
        r"^\| (.+?) \| (.+?) \|", page.split("| equation |")[1].split("\n\n")[0], re.M
    )
    assert len(rows) > 25
    for equation, where in rows[1:]:
        place = re.fullmatch(r"`(\S+)` `(\w+)`", where)
        assert place, f"{equation}: one file and one function, got {where}"
        assert re.search(rf"^def {place[2]}\(", (ROOT / place[1]).read_text(), re.M), where
    names = [equation for equation, _ in rows]
    assert len(set(names)) == len(names)
    numbers = [
        (int(a), int(b or a)) for name in names for a, b in re.findall(r"\b(\d+)(?:-(\d+))?,", name)
    ]
    assert {n for a, b in numbers for n in range(a, b + 1)} >= set(range(1, 34))


def test_places_of_the_equations_exist() -> None:
    """Each file and name in docs/equations.md."""
    rows = re.findall(r"^\|.*?\|(.*?)\|", (ROOT / "docs/equations.md").read_text(), re.MULTILINE)
    places = [names for row in rows if (names := re.findall(r"`([^`]+)`", row))]
    assert len(places) > 20
    for names in places:
        files = [name for name in names if "." in name]
        text = "".join((ROOT / file).read_text() for file in files)
        for name in set(names) - set(files):
            assert re.search(rf"\b{name}\b", text), f"{name} in {files}"
