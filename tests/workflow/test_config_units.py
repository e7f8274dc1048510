"""A configuration in the units of data sheets is the same study as in those of the project."""

from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from configs import GLASS, ROOT
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from workflow.study.config.files import converted_lines, read_files
from workflow.study.config.loads import load_cases
from workflow.study.config.problem import ConfigError
from workflow.study.config.validation import load_study

PROJECT = ROOT / "config.yaml"


def resolved(folder: Path, *overlays: str, **command_line: Any) -> dict[str, Any]:
    """The resolved study of overlays, each the text of a file."""
    files = [folder / f"{number}.yaml" for number, _ in enumerate(overlays)]
    for file, text in zip(files, overlays, strict=True):
        file.write_text(text)
    raw, written, _ = read_files(files, command_line)
    return load_study(raw, written=written).model_dump(mode="json", exclude_none=True)


def moved(text: str, places: int) -> str:
    """A decimal number with its point moved."""
    return f"{Decimal(text).scaleb(places):f}"


numbers = st.integers(1, 999_999).map(lambda n: moved(str(n), -6))
"""Decimals above 0 and below 1, as people write them."""


@examples(20)
@given(
    E=numbers.map(lambda text: str(Decimal(text) + 3)),
    stresses=st.lists(numbers, min_size=2, max_size=4, unique=True),
    strain=numbers,
    H=numbers,
    unit=st.sampled_from([("MPa", 3), ("Pa", 9), ("N/mm²", 3), ("GPa", 0)]),
)
def test_data_sheets_give_the_study_of_the_project_bit_by_bit(
    tmp_path_factory: pytest.TempPathFactory,
    E: str,
    stresses: list[str],
    strain: str,
    H: str,
    unit: tuple[str, int],
) -> None:
    """Moduli, strengths, tables, amplitudes and points; the decimals are moved by hand."""

    def overlay(stress: int, percent: int) -> str:
        strains = [moved(strain, -2 + percent - place) for place in (2, 1)]
        curve = [moved(one, stress - 1) for one in sorted(stresses, key=Decimal)]
        steps = ["0", *(moved(str(n), percent - 2) for n in range(1, len(curve)))]
        rows = ", ".join(f"[{p}, {sigma}]" for p, sigma in zip(steps, curve, strict=True))
        return f"""
          composites:
            composite_1: {{matrix: {{H: {moved(H, stress)}}}}}
            mine:
              matrix:
                law: j2_table
                youngs_modulus: {moved(E, stress)}
                poisson_ratio: 0.35
                table: [{rows}]
              fibre: {{law: isotropic, youngs_modulus: {moved("72", stress)}, poisson_ratio: 0.22}}
          references:
            amplitudes: {{22: {strains[1]}}}
            paths: {{own: {{points: [{{eps_22: {strains[0]}, sig_12: {moved(H, stress - 3)}}}]}}}}
        """

    folder = tmp_path_factory.mktemp("units")
    name, places = unit
    units = f"units: {{stress: {name}, strain: percent}}\n"
    assert resolved(folder, units + dedent(overlay(places, 2))) == resolved(folder, overlay(0, 0))


def test_units_are_of_their_file_alone(tmp_path: Path) -> None:
    """Neither what config.yaml gives, nor an earlier overlay, nor a later one is converted."""
    first = yaml.safe_dump({"composites": {"mine": {"matrix": dict(GLASS), "fibre": dict(GLASS)}}})
    second = "units: MPa\ncomposites: {mine: {matrix: {youngs_modulus: 3200}}}"
    third = "composites: {composite_1: {matrix: {H: 0.2}}}"
    study = resolved(tmp_path, first, second, third)
    mine, paper = study["composites"]["mine"], study["composites"]["composite_1"]["matrix"]
    assert (mine["matrix"]["youngs_modulus"], mine["fibre"]["youngs_modulus"]) == (3.2, 72)
    assert (paper["youngs_modulus"], paper["H"]) == (3.8, 0.2)
    assert study["units"] == {"stress": "GPa", "strain": "-"}


def test_a_law_of_an_earlier_file_tells_the_units_of_a_later_one(tmp_path: Path) -> None:
    law = "{law: swift, youngs_modulus: 70, poisson_ratio: 0.3, A: 0.5, e0: 0.01, n: 0.2}"
    first = f"composites: {{mine: {{matrix: {law}, fibre: {GLASS}}}}}"
    second = "units: {stress: MPa, strain: '%'}\ncomposites: {mine: {matrix: {A: 400, e0: 2}}}"
    matrix = resolved(tmp_path, first, second)["composites"]["mine"]["matrix"]
    assert (matrix["A"], matrix["e0"], matrix["n"]) == (0.4, 0.02, 0.2)


def test_a_number_may_have_a_unit_of_its_own(tmp_path: Path) -> None:
    """A data sheet of a resin has its modulus in GPa and its strength in MPa."""
    matrix = "{youngs_modulus: 3.2 GPa, yield_stress: 45 N/mm2, H: 1e2}"
    text = f"units: MPa\ncomposites: {{composite_1: {{matrix: {matrix}}}}}"
    text += (
        "\nreferences: {duration: 2 min, paths: {a: {points: [{eps_11: 1 %}], duration: [1 h]}}}"
    )
    study = resolved(tmp_path, text)
    found, references = study["composites"]["composite_1"]["matrix"], study["references"]
    assert [found[key] for key in ("youngs_modulus", "yield_stress", "H")] == [3.2, 0.045, 0.1]
    assert (references["duration"], references["paths"]["a"]["duration"]) == (120, [3600])
    assert references["paths"]["a"]["points"] == [{"eps_11": 0.01}]


