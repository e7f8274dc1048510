"""Engineering constants of composites, by finite elements and by networks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from meshes import isotropic_stiffness, orthotropic
from numpy.typing import NDArray

from evaluation.measures.constants import (
    COLUMNS,
    FINITE_ELEMENTS,
    NAMES,
    PACKING,
    constants,
    packing_scatter,
    read,
    side_by_side,
    transverse_differences,
)
from rve.mandel import rotation_matrix
from rve.table import write_table

Array = NDArray[np.float64]

# A ply as in data sheets, axis 3 along the fibre: nu31 = 0.25 and nu32 = 0.30 there.
PLY = {
    "E11": 10.0, "E22": 8.0, "E33": 200.0,
    "G12": 3.5, "G13": 6.0, "G23": 5.0,
    "nu12": 0.4, "nu13": 0.25 * 10 / 200, "nu23": 0.30 * 8 / 200,
}  # fmt: skip


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    """Of two composites; the networks of `ply` are 1.02 and 0.96 times as stiff."""
    ply, resin = orthotropic(**PLY), isotropic_stiffness(3.0, 0.3)
    factors = {FINITE_ELEMENTS: 1.0, "007": 1.02, "imn": 0.96}
    found = {
        "ply": {name: factor * ply for name, factor in factors.items()},
        "resin": {FINITE_ELEMENTS: resin},
    }
    write_table(constants(found), tmp_path / "constants.csv")
    return read(tmp_path / "constants.csv")


def test_a_row_for_each_composite_and_source(table: pd.DataFrame) -> None:
    assert list(table) == COLUMNS
    names = table[["composite", "source"]].to_numpy().tolist()
    assert names == [
        ["ply", "finite elements"],
        ["ply", "007"],
        ["ply", "imn"],
        ["resin", "finite elements"],
    ]
    assert table.loc[1, "G31"] == pytest.approx(1.02 * 6)
    assert table.loc[3, ["E3", "G12", "nu13"]].tolist() == pytest.approx([3.0, 3 / 2.6, 0.3])


def test_constants_by_the_names_of_the_literature(table: pd.DataFrame) -> None:
    """Its axes 1, 2, 3 are 3, 1, 2 here."""
    found = side_by_side(table, "ply", ["007"])
    assert found["finite_elements"].to_dict() == pytest.approx(
        {
            "E1": 200,
            "E2": 10,
            "E3": 8,
            "G12": 6,
            "G13": 5,
            "G23": 3.5,
            "nu12": 0.25,
            "nu13": 0.30,
            "nu23": 0.4,
        }
    )
    assert list(found.index) == list(NAMES)
    assert found.loc["nu12", "here"] == "nu31" and found.loc["G23", "here"] == "G12"


def test_a_network_beside_finite_elements_and_the_mean_of_several(table: pd.DataFrame) -> None:
    one = side_by_side(table, "ply", ["007"])
    moduli = one["unit"] == "GPa"
    assert one["network"][moduli].to_numpy() == pytest.approx(
        1.02 * one["finite_elements"][moduli].to_numpy()
    )
    assert one["deviation"].to_numpy() == pytest.approx(np.where(moduli, 2, 0), abs=1e-9)
    assert one["spread"].isna().all()
    both = side_by_side(table, "ply", ["imn", "failed", "007"])
    assert both["deviation"].to_numpy() == pytest.approx(np.where(moduli, -1, 0), abs=1e-9)
    # Two values that are 6 % apart.
    assert both["spread"].to_numpy() == pytest.approx(np.where(moduli, 18**0.5, 0), abs=1e-9)


def test_scatter_of_packings_is_that_of_equal_numbers_of_fibres() -> None:
    """Finite elements of the study's own cell and networks do not count."""
    ply = orthotropic(**PLY)
    factors = {
        FINITE_ELEMENTS: 1.0,
        "imn_d7_n24_b8_eta1_xi1_s00": 2.0,
        PACKING.format(fibres=30, seed=1): 0.99,
        PACKING.format(fibres=30, seed=2): 1.03,
        PACKING.format(fibres=100, seed=1): 1.2,
    }
    table = constants({"ply": {name: factor * ply for name, factor in factors.items()}})
    found = packing_scatter(table, "ply")
    assert found.loc[30].index.tolist() == list(NAMES)
    assert found.loc[30]["packings"].tolist() == [2] * len(NAMES)
    assert found.loc[(30, "E1"), "mean"] == pytest.approx(1.01 * 200)
    assert found.loc[(30, "E1"), "std"] == pytest.approx(0.04 * 200 / 2**0.5)
    assert found.loc[(30, "nu12"), "mean"] == pytest.approx(0.25)
    assert found.loc[(100, "G23"), "mean"] == pytest.approx(1.2 * 3.5)
    assert np.isnan(found.loc[(100, "G23"), "std"])
    assert len(found) == 2 * len(NAMES)
    assert packing_scatter(table[:2], "ply").empty


def turned(degrees: float, stiffness: Array) -> Array:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rotation = rotation_matrix(np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]))
    return rotation @ stiffness @ rotation.T


def test_differences_across_the_fibres_are_those_of_turned_axes(table: pd.DataFrame) -> None:
    """By a quarter turn and by half of it."""
    plain, quarter, eighth = (
        constants({"": {"": turned(degrees, orthotropic(**PLY))}}).iloc[0]
        for degrees in (0, 90, 45)
    )
    found = transverse_differences(table[table["source"] == "imn"].iloc[0])
    assert found["E"] == pytest.approx(100 * (plain["E1"] / quarter["E1"] - 1)) == 25
    assert found["G_along"] == pytest.approx(100 * (plain["G31"] / quarter["G31"] - 1)) == 20
    assert found["G_across"] == pytest.approx(100 * (plain["G12"] / eighth["G12"] - 1))


def test_a_transversely_isotropic_composite_has_no_differences(table: pd.DataFrame) -> None:
    constants = table[table["composite"] == "resin"]
    for difference in transverse_differences(constants).values():
        assert difference.to_numpy() == pytest.approx([0], abs=1e-9)
