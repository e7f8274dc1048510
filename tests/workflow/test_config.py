"""The configuration: what is read, what is refused and in which words."""

import json
import pickle
import re
from pathlib import Path

import pytest
from configs import (
    GLASS,
    HELD_OUT,
    ON_A_BASE,
    OVERLAYS,
    PAPER,
    RECIPE,
    ROOT,
    Config,
    merged,
    paper_with,
    problems_of,
)
from jsonschema import ValidationError as JsonSchemaError
from jsonschema import validate
from meshes import corrugated
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]

from rve.errors import InputError
from rve.materials.composite import LAWS
from rve.microstructure.mesh import load, write
from workflow.study.config.files import read_files
from workflow.study.config.model import Study
from workflow.study.config.problem import ConfigError
from workflow.study.config.reference import PAGE, SCHEMA, key_reference, schema_file
from workflow.study.config.schema import constants, leaves
from workflow.study.config.types import Section
from workflow.study.config.validation import load_study, remarks
from workflow.study.plan.grid import flowing_phases, networks


def test_the_error_survives_pickling() -> None:
    with pytest.raises(ConfigError) as caught:
        load_study({})
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_numbers_that_yaml_takes_for_text_are_read() -> None:
    study = load_study(paper_with({"training": {"learning_rate": "1e-2", "epochs": "1e3"}}))
    assert study.training.learning_rate == 0.01
    assert study.training.epochs == 1000


def test_null_removes_an_entry_at_any_depth() -> None:
    study = load_study(
        paper_with(
            {
                "references": {"amplitudes": {"33": None, "11": 0.01}},
                "sweeps": {"eta": None, "depth": {"kind": None}},
                "training": {"epochs": None},
            }
        )
    )
    assert list(study.references.amplitudes) == ["11", "22", "23", "31", "12"]
    assert study.references.amplitudes["11"] == 0.01
    assert "eta" not in study.sweeps
    assert study.sweeps["depth"].kind is None
    assert study.training.epochs == Study.model_fields["training"].default.epochs


def test_an_own_mesh_makes_the_packing_of_no_effect(tmp_path: Path) -> None:
    mesh = tmp_path / "cell.msh"
    mesh.touch()
    study = load_study(paper_with({"rve": {"mesh": str(mesh), "minimum_gap": 0.9}}))
    assert study.rve.mesh == mesh


def test_groups_of_an_own_mesh_are_names_and_numbers(tmp_path: Path) -> None:
    mesh = tmp_path / "cell.msh"
    mesh.touch()
    groups = {"matrix": "Domain", "fibre": ["2", 2]}
    study = load_study(paper_with({"rve": {"mesh": str(mesh), "groups": groups}}))
    assert study.rve.groups == {"matrix": ("Domain",), "fibre": ("2", 2)}


def test_an_own_mesh_is_read_with_the_configuration(tmp_path: Path) -> None:
    """Its problem is one of the list, in the words of Python's `load`."""
    mesh = tmp_path / "cell.inp"
    mesh.write_text("*NODE\n1, 0, 0\n")
    with pytest.raises(InputError) as refused:
        load(mesh)
    config = paper_with({"rve": {"mesh": str(mesh)}, "timing": {"composite": "none"}})
    with pytest.raises(ConfigError) as caught:
        load_study(config, read_mesh=True)
    assert f"rve.mesh: {refused.value}" in str(caught.value)
    assert "timing.composite: " in str(caught.value)


def test_another_lattice_of_an_own_mesh_is_a_remark_of_the_study(tmp_path: Path) -> None:
    """It would be another composite, so it must not stand in a log alone."""
    for even in (True, False):
        write(corrugated(even), tmp_path / "cell.msh")
        study = load_study(paper_with({"rve": {"mesh": str(tmp_path / "cell.msh")}}))
        said = [remark for remark in remarks(study) if remark.startswith("rve.mesh: ")]
        assert len(said) is int(even)
        assert all("is taken to repeat by (4, 0) and (0, 1)" in remark for remark in said)


def test_a_study_cannot_be_changed() -> None:
    study = load_study(PAPER)
    with pytest.raises(ValueError, match="frozen"):
        study.rve.fibres = 3


def test_config_yaml_holds_every_key_with_its_default() -> None:
    study = load_study(PAPER)
    for name, field in Study.model_fields.items():
        if isinstance(field.default, Section):
            assert getattr(study, name) == field.default, name
            assert set(PAPER[name]) == set(type(field.default).model_fields), name


