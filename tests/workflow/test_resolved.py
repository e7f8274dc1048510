"""The configuration that a study writes down is that study when it is read again."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from configs import GLASS, OVERLAYS
from hypothesis import given
from hypothesis import strategies as st
from properties import examples
from random_laws import laws

from rve.materials.equations import Declared
from workflow.study.config.files import read_files
from workflow.study.config.loads import load_cases
from workflow.study.config.model import Study
from workflow.study.config.text import check_files
from workflow.study.config.validation import load_study
from workflow.study.run.reproduce import overlay_of

OWN_UNITS = {"GPa": "GPa", "strain": "mm/mm"}


def assert_read_again(study: Study, folder: Path) -> None:
    """By the report, and by Snakemake, once it is the overlay that reproduces the study."""
    resolved = yaml.safe_load(yaml.safe_dump(study.model_dump(mode="json", exclude_none=True)))
    path = folder / "again.yaml"
    path.write_text(yaml.safe_dump(overlay_of(resolved)))
    read = read_files([path])
    check_files(read.files)
    for raw in (resolved, read.raw):
        again = load_study(raw)
        assert again == study
        assert load_cases(again) == load_cases(study)


def said(law: Declared) -> dict[str, Any]:
    """The constants of a law, each with its unit, whatever the units of the file."""
    found: dict[str, Any] = {"law": law.name}
    for field, declared in law.parameters().items():
        columns = getattr(declared, "columns", (declared,))
        kinds = ["strain" if column.strain else column.unit for column in columns]
        units = [OWN_UNITS.get(kind, "") for kind in kinds]
        value = getattr(law, field.name)
        rows = [
            [f"{cell!r} {unit}" if unit else cell for cell, unit in zip(row, units, strict=True)]
            for row in (value if isinstance(value, tuple) else [[value]])
        ]
        found[field.name] = rows if isinstance(value, tuple) else rows[0][0]
    return found


@examples(60)
@given(
    law=laws,
    units=st.sampled_from([None, "MPa", {"stress": "psi", "strain": "%"}, {"strain": "percent"}]),
    strains=st.lists(st.floats(1e-3, 0.05), min_size=1, max_size=3),
    head=st.sampled_from(["eps_12", "eps_12 [%]", "eps_12,sig_22 [Pa]", "eps_12 [-],sig_22"]),
    time=st.sampled_from(["", "time,", "t [min],"]),
    of_table=st.sampled_from([None, "bar", {"strain": "%", "stress": "MPa"}]),
    duration=st.sampled_from([None, "2 min", 3, ["1 h"]]),
    xi=st.sampled_from(["auto", 0.5, [0.1, 2]]),
    base=st.sampled_from(["paper", "composite"]),
)
def test_a_resolved_study_is_the_study(
    tmp_path_factory: pytest.TempPathFactory,
    law: Declared,
    units: Any,
    strains: list[float],
    head: str,
    time: str,
    of_table: Any,
    duration: Any,
    xi: Any,
    base: str,
) -> None:
    """Of any law and units, tables with and without times; what has its own unit stays."""
    folder = tmp_path_factory.mktemp("resolved")
    zero = ",0" if "sig" in head else ""
    rows = [
        f"{number if time else ''}{',' if time else ''}{strain!r}{zero}\n"
        for number, strain in enumerate(strains, start=1)
    ]
    (folder / "load.csv").write_text(f"{time}{head}\n{''.join(rows)}")
    lasts = duration * len(strains) if isinstance(duration, list) else duration
    own = {"points": [{"eps_11": f"{one!r} mm/mm"} for one in strains]}
    fibre = {**GLASS, "youngs_modulus": "72 GPa"}
    overlay = {
        "units": units,
        "base": base,
        "composites": {"mine": {"matrix": said(law), "fibre": fibre}},
        "references": {
            "paths": {
                "measured": {"table": str(folder / "load.csv"), "units": of_table},
                "own": own | ({"duration": lasts} if lasts else {}),
            }
        },
        "sweeps": {"eta": None, "mine": {"xi": xi}} if base == "paper" else {"mine": {"xi": xi}},
        "timing": None,
    }
    (folder / "overlay.yaml").write_text(yaml.safe_dump(overlay))
    read = read_files([folder / "overlay.yaml"])
    study = load_study(read.raw, written=read.written)
    paths = load_cases(study)["path"]
    assert paths["own"]["points"] == [{"eps_11": one} for one in strains]
    assert len(paths["measured"]["duration"]) == (len(strains) if time else 1)
    constants = study.composites["mine"].model_dump()["matrix"]
    assert constants == {"law": law.name} | {
        field.name: getattr(law, field.name) for field in law.parameters()
    }
    assert_read_again(study, folder)


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.stem)
def test_studies_of_the_project_are_read_again(path: Path, tmp_path: Path) -> None:
    recipe = path.with_name("recipe.yaml")
    assert_read_again(load_study(read_files([recipe, path]).raw), tmp_path)
