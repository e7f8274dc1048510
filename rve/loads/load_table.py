"""Load paths from tables: a row a point; columns such as `time [s]`, `eps_11 [%]`, `sig_22`."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rve.errors import InputError
from rve.loads.load_points import NAMES, hint, unit_of
from rve.own_table import Column, read_numbers
from rve.units import Units

ROW_NUMBERS = ("row", "no", "nr", "number", "point", "step", "increment", "index")
"""Heads of columns that say nothing of the load."""


class LoadTable(NamedTuple):
    """Points, and durations if there are times, for `piecewise_linear`; row of the first point."""

    points: list[dict[str, float]]
    first: int
    durations: list[float] | None


def read_load(path: Path, units: Any = None) -> LoadTable:
    """Read load points, and the durations between them, from a CSV table.

    Where the head of a column names no unit, times are in seconds, stresses and strains in `units`
    as `rve.materials.materials` takes them. What an empty cell would say, the point does not name.
    A first row of zeros is the start; without one, time counts from zero.

    Raises:
        InputError: the file is not a table of numbers, it has a column that is no component, a unit
            does not fit its column, or times do not grow.
    """
    known_units, table = Units.of(units), read_numbers(path)
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