def test_every_key_of_config_yaml_has_a_comment() -> None:
    before = ""
    for line in (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines():
        if re.match(r"\s*[\w.-]+:", line):
            assert "#" in line or before.lstrip().startswith("#"), line
        before = line


def test_every_number_is_documented_with_its_unit() -> None:
    of_laws = [(f"{law}.{key}", leaf) for law in LAWS for key, leaf in constants(law).items()]
    for path, leaf in [*leaves(), *of_laws]:
        if leaf.get("type") in {"number", "integer"} or {"prefixItems", "columns"} & leaf.keys():
            assert leaf["description"].endswith("]"), path


def test_the_documented_reference_is_up_to_date() -> None:
    run = "python -m workflow.study.config.reference"
    assert (ROOT / PAGE).read_text(encoding="utf-8").endswith(key_reference()), run
    assert (ROOT / SCHEMA).read_text(encoding="utf-8") == schema_file(), run


@pytest.mark.parametrize("path", [ROOT / "config.yaml", *OVERLAYS, *HELD_OUT])
def test_editors_find_no_fault_with_a_study(path: Path) -> None:
    """The schema is named in the first line of the file, seen from its folder."""
    head, _, _ = path.read_text(encoding="utf-8").partition("\n")
    assert (path.parent / head.removeprefix("# yaml-language-server: $schema=")).samefile(
        ROOT / SCHEMA
    )
    validate(json.loads(json.dumps(load_configfile(path))), json.loads(schema_file()))


@pytest.mark.parametrize(
    "overlay",
    [
        {"training": {"epoch": 1}},
        {"rve": {"volume_fraction": 0.9}},
        {"network": {"kind": "imn"}},
        {"network": {"xi": "many"}},
        {"sweeps": {"x": {"layers": [4, 99]}}},
        {"dataset": {"youngs_modulus": [0.1]}},
        {"references": {"amplitudes": {"13": 0.01}}},
        {"composites": {"x": {"matrix": {"law": "mohr"}}}},
        {"composites": {"x": {"matrix": {"law": "j2", "H": -1}}}},
        {"composites": {"x": {"fibre": {"E44": 1}}}},
        {"composites": {"x": {"matrix": {"law": "j2_table", "table": [[0, "x"]]}}}},
    ],
)
def test_editors_underline_what_a_study_refuses(overlay: Config) -> None:
    with pytest.raises(JsonSchemaError):
        validate(overlay, json.loads(schema_file()))


OVER_RECIPE = "accurate", "held_out", "recipe_claims"
"""Overlays that stand over recipe.yaml."""


@pytest.mark.parametrize(
    "path", [path for path in OVERLAYS if path not in ON_A_BASE], ids=lambda path: path.stem
)
def test_an_overlay_is_a_valid_study_that_says_only_what_differs(path: Path) -> None:
    overlay: Config = load_configfile(path)
    base = paper_with(RECIPE) if path.stem in OVER_RECIPE else PAPER
    study = load_study(merged(base, overlay))
    assert study.study == path.stem
    assert networks(study) or study.convergence
    assert_differs(overlay, base)


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_what_is_held_out_changes_the_cell_or_the_composites_alone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    for mesh in ("hexagonal", "two_fibre_sizes"):
        (tmp_path / f"results/{mesh}.msh").touch()
    overlay: Config = load_configfile(path)
    base = merged(paper_with(RECIPE), load_configfile(path.parents[1] / "held_out.yaml"))
    study = load_study(merged(base, overlay))
    assert study.study == f"held_out_{path.stem}"
    assert set(overlay) <= {"study", "rve", "composites", "references", "online", "timing"}
    assert flowing_phases(study) == ("fibre" if path.stem == "flowing_fibre" else "matrix",)
    assert {network.epochs for network in networks(study).values()} == {None, 10_000}
    assert_differs(overlay, base)


def assert_differs(overlay: Config, base: Config) -> None:
    """Every entry of the overlay changes the base."""
    for key, value in overlay.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            assert_differs(value, base[key])
        else:
            assert key in base or value is not None, f"{key} removes nothing"
            assert key not in base or base[key] != value, f"{key} repeats config.yaml"


POROUS: Config = {
    "rve": {"voids": {"fraction": 0.03, "radius": 0.02}, "volume_fraction": 0.5},
}


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        ({"rve": {"voids": {"fraction": 0.01, "radius": 0.3}}}, "at a radius of 0.0564 cell edges"),
        ({"training": {"precision": "float32"}}, "the cell has voids, beside which float32 rounds"),
    ],
)
def test_voids_that_cannot_be_as_said(overlay: Config, problem: str) -> None:
    load_study(paper_with(POROUS))
    (found,) = problems_of(merged(POROUS, overlay))
    assert problem in found


def test_phases_that_differ_more_than_those_of_the_samples_are_remarked_upon() -> None:
    """Each is within the limits of the matrix."""
    matrix = {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "yield_stress": 0.03}
    soft = {"law": "isotropic", "youngs_modulus": 0.05, "poisson_ratio": 0.3}
    composite = {"matrix": matrix, "fibre": GLASS, "interphase": soft}
    overlay: Config = {
        "rve": {"interphase": {"thickness": 0.05}, "volume_fraction": 0.5},
        "composites": {"own": composite} | {f"composite_{i}": None for i in (1, 2, 3)},
        "timing": None,
    }
    study = load_study(paper_with(overlay))
    assert any("fibre and interphase differ 1440 times" in one for one in remarks(study))


def test_laws_that_share_an_alias_are_converted_once(tmp_path: Path) -> None:
    path = tmp_path / "alias.yaml"
    path.write_text(
        "units: MPa\ncomposites:\n"
        "  one: &law {fibre: {law: isotropic, youngs_modulus: 72000}}\n  two: *law\n"
    )
    composites = read_files([path]).raw["composites"]
    moduli = [composites[name]["fibre"]["youngs_modulus"] for name in ("one", "two")]
    assert moduli == [72.0, 72.0]
