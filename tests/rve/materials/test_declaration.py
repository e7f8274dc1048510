"""Tables of a law: their rows, the files that hold them, and what is wrong with either."""

from pathlib import Path
from typing import Any

import pytest

from rve.errors import InputError
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.composite import declared
from rve.materials.declaration import TableParameter
from rve.materials.equations import Declared
from rve.materials.hardening_table import HardeningTable

ROWS = [(0.0, 0.03), (0.01, 0.05), (0.05, 0.07)]


def table_of(law: type[Declared]) -> TableParameter:
    (found,) = (said for said in law.parameters().values() if isinstance(said, TableParameter))
    return found


CURVE, BACKSTRESSES = table_of(HardeningTable), table_of(ArmstrongFrederick)


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        ([[0, 30], [0.01, 50]], "plastic strain [-], flow stress [MPa]"),
        ([[30, 0], [50, 0.01]], "flow stress [MPa], plastic strain [-]"),
        ([[0.03, 0], [0.05, 0.01]], "flow stress [GPa], plastic strain [-]"),
        ([[0, 0.03], [1, 0.05], [5, 0.07]], "plastic strain [%], flow stress [GPa]"),
        ([[0, 30], [1, 50], [5, 70]], "plastic strain [%], flow stress [MPa]"),
        ([[30, 0], [50, 1], [70, 5]], "flow stress [MPa], plastic strain [%]"),
        ([[0, 3e7], [0.01, 5e7]], "plastic strain [-], flow stress [Pa]"),
        ([[3e7, 0], [5e7, 1]], "flow stress [Pa], plastic strain [%]"),
    ],
)
def test_a_refused_table_says_what_it_looks_like(rows: list[list[float]], looks: str) -> None:
    refusal = CURVE.refusal(rows)
    shown = ", ".join(f"[{strain:g}, {stress:g}]" for strain, stress in ROWS[: len(rows)])
    assert refusal and refusal.startswith("row ")
    assert f"; it looks like {looks}, which is [{shown}] here" in refusal
    assert "first yield" not in refusal and refusal.count("looks like") == 1


def test_a_table_that_leaves_small_strains_is_refused_with_both_ways_out() -> None:
    """In a small-strain model it is in per cent nearly always."""
    end = "; plastic strains are fractions, 1 % are 0.01, and they are small here: a table of " + (
        "larger ones has to end at 0.5"
    )
    assert CURVE.refusal([[0, 0.03], [1, 0.05]]) == (
        "row 2, plastic strain: expected at most 0.5, got 1; it looks like plastic strain [%], "
        "flow stress [GPa], which is [[0, 0.03], [0.01, 0.05]] here" + end
    )
    assert CURVE.refusal([[0, 0.03], [60, 0.05]]) == (
        "row 2, plastic strain: expected at most 0.5, got 60" + end
    )
    assert CURVE.refusal([[0, 0.03], [0.5, 0.05]]) is None


def test_a_hint_on_the_first_row_is_given_where_it_may_help() -> None:
    """Not for stresses in another unit that fall, nor where a later row alone is wrong."""
    for rows in ([[0, 3e7], [0.01, 2e7]], [[0, 0.03], [0.01, 0.02]]):
        assert "first yield" not in str(CURVE.refusal(rows))
    assert "first yield" in str(CURVE.refusal([[0, 0], [0.01, 0.03]]))


def test_a_head_without_unit_is_no_word_on_per_cent(tmp_path: Path) -> None:
    file = tmp_path / "curve.csv"
    file.write_text("stress [MPa];plastic strain\n30,0;0\n50,1;1\n")
    phase = {"youngs_modulus": 3.2, "poisson_ratio": 0.35, "table": file}
    with pytest.raises(
        InputError, match=r"it looks like plastic strain \[%\], flow stress \[GPa\]"
    ):
        declared("j2_table", **phase)
    file.write_text("stress [MPa];plastic strain [%]\n30,0;0\n50,1;1\n")
    assert declared("j2_table", **phase).table == ((0, 0.03), (0.01, pytest.approx(0.0501)))


def test_a_curve_with_its_elastic_part_is_told_what_plastic_strain_is() -> None:
    for rows in ([[0, 0], [0.01, 0.03], [0.02, 0.05]], [[0.01, 0.03], [0.02, 0.05]]):
        assert "plastic strain is strain less flow stress over" in str(CURVE.refusal(rows))


FILES = {
    "as the law has it": "plastic strain,flow stress\n0,.03\n.01,.05\n.05,.07\n",
    "an Abaqus card": "Yield stress [MPa],plastic strain\n30,0\n50,.01\n70,.05\n",
    "a testing machine": "Stress (N/mm²);Strain [%]\n30;0\n50;1,0\n70;5\n",
    "no head": "0,.03\n.01,.05\n.05,.07\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize("kind", FILES)
def test_columns_and_units_follow_from_the_head(kind: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(FILES[kind], encoding=encoding)
    rows, headed = CURVE.read(path)
    assert headed == (kind != "no head")
    for row, expected in zip(rows, ROWS, strict=True):
        assert row == pytest.approx(expected)
    law = declared("j2_table", youngs_modulus=3.2, poisson_ratio=0.35, table=path)
    assert law == HardeningTable(3.2, 0.35, rows)


def test_backstresses_are_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "chaboche.csv"
    for text in ("gamma,C [MPa]\n50,2000\n10,500\n", "C;γ_i\n2;50\n0,5;10\n"):
        path.write_text(text, encoding="utf-8")
        assert BACKSTRESSES.read(path) == (((2, 50), (0.5, 10)), True)


def test_in_python_a_wrong_file_is_named_too(tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text("30,0\n50,.01\n")
    constants = {"youngs_modulus": 3.2, "poisson_ratio": 0.35}
    with pytest.raises(InputError) as caught:
        declared("j2_table", **constants, table=str(path))
    assert str(caught.value).startswith(
        "j2_table: table: row 1, plastic strain: expected at most 0.5"
    )
    assert str(caught.value).endswith(f"0.05]] here; table is that of {path}")
    path.write_text("2,50\n")
    steel = {"youngs_modulus": 200, "poisson_ratio": 0.3, "yield_stress": 0.03}
    with pytest.raises(InputError, match="backstresses: without a head its columns may be C and"):
        declared("armstrong_frederick", **steel, backstresses=path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C [%],gamma\n1,1\n", "column C: its unit % is none of GPa, "),
        ("C [kips],gamma\n1,1\n", "column C: its unit kips is none of GPa, "),
        ("C,gamma,T\n1,1,20\n", "expected two columns, C and gamma; T: neither C ("),
        ("C,b\n1,1\n", "expected two columns, C and gamma; b: neither C ("),
        ("C\n1\n", "expected two columns, C and gamma; its head is C"),
        ("C,modulus\n1,1\n", "the columns C and modulus both are C; keep one"),
        ("1,2,3\n", "expected two columns, C and gamma, got 3"),
    ],
)
def test_other_columns_and_units_are_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "chaboche.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        BACKSTRESSES.read(path)
    assert str(caught.value).startswith(f"{path}: {words}")


@pytest.mark.parametrize("rows", [[], 3, "curve.csv", [1, 2], [[1, 2, 3]], [["a", 1]], [[True, 1]]])
def test_what_is_no_table_is_refused(rows: Any) -> None:
    assert CURVE.refusal(rows)
