"""Engineering constants of the composites: finite elements beside the networks; constants.csv.

Axis 3 runs along the fibres. The literature has axis 1 there, and axes 2 and 3 across.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rve.arrays import Array
from rve.materials.stiffness import engineering_constants
from rve.table import read_table

FINITE_ELEMENTS = "finite elements"
PACKING = "packing of {fibres} fibres, seed {seed}"
"""Source of a further packing that the study compares."""

COLUMNS = ["composite", "source"]
COLUMNS += ["E1", "E2", "E3", "G23", "G31", "G12", "nu12", "nu13", "nu23"]
"""Of constants.csv; moduli in GPa, axis 3 along the fibres."""

NAMES = {
    "E1": ("E3", "Young's modulus along the fibres", "GPa"),
    "E2": ("E1", "Young's modulus across the fibres", "GPa"),
    "E3": ("E2", "Young's modulus across the fibres, the other axis", "GPa"),
    "G12": ("G31", "shear modulus along the fibres", "GPa"),
    "G13": ("G23", "shear modulus along the fibres, the other axis", "GPa"),
    "G23": ("G12", "shear modulus across the fibres", "GPa"),
    "nu12": ("nu31", "contraction across the fibres under stress along them", "-"),
    "nu13": ("nu32", "the same, along the other axis", "-"),
    "nu23": ("nu12", "contraction across the fibres under stress across them", "-"),
}
"""Name in the literature -> name in the project's axes, meaning and unit."""


def constants(stiffnesses: Mapping[str, Mapping[str, Array]]) -> pd.DataFrame:
    """The constants of stiffnesses (6, 6), GPa, Mandel, by composite and source.

    Returns:
        `COLUMNS`, a row for each.
    """
    names = [(composite, source) for composite, of in stiffnesses.items() for source in of]
    every = np.array([stiffness for of in stiffnesses.values() for stiffness in of.values()])
    table = pd.DataFrame(names, columns=COLUMNS[:2])
    return table.assign(**engineering_constants(every))


def read(path: Path) -> pd.DataFrame:
    """The table of `constants`.

    Raises:
        InputError: the file is not a table.
    """
    return read_table(path)


def side_by_side(table: pd.DataFrame, composite: str, networks: Sequence[str]) -> pd.DataFrame:
    """The constants of a composite by finite elements and by a network, or by the mean of several.

    Args:
        table: of `constants`.
        composite: its name.
        networks: ids of one or more networks; those without a row, as their training failed, do
            not count.

    Returns:
        A row for each of NAMES, which are the index: `here`, `meaning` and `unit` as there,
        `finite_elements` and `network` in this unit, and in per cent of the finite elements
        `deviation` of the network and `spread`, the standard deviation of several networks.
    """
    rows = _by_source(table, composite)
    members = rows[rows.index.isin(list(networks))]
    reference, mean = rows.T[FINITE_ELEMENTS], members.mean()
    found = pd.DataFrame(list(NAMES.values()), list(NAMES), ["here", "meaning", "unit"])
    return found.assign(
        finite_elements=reference,
        network=mean,
        deviation=100 * (mean / reference - 1),
        spread=100 * members.std() / reference.abs(),
    )


def packing_scatter(table: pd.DataFrame, composite: str) -> pd.DataFrame:
    """The constants of a composite over packings of equal number of fibres, by finite elements.

    Returns:
        Rows by number of fibres and name in the literature: `packings`, how many there are, with
        their `mean` and standard deviation `std`. None in a study that compares no packings.
    """
    rows = _by_source(table, composite)
    number = PACKING.format(fibres=r"(\d+)", seed=r"\d+")
    fibres = rows.index.str.extract(number, expand=False).astype(float).astype("Int64")
    values = rows.assign(fibres=fibres).melt("fibres", var_name="name")
    by_number = values.groupby(["fibres", "name"], sort=False)["value"]
    return by_number.agg(["size", "mean", "std"]).rename(columns={"size": "packings"})


def _by_source(table: pd.DataFrame, composite: str) -> pd.DataFrame:
    """A row for each source of a composite, columns by the names of the literature."""
    rows = table[table["composite"] == composite].set_index("source")
    nu31 = rows["nu13"] * rows["E3"] / rows["E1"]
    rows = rows.assign(nu31=nu31, nu32=rows["nu23"] * rows["E3"] / rows["E2"])
    return rows[[here for here, *_ in NAMES.values()]].set_axis(list(NAMES), axis=1)


def transverse_differences(constants: Mapping[str, Any]) -> dict[str, Any]:
    """How far a composite, in its axes, is from transversely isotropic; per cent.

    Zero each for a composite that is the same in all directions across the fibres. Packings of few
    fibres at random differ a little, and a square array does so in the last one alone.

    Args:
        constants: those of a row of `constants`, or of all rows.

    Returns:
        `E`, by which E1 is above E2; `G_along`, by which G31 is above G23; `G_across`, by which G12
        is above the shear modulus in axes that are turned by 45 degrees, for which
        1 / G = 1 / E1 + 1 / E2 + 2 nu12 / E1 holds in orthotropic composites.
    """
    E1, E2, G12 = (constants[name] for name in ("E1", "E2", "G12"))
    return {
        "E": 100 * (E1 / E2 - 1),
        "G_along": 100 * (constants["G31"] / constants["G23"] - 1),
        "G_across": 100 * (G12 * ((1 + 2 * constants["nu12"]) / E1 + 1 / E2) - 1),
    }
