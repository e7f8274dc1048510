"""What a law says of its parameters: numbers and tables, each with its unit and limits.

A table has two columns, and each column is a number of its own with limits. Where a table is
refused, it is read once more with its columns exchanged, its stresses in MPa and its strains in per
cent, and the message says which reading would do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rve.arguments import is_number
from rve.errors import InputError
from rve.own_table import Column as OwnColumn
from rve.own_table import OwnTable, read_numbers
from rve.units import factor, other_unit

Table = tuple[tuple[float, float], ...]
"""Rows of two numbers each, as [[0, 0.01], [0.02, 0.03]]."""

MODULUS = 2000.0
"""Above the modulus of any phase, GPa; that of diamond is 1,100."""

STRENGTH = 5.0
"""Above the stress of any phase that yields, GPa; carbon fibres bear 7, but do not yield."""

_OTHER_UNITS = {"GPa": ("MPa", "Pa"), "-": ("%",)}
"""Unit -> those that a number which is too large may have, the likelier first."""


@dataclass(frozen=True)
class Reading:
    """What a value may have meant.

    Attributes:
        changes: how many of its units and orders are others than those asked for; a less likely
            unit counts twice.
        words: what it looks like.
        value: as it should then have been given.
    """

    changes: int
    words: str
    value: Any


def fewest(readings: Sequence[Reading]) -> list[Reading]:
    """The readings of the fewest changes."""
    least = min(one.changes for one in readings)
    return [one for one in readings if one.changes == least]


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
    """

    description: str
    unit: str
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None
    most: float | None = None

    def refusal(self, value: Any) -> str | None:
        """What is wrong with a value and what it may have meant, or None."""
        fault = self.fault(value)
        if fault and self.most is not None and is_number(value) and value > self.most:
            return fault + other_unit(float(value), self.most, self.unit)
        return fault

    def fault(self, value: Any) -> str | None:
        """What is wrong with a value, or None."""
        if not (is_number(value) and np.isfinite(value)):
            return f"expected a finite number, got {value!r}"
        bounds = (
            (self.above, np.greater, "greater than"),
            (self.at_least, np.greater_equal, "at least"),
            (self.below, np.less, "less than"),
            (self.at_most, np.less_equal, "at most"),
            (self.most, np.less_equal, "at most"),
        )
        for bound, holds, words in bounds:
            if bound is not None and not holds(value, bound):
                return f"expected {words} {bound:g} {self.unit.strip('-')}".rstrip() + (
                    f", got {value:g}"
                )
        return None

    def readings(self, value: Any) -> Iterator[Reading]:
        """What a number may have meant, first as it stands."""
        yield Reading(0, "", value)
        if self.unit == "GPa" and value:
            other = _OTHER_UNITS[self.unit][0]
            meant = value * factor(other, self.unit)
            words = f"looks like {other}: {value:g} {other} are {meant:g} {self.unit}"
            yield Reading(1, words, meant)


