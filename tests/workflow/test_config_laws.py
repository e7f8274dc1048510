"""Laws and constants of the phases in a configuration."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest
from configs import ELASTIC, GLASS, MATRIX, ROOT, Config, paper_with, problems_of, tabulated
from snakemake.common.configfile import load_configfile  # type: ignore[import-untyped, unused-ignore]

from rve.errors import InputError
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.composite import LAWS, materials
from rve.materials.elastic import Elastic
from rve.materials.equations import Declared, parameter
from workflow.study.config.files import read_files
from workflow.study.config.problem import ConfigError
from workflow.study.config.reference import key_reference
from workflow.study.config.validation import load_study, remarks
from workflow.study.plan.grid import flowing_phases


def test_either_phase_takes_any_law() -> None:
    """And the materials of a valid configuration are those of its keys."""
    hard = {"law": "armstrong_frederick", **ELASTIC, "yield_stress": 0.1, "backstresses": [[1, 10]]}
    own = {"metal": {"matrix": GLASS, "fibre": hard}, "composite_1": None}
    study = load_study(paper_with({"composites": own, "timing": {"composite": "metal"}}))
    matrix, fibre = materials(**study.composites["metal"].model_dump())
    assert isinstance(matrix, Elastic)
    assert fibre == ArmstrongFrederick(3.8, 0.3, 0.1, backstresses=((1.0, 10.0),))


def test_elastic_constants_are_read_as_people_publish_them() -> None:
    """Transversely isotropic T300 carbon: the same stiffness as by its nine constants."""
    fewer = {
        "law": "transversely_isotropic",
        "axial_modulus": 230,
        "transverse_modulus": 15,
        "axial_shear_modulus": 15,
        "axial_poisson_ratio": 0.2,
        "transverse_poisson_ratio": 0.07,
    }
    across = 0.2 * 15 / 230
    nine = dict.fromkeys(("E11", "E22", "G13", "G23"), 15) | {
        "E33": 230,
        "G12": 15 / 2.14,
        "nu12": 0.07,
        "nu13": across,
        "nu23": across,
    }
    one, other = (materials(MATRIX, fibre)[1].stiffness for fibre in (fewer, nine))
    assert one == pytest.approx(other, rel=1e-14)


@pytest.mark.parametrize("head", ["", "plastic strain,flow stress\n"], ids=["bare", "named"])
def test_a_table_may_be_a_file(head: str, tmp_path: Path) -> None:
    file = tmp_path / "curve.csv"
    file.write_text(f"{head}0,0.1\n0.05,2e-1\n")
    overlay = {"composites": {"mine": {"matrix": tabulated(str(file)), "fibre": GLASS}}}
    matrix = load_study(paper_with(overlay)).composites["mine"].model_dump()["matrix"]
    assert matrix["table"] == ((0, 0.1), (0.05, 0.2))
    file.write_text(f"{head}0,0.1\n0.05,much\n")
    (problem,) = problems_of(overlay)
    assert problem.startswith("composites.mine.matrix.table: ")
    column = "flow stress" if head else "column 2"
    assert f"curve.csv: row 2, {column}: expected a number, got much; leave" in problem


def matrix_of(**constants: object) -> Config:
    return {"composites": {"mine": {"matrix": constants, "fibre": GLASS}}}


def test_a_table_brings_no_warning_of_pydantic() -> None:
    """The example of docs/own_composite.md, which began with two."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_study(paper_with(matrix_of(**tabulated([[0, 0.03]])))).model_dump(mode="json")


def backstresses(path: Path, modulus: float = 3.8) -> Config:
    constants = {**ELASTIC, "youngs_modulus": modulus, "yield_stress": 0.03}
    return matrix_of(law="armstrong_frederick", **constants, backstresses=str(path))


