"""Tables of numbers as spreadsheets and testing machines write them, and their units."""

from pathlib import Path

import pytest

from rve.errors import InputError
from rve.own_table import OwnTable, read_numbers
from rve.units import factor, parted


def read(folder: Path, text: str, encoding: str = "utf-8") -> OwnTable:
    path = folder / "own.csv"
    path.write_bytes(text.encode(encoding))
    return read_numbers(path)


STRAIN, STRESS = (0.0, 0.01), (0.03, 0.05)

SAME = {
    "commas": "ε_p [-],σ [MPa]\n0,30\n0.01,50\n",
    "a separator told to Excel": "sep=;\nε_p [%];σ [MPa]\n0;30,0\n1,0;50\n",
    "semicolons and decimal commas": "ε_p [%];σ [MPa]\n0;30,0\n1,0;50\n",
    "tabs": "ε_p / %\tσ / GPa\n0\t.03\n1\t5e-2\n",
    "quotes": '"ε_p","σ (N/mm²)"\n"0","30"\n"0.01","50"\n',
    "an index": ",ε_p,σ [MPa]\n0,0,30\n1,0.01,50\n",
    "separators at the end": "ε_p;σ in MPa;\n0;30;\n\n0,01;50;\n;;\n",
    "a comment for head": "# of 1999\n# ε_p, σ MPa\n0, 30\n0.01, 50\n",
}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]
)
@pytest.mark.parametrize("kind", SAME)
def test_a_table_is_read_however_it_was_saved(kind: str, encoding: str, tmp_path: Path) -> None:
    text, names = SAME[kind], ("ε_p", "σ")
    if encoding == "latin-1":  # which has no Greek letters
        names = "Dehnung", "Größe"
        text = text.replace("ε_p", names[0]).replace("σ", names[1])
    table = read(tmp_path, text, encoding)
    assert table.headed
    assert tuple(column.name for column in table.columns) == names
    strain, stress = table.columns
    assert strain.within("-") == pytest.approx(STRAIN)
    assert stress.within("GPa") == pytest.approx(STRESS)


def test_a_table_without_head_has_numbered_columns(tmp_path: Path) -> None:
    table = read(tmp_path, "0;0,03\n0,01;0,05\n")
    assert not table.headed
    assert [(column.name, column.values) for column in table.columns] == [
        ("column 1", STRAIN),
        ("column 2", STRESS),
    ]


def test_columns_are_found_by_name_or_synonym(tmp_path: Path) -> None:
    table = read(tmp_path, "Flow-Stress [MPa],PEEQ\n30,0\n")
    known = {"flow stress": (), "plastic strain": ("peeq",), "gamma": ()}
    stress, strain = table.by_name(known).values()
    assert list(table.by_name(known)) == ["flow stress", "plastic strain"]
    assert list(table.by_name({})) == ["Flow-Stress", "PEEQ"]
    assert (stress.within("GPa"), strain.within("-")) == ((pytest.approx(0.03),), (0,))
    with pytest.raises(InputError, match="Flow-Stress and PEEQ both are flow stress; keep one"):
        table.by_name({"flow stress": ("peeq",)})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty; expected a head of names"),
        (b"PK\x03\x04\x14\x00\x06\x00workbook", "save the sheet of a spreadsheet as CSV"),
        (b"\x00\x01\x00\x00binary\x00", "is not text"),
    ],
)
def test_what_cannot_be_read_is_named_with_file_and_row(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"own\.csv: {words}|own\.csv: .*{words}"):
        read_numbers(path)


@pytest.mark.parametrize(
    ("head", "name", "unit"),
    [
        ("C [MPa]", "C", "MPa"),
        ("stress (GPa)", "stress", "GPa"),
        ("plastic strain %", "plastic strain", "%"),
        ("stress_MPa", "stress", "MPa"),
        ("σ / N/mm²", "σ", "N/mm²"),
        ("Spannung in MPa", "Spannung", "MPa"),
        ("strain [mm/mm]", "strain", "mm/mm"),
        ("t_s", "t", "s"),
        ("sig_11", "sig_11", ""),
        ("C_1", "C_1", ""),
        ("%", "%", ""),
    ],
)
def test_units_are_found_in_heads(head: str, name: str, unit: str) -> None:
    assert parted(head) == (name, unit)


def test_units_become_those_of_the_project() -> None:
    """ISO 80000; a pound-force per square inch is 4.4482216152605 N over (25.4 mm)^2."""
    for unit in ("MPa", "mpa", "N/mm2", "N/mm^2", "N/mm²", "N / mm²"):
        assert factor(unit, "GPa") == 1e-3
    assert factor("ksi", "GPa") == pytest.approx(4.4482216152605 / 25.4**2, rel=1e-12)
    assert factor("µm/m", "-") == factor("\u03bcm/m", "-") == factor("microstrain", "-") == 1e-6
    assert factor("min", "s") == 60
    for unit, base in (("MPa", "-"), ("%", "GPa"), ("stone", "GPa"), ("true", "-")):
        with pytest.raises(InputError, match=f"its unit {unit} is none of {base}, "):
            factor(unit, base)


def test_a_column_of_another_unit_is_refused_by_name(tmp_path: Path) -> None:
    (column,) = read(tmp_path, "stress (true)\n1\n").columns
    with pytest.raises(InputError, match=r"own\.csv: column stress: its unit true is none of GPa"):
        column.within("GPa")
