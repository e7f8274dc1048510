"""Macroscopic stress-strain curves and their files."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.extras import extra
from rve.mandel import (
    COMPONENTS,
    engineering_strain,
    engineering_stress,
    from_engineering_strain,
    from_engineering_stress,
)

if TYPE_CHECKING:
    import pandas as pd


logger = logging.getLogger(__name__)

_STRAIN_COLUMNS = [f"eps_{c}" for c in COMPONENTS]
_STRESS_COLUMNS = [f"sig_{c}" for c in COMPONENTS]
_COLUMNS = ["time", *_STRAIN_COLUMNS, *_STRESS_COLUMNS, "newton_iterations", "steps"]


@dataclass(frozen=True)
class Curve:
    """Response along a load path, its unloaded start included.

    Attributes:
        strain: macroscopic strain (n + 1, 6), Mandel.
        stress: macroscopic stress (n + 1, 6), GPa, Mandel.
        time: at the start and at the end of each increment (n + 1,), s.
        iterations: equilibrium iterations (n + 1,) spent in each increment.
        steps: number of steps (n + 1,) in which each increment was made, none for the start; more
            than one if it was halved.

    Example:
        >>> from rve.loads import monotonic
        >>> from rve.materials import J2Plasticity
        >>> alloy = J2Plasticity(youngs_modulus=70.0, poisson_ratio=0.33, yield_stress=0.21)
        >>> curve = alloy.curve(monotonic("11", 0.006, 4, control="stress"))
        >>> curve.stress[:, 0].round(9).tolist()
        [0.0, 0.105, 0.21, 0.21, 0.21]
        >>> curve.steps.tolist()
        [0, 1, 1, 1, 1]
    """

    strain: Array
    stress: Array
    time: Array
    iterations: Integers
    steps: Integers


def remark_on_halving(curve: Curve, materials: Sequence[object]) -> None:
    """Log a warning if a curve with a rate-dependent law has increments that were halved.

    Backward Euler has an error that depends on the steps: a curve bends where their length changes.
    """
    halved = np.flatnonzero(curve.steps > 1)
    if len(halved) and any(getattr(one, "rate_dependent", False) for one in materials):
        logger.warning(
            "%d of %d increments were halved, the first is number %d: the stresses of a "
            "rate-dependent law depend on the steps there; use more increments, so that none is "
            "halved",
            len(halved),
            len(curve.strain) - 1,
            halved[0],
        )


def to_frame(curve: Curve) -> "pd.DataFrame":
    """Table of a curve: increment, time [s], strains, stresses [GPa], newton_iterations, steps."""
    with extra("study"):
        import pandas as pd

    table = pd.DataFrame(engineering_strain(curve.strain), columns=_STRAIN_COLUMNS)
    table[_STRESS_COLUMNS] = engineering_stress(curve.stress)
    table["newton_iterations"], table["steps"] = curve.iterations, curve.steps
    table.insert(0, "increment", np.arange(len(table)))
    table.insert(1, "time", curve.time)
    return table


def from_frame(table: "pd.DataFrame") -> Curve:
    """The curve in a table made by `to_frame`."""
    return Curve(
        from_engineering_strain(table[_STRAIN_COLUMNS].to_numpy(dtype=float)),
        from_engineering_stress(table[_STRESS_COLUMNS].to_numpy(dtype=float)),
        table["time"].to_numpy(dtype=float),
        table["newton_iterations"].to_numpy(dtype=np.int64),
        table["steps"].to_numpy(dtype=np.int64),
    )


def write_curve(curve: Curve, path: Path) -> None:
    """Write a curve to a CSV file."""
    from rve.table import write_table

    write_table(to_frame(curve), path)


def read_curve_table(path: Path) -> "pd.DataFrame":
    """Read a table of one curve or of several, each as `to_frame` makes it.

    Raises:
        InputError: the file is no such table.
    """
    from rve.table import read_table

    problem = f"{path}: not the table of a stress-strain curve"
    try:
        table = read_table(path)
    except InputError as error:
        raise InputError(f"{problem}: {error}") from error
    if lacking := [name for name in _COLUMNS if name not in table]:
        raise InputError(
            f"{problem}: it has no column {lacking[0]}; if an earlier version wrote it, delete it "
            "and run the study again"
        )
    return table


def read_curve(path: Path) -> Curve:
    """Read a curve from a CSV file.

    Raises:
        InputError: the file is not the table of a curve, or holds a value that is not finite.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from rve.loads import monotonic, read_curve
        >>> from rve.loads.curve import write_curve
        >>> from rve.materials import J2Plasticity
        >>> alloy = J2Plasticity(70.0, 0.33, yield_stress=0.21)
        >>> curve = alloy.curve(monotonic("12", 0.01, 2, "stress"))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_curve(curve, Path(folder) / "12.csv")
        ...     strain = read_curve(Path(folder) / "12.csv").strain
        >>> round(float(strain[-1, 5] ** 2), 12)  # Mandel's shear is gamma / sqrt(2)
        5e-05
    """
    table = read_curve_table(path)
    try:
        curve = from_frame(table)
    except ValueError as error:
        raise InputError(f"{path}: not the table of a stress-strain curve: {error}") from error
    if not all(np.isfinite(values).all() for values in (curve.time, curve.strain, curve.stress)):
        raise InputError(f"{path}: holds a time, strain or stress that is not finite")
    return curve