@dataclass(frozen=True, kw_only=True)
class Column(Parameter):
    """A column of a table.

    Attributes:
        name: by which a CSV file heads it.
        synonyms: other usual heads.
        first: what it begins with; None for any value.
        order: `rises` if each value exceeds the one before, `never falls` if none is smaller than
            it; None for any order.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    first: float | None = None
    order: str | None = None

    @property
    def units(self) -> list[tuple[str, float]]:
        """Units that the column may be in, and what these are in its own."""
        units = [self.unit]
        if self.unit == "GPa" or self.most is not None:  # a number without a limit is no strain
            units += _OTHER_UNITS.get(self.unit, ())
        return [(unit, factor(unit, self.unit)) for unit in units]

    def sequence_fault(self, value: Any, before: Any) -> str | None:
        """What is wrong with a value below another, None for the first row; or None."""
        if fault := self.fault(value):
            return fault
        if before is None and self.first is not None and value != self.first:
            return f"expected {self.first:g}, got {value:g}"
        if before is not None and (
            (self.order == "rises" and value <= before)
            or (self.order == "never falls" and value < before)
        ):
            return f"expected a value that {self.order}, got {value:g} after {before:g}"
        return None


@dataclass(frozen=True)
class TableParameter:
    """What a law says of one of its tables.

    Attributes:
        description: what it is.
        columns: its two columns.
        start: what the first row is, in words; empty if it is as any other.
        beyond: where rows have to end whose first column exceeds its `most`, in words.
    """

    description: str
    columns: tuple[Column, Column]
    start: str = ""
    beyond: str = ""

    @property
    def unit(self) -> str:
        """The units of the columns."""
        return ", ".join(column.unit for column in self.columns)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def refusal(self, value: Any) -> str | None:
        """What is wrong with rows, and what they look like; None if nothing is wrong."""
        if not (fault := self.fault(value)) or not _is_table(value):
            return fault
        fitting = [one for one in self.readings(value) if not self.fault(one.value)]
        looks = f"it {' or '.join(one.words for one in fewest(fitting))}" if fitting else ""
        most = [np.inf if column.most is None else column.most for column in self.columns]
        small = [row for row in value if row[0] <= most[0]]
        hint = ""
        if len(small) < len(value) and not self.fault(small):
            hint = self.beyond
        elif not looks and np.all(np.less_equal(value[0], most)) and self.fault(value[:1]):
            hint = self.start
        return "; ".join(filter(None, (fault, looks, hint)))

    def fault(self, value: Any) -> str | None:
        """What is wrong with rows, or None."""
        names = " and ".join(self.names)
        if not _is_sequence(value) or not len(value):
            return f"expected rows of {names}, got {value}"
        before: Sequence[Any] = (None, None)
        for place, row in enumerate(value, start=1):
            if not _is_sequence(row) or len(row) != 2:
                return f"expected rows of {names}, but row {place} is {row}"
            for column, cell, above in zip(self.columns, row, before, strict=True):
                if fault := column.sequence_fault(cell, above):
                    return f"row {place}, {column.name}: {fault}"
            before = row
        return None

    def readings(self, value: Any) -> Iterator[Reading]:
        """What rows may have meant, first as they stand."""
        rows = np.asarray(value, dtype=float)
        for turned, units in product((False, True), product(*(one.units for one in self.columns))):
            heads = [f"{n} [{unit}]" for n, (unit, _) in zip(self.names, units, strict=True)]
            head = ", ".join(heads[::-1] if turned else heads)
            read = (rows[:, ::-1] if turned else rows) * [size for _, size in units]
            unlikely = [c.units.index(unit) for c, unit in zip(self.columns, units, strict=True)]
            shown = ", ".join(f"[{first:g}, {second:g}]" for first, second in read[:3])
            words = f"looks like {head}, which is [{shown}{', ...' * (len(read) > 3)}] here"
            yield Reading(turned + sum(unlikely), words, read.tolist())

    def read(self, path: Path) -> tuple[Table, bool]:
        """The rows of a CSV file, in the units of the columns, and whether it has a head.

        Its head names the columns, in any order and unit; without a head they stand in the order
        and in the units of the law.

        Raises:
            InputError: the file is not a table of these columns.
        """
        table = read_numbers(path)
        found = [table.column(column.name, column.synonyms) for column in self.columns]
        columns = [one for one in found if one] if table.headed else [*table.columns]
        if len(table.columns) != 2 or len(columns) != 2:
            raise InputError(f"{path}: {self._wrong_columns(table, columns)}")
        first, second = (
            one.within(column.unit) for one, column in zip(columns, self.columns, strict=True)
        )
        return tuple(zip(first, second, strict=True)), table.headed

    def _wrong_columns(self, table: OwnTable, found: Sequence[OwnColumn]) -> str:
        expected = f"expected two columns, {' and '.join(self.names)}"
        if not table.headed:
            return f"{expected}, got {len(table.columns)}"
        heads = [column.name for column in table.columns]
        if not (unknown := [one.name for one in table.columns if one not in found]):
            return f"{expected}; its head is {', '.join(heads)}"
        known = " nor ".join(f"{one.name} ({', '.join(one.synonyms)})" for one in self.columns)
        return f"{expected}; {' and '.join(unknown)}: neither {known}"


def exchanged(rows: Table) -> Table:
    """Rows of two cells with their cells exchanged."""
    return tuple((second, first) for first, second in rows)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _is_table(value: Any) -> bool:
    """Whether a value is rows of two finite numbers, whatever these are."""
    return (
        _is_sequence(value)
        and len(value) > 0
        and all(_is_sequence(row) and len(row) == 2 for row in value)
        and all(is_number(cell) and np.isfinite(cell) for row in value for cell in row)
    )
