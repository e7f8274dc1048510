"""What a law says of its parameters: numbers and tables, each with its unit and limits.

A table has two columns, and each column is a number of its own with limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

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
    """A column of a table; a CSV file heads it by its description or by one of its synonyms.

    Attributes:
        synonyms: further heads.
        total: heads of a total strain, of which the column of a plastic strain is a part.
        unclear: heads that may mean either, and are refused.
    """

    synonyms: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


class TableFile(NamedTuple):
    """What a CSV file holds: rows, whether it has a head, and how rows were made, in words."""

    rows: Table
    headed: bool
    made: str = ""


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

        So does the path of a CSV file.

        Raises:
            InputError: a unit is of another kind.
        """
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

    def read(
        self, path: Path, units: Units = PROJECT, youngs_modulus: float | None = None
    ) -> TableFile:
        """The rows of a CSV file, in the units of the law, and whether it has a head.

        Its head names the columns, in any order and unit; without a head they stand in the order
        of the law. What has no unit is in `units`. A total strain becomes the plastic one by the
        law's Young's modulus, GPa.

        Raises:
            InputError: the file is not a table of these columns; a strain may be a plastic or a
                total one; total strains do not fit Young's modulus, or there is none.
        """
        known = {one.description: one.synonyms for one in self.columns}
        table = read_numbers(path)
        if not table.headed and units != PROJECT:
            heads = ",".join(f"{one.description} [{one.unit_in(units)}]" for one in self.columns)
            raise InputError(f"{path}: has no head; with `units` it needs one, as {heads}")
        totals = {one.total[0]: one for one in self.columns if one.total}
        of_total = {name: one.total for name, one in totals.items()}
        unclear = {one.unclear[0]: one.unclear for one in self.columns if one.unclear}
        found = table.by_name(known | of_total | unclear)
        for one in self.columns:
            if one.unclear and one.unclear[0] in found and one.description not in found:
                unit = found[one.unclear[0]].unit or one.unit_in(units)
                raise InputError(
                    f"{path}: column {found[one.unclear[0]].name}: {one.description} or "
                    f"{one.total[0]}? Write {one.description} [{unit}] or {one.total[0]} [{unit}] "
                    "as its head; a total strain is converted by youngs_modulus"
                )
        if total := next((name for name in totals if name in found and len(found) == 2), None):
            found[totals[total].description] = found.pop(total)
        if not table.headed and len(found) == len(known):
            found = dict(zip(known, found.values(), strict=True))
        if found.keys() != known.keys():
            columns = " and ".join(f"{name} ({', '.join(those)})" for name, those in known.items())
            got = ", ".join(column.name for column in found.values())
            raise InputError(f"{path}: expected two columns, {columns}; got {got}")
        values = (
            found[one.description].within(one.unit, one.unit_in(units)) for one in self.columns
        )
        rows = tuple(zip(*values, strict=True))
        return _plastic(path, rows, youngs_modulus) if total else TableFile(rows, table.headed)


_SAME = 0.02
"""Part of a total strain by which it may differ from stress over modulus and still be elastic."""


def _plastic(path: Path, rows: Table, youngs_modulus: float | None) -> TableFile:
    """Rows of a monotonic test, total strain and stress, as those of plastic strain and stress.

    The last elastic row is first yield, at a plastic strain of 0.
    """
    if youngs_modulus is None or not arguments.is_number(youngs_modulus) or youngs_modulus <= 0:
        raise InputError(
            f"{path}: its total strain becomes the plastic one by youngs_modulus; give this"
        )
    total, stress = np.transpose(rows)
    plastic = total - stress / youngs_modulus
    elastic = np.flatnonzero((plastic <= _SAME * total) & (stress > 0))
    says = f"{path}: its total strains do not fit youngs_modulus {youngs_modulus:g} GPa"
    if not elastic.size:
        row = int(np.argmax(stress > 0))
        raise InputError(
            f"{says}: in row {row + 1} the stress of {1e3 * stress[row]:g} MPa needs an elastic "
            f"strain of {100 * stress[row] / youngs_modulus:.3g} %, and the total one is already "
            f"{100 * total[row]:.3g} %; begin with first yield or elastic rows, without the toe of "
            "the test, or correct youngs_modulus"
        )
    first = int(elastic[-1])
    # Small stresses are left out: there a test has its toe.
    stiff = (plastic < -_SAME * total) & (stress >= stress[first] / 2)
    if stiff.any():
        row = int(stiff.argmax())
        raise InputError(
            f"{says}: in row {row + 1} the stress of {1e3 * stress[row]:g} MPa needs an elastic "
            f"strain of {100 * stress[row] / youngs_modulus:.3g} %, and the total one is "
            f"{100 * total[row]:.3g} %; correct youngs_modulus or the unit of a column"
        )
    plastic[first] = 0
    falls = (np.diff(plastic[first:]) <= 0) | (np.diff(stress[first:]) < 0)
    if falls.any():
        row = first + 1 + int(falls.argmax())
        raise InputError(
            f"{path}: row {row + 1}: expected a plastic strain that rises and a stress that never "
            f"falls, got {100 * plastic[row]:.3g} %, the total strain less stress over "
            f"youngs_modulus, and {1e3 * stress[row]:g} MPa; leave out such rows"
        )
    made = f"from the total strain by youngs_modulus {youngs_modulus:g} GPa"
    if first:
        made += f", without the {first} elastic row{'s' * (first > 1)} before first yield"
    kept = zip(plastic[first:].tolist(), stress[first:].tolist(), strict=True)
    return TableFile(tuple(kept), True, made)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _is_row(value: Any) -> bool:
    return _is_sequence(value) and len(value) == 2
