"""What a law says of its parameters: numbers and tables, each with its unit and limits.

A table has two columns, and each column is a number of its own with limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rve.arguments import is_number
from rve.errors import InputError
from rve.own_table import read_numbers
from rve.units import other_unit

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
                meant = ""
                if self.most is not None and value > self.most:
                    meant = other_unit(float(value), self.most, self.unit)
                limit = f"{bound:g} {self.unit.strip('-')}".rstrip()
                return f"expected {words} {limit}, got {value:g}{meant}"
        return None


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

    def sequence_fault(self, value: Any, before: Any) -> str | None:
        """What is wrong with a value below another, None for the first row; or None."""
        if fault := self.refusal(value):
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
        """What is wrong with rows, and what they have to be; None if nothing is wrong."""
        names = " and ".join(self.names)
        if not _is_sequence(value) or not len(value):
            return f"expected rows of {names}, got {value}"
        most, before = self.columns[0].most, (None, None)
        for place, row in enumerate(value, start=1):
            if not _is_sequence(row) or len(row) != 2:
                return f"expected rows of {names}, but row {place} is {row}"
            for column, cell, above in zip(self.columns, row, before, strict=True):
                if fault := column.sequence_fault(cell, above):
                    heads = ", ".join(f"{one.name} [{one.unit}]" for one in self.columns)
                    late = most is not None and is_number(row[0]) and row[0] > most
                    why = self.beyond if late else self.start if place == 1 else ""
                    fault = f"row {place}, {column.name}: {fault}"
                    return "; ".join(filter(None, [fault, f"a row is {heads}", why]))
            before = row
        return None

    def read(self, path: Path) -> tuple[Table, bool]:
        """The rows of a CSV file, in the units of the columns, and whether it has a head.

        Its head names the columns, in any order and unit; without a head they stand in the order
        and in the units of the law.

        Raises:
            InputError: the file is not a table of these columns.
        """
        table = read_numbers(path)
        columns = [table.column(column.name, column.synonyms) for column in self.columns]
        if not table.headed:
            columns = list(table.columns)
        if len(table.columns) != 2 or None in columns:
            known = (f"{one.name} ({', '.join(one.synonyms)})" for one in self.columns)
            heads = ", ".join(column.name for column in table.columns if table.headed)
            raise InputError(
                f"{path}: expected two columns, {' and '.join(known)}; got "
                f"{heads or f'{len(table.columns)} without a head'}"
            )
        first, second = (
            found.within(column.unit)
            for found, column in zip(columns, self.columns, strict=True)
            if found
        )
        return tuple(zip(first, second, strict=True)), table.headed


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)