def test_a_file_without_head_is_taken_where_one_order_alone_will_do(tmp_path: Path) -> None:
    """C = 2 GPa and gamma = 50 bear 0.04 GPa; the other way round 2.4 GPa, which steel can."""
    file = tmp_path / "chaboche.csv"
    file.write_text("2,50\n")
    matrix = load_study(paper_with(backstresses(file))).composites["mine"].model_dump()["matrix"]
    assert matrix["backstresses"] == ((2, 50),)
    (problem,) = problems_of(backstresses(file, modulus=200))
    assert "without a head its columns may be in either order" in problem
    file.write_text("gamma,C [MPa]\n50,2000\n")
    matrix = load_study(paper_with(backstresses(file, 200))).composites["mine"].model_dump()
    assert matrix["matrix"]["backstresses"] == ((2, 50),)


def test_doubtful_constants_are_a_remark() -> None:
    with warnings.catch_warnings(action="error"):  # said once, as the remark
        study = load_study(paper_with(matrix_of(**ELASTIC, law="j2", yield_stress=0.3)))
        flowing_phases(study)
        (remark,) = remarks(study)
    assert remark.startswith("composites.mine.matrix: at yield it bears 0.3 GPa, 0.079 of its")


def test_a_new_law_needs_its_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys are read, checked and documented as it declares them."""

    @dataclass(frozen=True)
    class Rubber(Declared):
        """A law of the test."""

        name = "rubber"
        stretch: float = parameter("largest stretch", "-", above=1)
        shear: float = parameter("shear modulus", "GPa", default=0.1, at_least=0)

        def check(self) -> None:
            if self.stretch * self.shear > 10:
                raise InputError("stretch and shear are too large together")

    monkeypatch.setitem(LAWS, Rubber.name, Rubber)

    def overlay(**constants: object) -> Config:
        return {"composites": {"mine": {"matrix": constants, "fibre": GLASS}}}

    study = load_study(paper_with(overlay(law="rubber", stretch="2e0")))
    assert study.composites["mine"].model_dump()["matrix"] == {
        "law": "rubber",
        "stretch": 2.0,
        "shear": 0.1,
    }
    matrix = "composites.mine.matrix"
    for keys, problem in (
        ({"law": "rubber"}, f"{matrix}.stretch: missing; expected a number above 1"),
        ({"law": "rubber", "stretch": 1}, f"{matrix}.stretch: expected a number above 1, got 1"),
        (
            {"law": "rubber", "stretch": 2, "shaer": 1},
            f"{matrix}.shaer: unknown key; did you mean {matrix}.shear?",
        ),
        (
            {"law": "rubber", "stretch": 2, "shear": 9},
            f"{matrix}: stretch and shear are too large together",
        ),
        (
            {"stretch": 2, "shear": 1},
            f"{matrix}: it names no law, so it is j2, but the keys given are of another; write "
            "law: rubber",
        ),
        (
            {"law": "isotropic", **ELASTIC, "stretch": 2},
            f"{matrix}.stretch: belongs to the law rubber, but the law is isotropic; null removes "
            "it",
        ),
    ):
        assert problems_of(overlay(**keys)) == [problem]
    page = key_reference()
    assert "### `law: rubber`\n\nA law of the test.\n" in page
    assert "| `stretch` | a number above 1 | required | Largest stretch [-] |" in page
    assert "| `shear` | a number of at least 0 | `0.1` | Shear modulus [GPa] |" in page


def test_laws_of_a_file_that_is_taken_away_are_none(tmp_path: Path) -> None:
    """Else the study would begin, and its report could not read its configuration."""
    (tmp_path / "laws.py").write_text("raise RuntimeError('not read')")
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(f"laws: {tmp_path / 'laws.py'}\n")
    assert read_files([ROOT / "config.yaml", overlay], {"laws": None}).raw["laws"] is None
    with pytest.raises(ConfigError, match=r"laws: .*line 1: RuntimeError: not read"):
        read_files([ROOT / "config.yaml", overlay])


def test_composites_of_the_project_are_no_remark() -> None:
    overlays = ("demo", "recipe", "held_out", "held_out/composites")
    for file in (ROOT / f"workflow/studies/{overlay}.yaml" for overlay in overlays):
        assert remarks(load_study(paper_with(load_configfile(file)))) == []
