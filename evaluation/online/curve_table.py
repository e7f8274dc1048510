"""The table of a predicted curve, with a time and with units in its heads, and its CSV file."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.files import replacing
from rve.loads.curve import Curve
from rve.mandel import COMPONENTS, engineering_strain, engineering_stress
from rve.units import factor

Columns = Mapping[str, Array | Integers]
"""Head of a column, as `sig_11 [GPa]` -> its values (n + 1,)."""


def columns_of(curve: Curve, unit: str = "GPa", deviation: Array | None = None) -> Columns:
    """The columns of a curve: increment, time, strains, stresses, iterations, steps.

    Args:
        curve: of n increments.
        unit: of the stresses.
        deviation: standard deviation (n + 1, 6) of the stresses, GPa, Mandel, if there is one.

    Raises:
        InputError: the unit is none of a stress.
    """
    scale = 1 / factor(unit, "GPa")
    stresses = {"sig": curve.stress} | ({} if deviation is None else {"deviation": deviation})
    found: dict[str, Array | Integers] = {
        "increment": np.arange(len(curve.strain)),
        "time [s]": curve.time,
    }
    strain = engineering_strain(curve.strain)
    found |= {f"eps_{c} [-]": strain[:, i] for i, c in enumerate(COMPONENTS)}
    for name, values in stresses.items():
        shown = scale * engineering_stress(values)
        found |= {f"{name}_{c} [{unit}]": shown[:, i] for i, c in enumerate(COMPONENTS)}
    return found | {"newton_iterations": curve.iterations, "steps": curve.steps}


def write(columns: Columns, file: Path) -> None:
    """Write columns as CSV; numbers keep all their digits.

    Raises:
        InputError: the file cannot be written.
    """
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    lines = [",".join(columns), *(",".join(map(repr, row)) for row in rows)]
    try:
        with replacing(file) as temporary:
            temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written: {error.strerror}") from error
