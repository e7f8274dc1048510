"""Tables of a law: their rows, the files that hold them, and what is wrong with either."""

from pathlib import Path

import numpy as np
import pytest
from configs import GLASS

from rve.errors import InputError
from rve.loads.load_path import piecewise_linear
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.composite import declared, materials
from rve.materials.declaration import TableParameter
from rve.materials.equations import Declared
from rve.materials.hardening_table import HardeningTable
from rve.materials.material_point import response_curve

ROWS = [(0.0, 0.03), (0.01, 0.05), (0.05, 0.07)]


def table_of(law: type[Declared]) -> TableParameter:
    (found,) = (said for said in law.parameters().values() if isinstance(said, TableParameter))
    return found


CURVE, BACKSTRESSES = table_of(HardeningTable), table_of(ArmstrongFrederick)


FILES = {
    "as the law has it": "plastic strain,flow stress\n0,.03\n.01,.05\n.05,.07\n",
    "an Abaqus card": "Yield stress [MPa],plastic strain\n30,0\n50,.01\n70,.05\n",
    "a testing machine": "Stress (N/mm²);Plastic Strain [%]\n30;0\n50;1,0\n70;5\n",
    "no head": "0,.03\n.01,.05\n.05,.07\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
@pytest.mark.parametrize("kind", FILES)
def test_columns_and_units_follow_from_the_head(kind: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    path.write_text(FILES[kind], encoding=encoding)
    rows, headed, _ = CURVE.read(path)
    assert headed == (kind != "no head")
    for row, expected in zip(rows, ROWS, strict=True):
        assert row == pytest.approx(expected)
    law = declared("j2_table", youngs_modulus=3.2, poisson_ratio=0.35, table=path)
    assert law == HardeningTable(3.2, 0.35, rows)


def test_backstresses_are_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "chaboche.csv"
    for text in ("gamma,C [MPa]\n50,2000\n10,500\n", "C;γ_i\n2;50\n0,5;10\n"):
        path.write_text(text, encoding="utf-8")
        assert BACKSTRESSES.read(path)[:2] == (((2, 50), (0.5, 10)), True)


def test_a_total_strain_becomes_the_plastic_one(tmp_path: Path) -> None:
    """A tension test of E = 3.2 GPa: under stress control its total strains come back."""
    path, E = tmp_path / "test.csv", 3.2
    stress, plastic = [0.0, 0.016, 0.032, 0.048, 0.06], [0.0, 0.0, 0.0, 0.01, 0.04]
    total = [s / E + p for s, p in zip(stress, plastic, strict=True)]
    rows = [f"{100 * t!r};{1e3 * s!r}" for t, s in zip(total, stress, strict=True)]
    path.write_text("\n".join(["total strain [%];stress [MPa]", *rows]))
    read = CURVE.read(path, youngs_modulus=E)
    assert np.array(read.rows) == pytest.approx(np.transpose([plastic[2:], stress[2:]]))
    assert read.made == (
        "from the total strain by youngs_modulus 3.2 GPa, without the 2 elastic rows before first "
        "yield"
    )
    for units, modulus in ((None, E), ("MPa", "3.2 GPa"), ("MPa", 3200)):
        constants = {"youngs_modulus": modulus, "poisson_ratio": 0.35, "table": str(path)}
        matrix = {"law": "j2_table", **constants}
        law, _ = materials(matrix, dict(GLASS, youngs_modulus="72 GPa"), units=units)
        for target, expected in zip(stress[2:], total[2:], strict=True):
            path_of_test = piecewise_linear([{"sig_11": target}], 20)
            found = response_curve(law, path_of_test).strain[-1, 0]
            assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("strain [%],stress [MPa]\n0,30\n", r"plastic strain or total strain\? Write plastic"),
        ("ε,σ [MPa]\n0,30\n", r"Write plastic strain \[-\] or total strain \[-\]"),
        ("total strain,plastic strain,stress\n0,0,.03\n", "expected two columns"),
        # Young's moduli of 2.5 and 4 GPa instead of 3.2
        ("total strain [%],stress [MPa]\n0,0\n.6,15\n1.2,30\n3,40\n", "row 2 the stress of 15"),
        (
            "total strain [%],stress [MPa]\n0,0\n.5,20\n1,40\n1.3,41\n3,50\n",
            "row 3 the stress of 40",
        ),
        ("total strain [%],stress [MPa]\n1.5,30\n3,40\n", "row 1 the stress of 30 MPa"),
        ("total strain [%],stress [MPa]\n0,0\n1,32\n3,40\n4,39\n", "row 4: expected a plastic"),
        ("total strain [%],stress [MPa]\n0,0\n1,32\n3,40\n3,41\n", "row 4: expected a plastic"),
    ],
)
def test_a_strain_that_may_be_another_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        CURVE.read(path, youngs_modulus=3.2)


def test_a_total_strain_needs_the_modulus(tmp_path: Path) -> None:
    path = tmp_path / "test.csv"
    path.write_text("total strain,stress [MPa]\n.01,32\n")
    with pytest.raises(InputError, match="becomes the plastic one by youngs_modulus; give this"):
        CURVE.read(path)


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
