"""Tables of a law: their rows, the files that hold them, and what is wrong with either."""

from pathlib import Path

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
        "j2_table: table: row 1, plastic strain: expected a number of at least 0 and at most 0.5"
    )
    assert str(caught.value).endswith(f"flow stress [GPa]; table is that of {path}")
    path.write_text("2,50\n")
    steel = {"youngs_modulus": 200, "poisson_ratio": 0.3, "yield_stress": 0.03}
    with pytest.raises(InputError, match="without a head its columns may be in either order"):
        declared("armstrong_frederick", **steel, backstresses=path)
