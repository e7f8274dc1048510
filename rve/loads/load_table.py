"""Load paths from tables: a row a point; columns such as `time [s]`, `eps_11 [%]`, `sig_22`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rve.errors import InputError
from rve.loads.load_path import Control, LoadPath, piecewise_linear, under
from rve.loads.load_points import NAMES, hint, problems, unit_of
from rve.own_table import Column, read_numbers
from rve.units import Units

ROW_NUMBERS = ("row", "no", "nr", "number", "point", "step", "increment", "index")
"""Heads of columns that say nothing of the load."""


class LoadTable(NamedTuple):
    """Points, and durations if there are times, for `piecewise_linear`; row of the first point."""

    points: list[dict[str, float]]
    first: int
    durations: list[float] | None


def read_path(
    path: Path | str,
    increments: int,
    duration: float | Sequence[float] | None = None,
    control: Control = "stress",
) -> LoadPath:
    """Read a load path from a CSV table of points; straight segments lead from one to the next.

    Args:
        path: the table. Its first row names the columns `eps_11` .. `eps_12` (engineering strains),
            `sig_11` .. `sig_12` (stresses) and `time`, with units as in `sig_22 [MPa]`; without
            units they are fractions, GPa and seconds.
        increments: equal increments of each segment.
        duration: of each segment, or of all alike, s; 1 s by default. Times of a table are
            durations, too.
        control: what is zero in the components that the table does not name, as of `monotonic`.

    Raises:
        InputError: as `read_load` and `piecewise_linear`, with the file and the row; or there are
            both times and durations.

    Example:
        Shear to 3 % under a pressure across of 20 MPa:

        >>> import tempfile
        >>> from pathlib import Path
        >>> from rve.loads import read_path
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table = Path(folder) / "shear.csv"
        ...     _ = table.write_text("time [min],eps_12 [%],sig_22 [MPa]\\n1,0,-20\\n2,3,-20\\n")
        ...     path = read_path(table, increments=10)
        >>> path.durations.sum().item(), path.targets[-1, 1].item()
        (120.0, -0.02)
    """
    read = read_load(path)
    if read.durations and duration is not None:
        raise InputError(f"{path}: has times, which are durations; give no other duration")
    points = under(control, read.points)
    if problem := next(problems(points, "row", read.first), None):
        raise InputError(f"{path}: {problem}")
    return piecewise_linear(points, increments, read.durations or duration or 1.0)


def read_load(path: Path | str, units: Any = None) -> LoadTable:
    """Read load points, and the durations between them, from a CSV table.

    Where the head of a column names no unit, times are in seconds, stresses and strains in `units`
    as `rve.materials.materials` takes them. What an empty cell would say, the point does not name.
    A first row of zeros is the start; without one, time counts from zero.

    Raises:
        InputError: the file is not a table of numbers, it has a column that is no component, a unit
            does not fit its column, or times do not grow.
    """
    known_units, table = Units.of(units), read_numbers(Path(path))
    if not table.headed:
        raise InputError(
            f"{path}: its first line holds numbers; expected the names of the columns, such as "
            "time [s], eps_11, sig_22 [MPa]"
        )
    known = dict.fromkeys((*NAMES, *ROW_NUMBERS), ())
    found = table.by_name({"time": ("t",), **known})
    times = found.pop("time", None)
    if unknown := next((name for name in found if name not in known), None):
        raise InputError(f"{path}: unknown column {unknown}{hint(unknown, ('time', *NAMES))}")
    columns = {
        name: column.within(unit_of(name), known_units.of_kind(unit_of(name)))
        for name, column in found.items()
        if name in NAMES
    }
    points = [
        {name: value for name, value in zip(columns, row, strict=True) if not np.isnan(value)}
        for row in zip(*columns.values(), strict=True)
    ]
    begins = bool(points) and bool(points[0]) and not any(points[0].values())
    return LoadTable(
        points[begins:], 1 + begins, None if times is None else _durations(times, begins)
    )


def _durations(times: Column, begins: bool) -> list[float]:
    """Time from row to row, s; up to the first row, time counts from zero."""
    seconds = np.array(times.within("s"))
    before = np.append(seconds[:1] if begins else 0.0, seconds)[:-1]
    for row, (last, now) in enumerate(zip(before, seconds, strict=True), start=1):
        if row > begins and not last < now < np.inf:
            raise InputError(
                f"{times.path}: row {row}, {times.name}: expected more than the {last:g} s of the "
                f"row before, got {now:g}; a path begins unloaded at time 0, or at a row of zeros"
            )
    return (seconds - before)[begins:].tolist()
