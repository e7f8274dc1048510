"""What a law says of its parameters: numbers and tables, each with its unit and limits.

A table has two columns, and each column is a number of its own with limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from rve import arguments
from rve.errors import InputError
from rve.own_table import read_numbers
from rve.units import PROJECT, Units, converted, factor, quantity

Table = tuple[tuple[float, float], ...]
"""Rows of two numbers each, as [[0, 0.01], [0.02, 0.03]]."""

MODULUS = 2000.0
"""Above the modulus of any phase, GPa; that of diamond is 1,100."""

STRENGTH = 5.0
"""Above the stress of any phase that yields, GPa; carbon fibres bear 7, but do not yield."""


@dataclass(frozen=True)
class Parameter:
    """What a law says of one of its numbers.

    Attributes:
        description: what it is, without its unit.
        unit: as GPa; "-" where it has none.
        above: it must be greater than this.
        at_least: it must not be smaller.
        below: it must be smaller than this.
        at_most: it must not be greater.
        most: no material has more; a number that is greater has another unit.
        strain: whether it is a strain, which users may write in per cent.
    """

    description: str
    unit: str
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    most: float | None = None
    strain: bool = False

    def unit_in(self, units: Units) -> str:
        """The unit of its values where a user writes in these units."""
        return units.of_kind(self.unit) if self.strain or self.unit != "-" else self.unit

    def within(self, unit: str) -> Self:
        """The same in another unit, for messages."""
        scale = factor(unit, self.unit)
        given = {name: getattr(self, name) for name in arguments.LIMITS}
        limits = {name: limit / scale for name, limit in given.items() if limit is not None}
        return replace(self, unit=unit, **limits)

    def converted(self, value: Any, units: Units) -> Any:
        """A value that has a unit of its own, or is in `units`, in the unit of the law.

        Raises:
            InputError: it has a unit of another kind.
        """
        number, unit = quantity(value, self.unit_in(units))
        if unit == self.unit or not arguments.is_number(number):
            return number
        return converted(number, unit, self.unit)

    def refusal(self, value: Any) -> str | None:
        """What is wrong with a value and what it may have meant, or None."""
        limits = {name: getattr(self, name) for name in arguments.LIMITS}
        return arguments.fault(value, self.unit, **limits)


@dataclass(frozen=True, kw_only=True)
class Column(Parameter):
    """A column of a table; a CSV file heads it by its description or by one of its synonyms."""

    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableParameter:
    """What a law says of one of its tables.

    Attributes:
        description: what it is.
        columns: its two columns.
    """

    description: str
    columns: tuple[Column, Column]

    @property
    def unit(self) -> str:
        """The units of the columns."""
        return ", ".join(column.unit for column in self.columns)

    def refusal(self, value: Any) -> str | None:
        """What is wrong with rows, and what they have to be; None if nothing is wrong."""
        heads = ", ".join(f"{one.description} [{one.unit}]" for one in self.columns)
        if not _is_sequence(value) or not len(value):
            return f"expected rows of {heads}, got {value}"
        for place, row in enumerate(value, start=1):
            if not _is_row(row):
                return f"expected rows of {heads}, but row {place} is {row}"
            for column, cell in zip(self.columns, row, strict=True):
                if fault := column.refusal(cell):
                    return f"row {place}, {column.description}: {fault}; a row is {heads}"
        return None

    def within(self, units: Units) -> Self:
        """The same in the units in which a user writes, for messages."""
        first, second = (column.within(column.unit_in(units)) for column in self.columns)
        return replace(self, columns=(first, second))

    def converted(self, value: Any, units: Units) -> Any:
        """Rows in the units of the law, see `Parameter.converted`; others stay as they are.

        So does the path of a CSV file, unless what it gives without a unit is in other units.

        Raises:
            InputError: a unit is of another kind, or the file cannot be read so.
        """
        if isinstance(value, str | Path) and units != PROJECT and Path(value).is_file():
            rows, headed = self.read(Path(value), units)
            if not headed:
                heads = ",".join(
                    f"{one.description} [{one.unit_in(units)}]" for one in self.columns
                )
                raise InputError(f"{value}: has no head; with `units` it needs one, as {heads}")
            return rows
        if not _is_sequence(value):
            return value
        return tuple(self._row(row, units) if _is_row(row) else row for row in value)

    def _row(self, row: Sequence[Any], units: Units) -> tuple[Any, ...]:
        cells = []
        for column, cell in zip(self.columns, row, strict=True):
            try:
                cells.append(column.converted(cell, units))
            except InputError as error:
                raise InputError(f"{column.description} {cell}: {error}") from None
        return tuple(cells)

    def read(self, path: Path, units: Units = PROJECT) -> tuple[Table, bool]:
        """The rows of a CSV file, in the units of the law, and whether it has a head.

        Its head names the columns, in any order and unit; without a head they stand in the order
        of the law. What has no unit is in `units`.

        Raises:
            InputError: the file is not a table of these columns.
        """
        known = {one.description: one.synonyms for one in self.columns}
        table = read_numbers(path)
        found = table.by_name(known)
        if not table.headed and len(found) == len(known):
            found = dict(zip(known, found.values(), strict=True))
        if found.keys() != known.keys():
            columns = " and ".join(f"{name} ({', '.join(those)})" for name, those in known.items())
            raise InputError(f"{path}: expected two columns, {columns}; got {', '.join(found)}")
        values = (
            found[one.description].within(one.unit, one.unit_in(units)) for one in self.columns
        )
        return tuple(zip(*values, strict=True)), table.headed


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _is_row(value: Any) -> bool:
    return _is_sequence(value) and len(value) == 2