def test_tables_follow_the_units_where_their_heads_have_none(tmp_path: Path) -> None:
    """Also once the study is resolved, and not those of a file that no longer names a table."""
    curve, load = tmp_path / "curve.csv", tmp_path / "load.csv"
    curve.write_text("plastic strain,flow stress [MPa]\n0,30\n5,70\n")
    load.write_text("eps_11,sig_22,eps_33 [-]\n1,5,0.02\n")
    law = f"{{law: j2_table, youngs_modulus: 3200, poisson_ratio: 0.35, table: {curve}}}"
    text = f"""
      units: {{stress: MPa, strain: percent}}
      composites: {{mine: {{matrix: {law}, fibre: {{law: isotropic, youngs_modulus: 72 GPa,
        poisson_ratio: 0.22}}}}}}
      references: {{paths: {{own: {{table: {load}}}}}}}
    """
    study = resolved(tmp_path, text)
    assert study["composites"]["mine"]["matrix"]["table"] == [[0, 0.03], [0.05, 0.07]]
    for again in (study, resolved(tmp_path, yaml.safe_dump(study))):
        (point,) = load_cases(load_study(again))["path"]["own"]["points"]
        assert point == {"eps_11": 0.01, "sig_22": 0.005, "eps_33": 0.02}
    plain = f"references: {{paths: {{own: {{table: {load}}}}}}}".replace("load", "plain")
    (tmp_path / "plain.csv").write_text("eps_11\n0.03\n")
    path = resolved(tmp_path, text, plain)["references"]["paths"]["own"]
    assert path["units"] == {"stress": "GPa", "strain": "-"}
    points = "references: {paths: {own: {table: null, points: [{eps_11: 0.01}]}}}"
    assert "units" not in resolved(tmp_path, text, points)["references"]["paths"]["own"]


def test_what_was_converted_is_said(tmp_path: Path) -> None:
    """Of what a later file replaces, nothing."""
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(
        "units: MPa\ncomposites: {composite_1: {matrix: {youngs_modulus: 3800, H: 100}}}\n"
        "references: {amplitudes: {22: 1 %}}"
    )
    second.write_text("composites: {composite_1: {matrix: {H: 0.2}}}")
    assert converted_lines(read_files([first, second]).written) == [
        "composites.composite_1.matrix: youngs_modulus = 3800 MPa (3.8 GPa)",
        "references.amplitudes: 22 = 1 % (0.01)",
    ]
    assert converted_lines(read_files([second]).written) == []


TEST = "total strain [%],stress [MPa]\n0,0\n0.5,16\n1,32\n2.5,48\n"


def test_tables_are_said_as_they_were_read(tmp_path: Path) -> None:
    """Total strains by the modulus of the whole study, though a later file gives it."""
    curve, test, load = (tmp_path / f"{name}.csv" for name in ("curve", "test", "load"))
    curve.write_text("PEEQ,stress [MPa]\n0,30\n0.05,70\n")
    test.write_text(TEST)
    load.write_text("eps_22 [%],sig_12 [MPa]\n0.8,-5\n0,0\n1.2,-5\n")
    law = "{law: j2_table, youngs_modulus: 3.9, poisson_ratio: 0.35, table: %s}"
    own, later = tmp_path / "own.yaml", tmp_path / "later.yaml"
    own.write_text(
        f"composites:\n  a: {{matrix: {law % curve}, fibre: {GLASS}}}\n"
        f"  b: {{matrix: {law % test}, fibre: {GLASS}}}\n"
        f"references: {{paths: {{cycle: {{table: {load}}}}}}}\n"
    )
    later.write_text("composites: {b: {matrix: {youngs_modulus: 3200 MPa}}}")
    raw, written, _ = read_files([own, later])
    assert converted_lines(written) == [
        f"composites.a.matrix: table ({curve}: plastic strain 0 to 5 %, flow stress 30 to 70 MPa)",
        f"composites.b.matrix: table ({test}: plastic strain 0 to 1 %, flow stress 32 to 48 MPa; "
        "from the total strain by youngs_modulus 3.2 GPa, without the 2 elastic rows before first "
        "yield), youngs_modulus = 3200 MPa (3.2 GPa)",
        f"references.paths.cycle: table ({load}: eps_22 0 to 1.2 %, sig_12 -5 to 0 MPa)",
    ]
    study = load_study(raw, written=written)
    table = study.composites["b"].model_dump()["matrix"]["table"]
    assert table[0] == (0, 0.032)
    assert table[1] == pytest.approx((0.01, 0.048))


def test_units_on_the_command_line_are_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="that stand in --config, and none do"):
        resolved(tmp_path, "composites: {composite_1: {matrix: {H: 0.2}}}", units="MPa")


def test_a_configuration_that_was_not_read_from_files_is_in_the_units_of_the_project() -> None:
    with pytest.raises(ConfigError, match="units: expected GPa here"):
        load_study({**yaml.safe_load(PROJECT.read_text()), "units": "MPa"})


def test_numbers_that_yaml_takes_for_text_are_not_converted(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    law = "{law: j2_table, youngs_modulus: 3e0, poisson_ratio: 3e-1, table: [[0, 3e-2]]}"
    file.write_text(
        f"composites: {{mine: {{matrix: {law}, fibre: {GLASS}}}}}\n"
        "references: {paths: {own: {points: [{eps_11: 1e-2}]}}}\n"
    )
    assert converted_lines(read_files([PROJECT, file]).written) == []
