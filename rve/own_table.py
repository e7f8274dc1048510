"""Tables of numbers that a user gives as CSV files: material curves, load paths.

A file may come from a spreadsheet or a testing machine: UTF-8, UTF-16 or Latin-1; cells separated
by commas, semicolons or tabs; decimal points, or decimal commas where no comma separates cells.
Its first row may be a head of names with units, as in `stress [MPa]`.
"""

import csv
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rve.errors import InputError
from rve.units import converted, parted

_SEPARATORS = ";", "\t", ","
_PLAIN_NUMBERS = (
    "leave a cell without a number empty, put units into the head, as stress [MPa], and write "
    "points in numbers where commas separate cells; else points or commas, not both, and nothing "
    "between thousands"
)
_EXCHANGED = str.maketrans(",.", ".,")


@dataclass(frozen=True)
class Column:
    """A column of a file: name, or number without a head; unit; values, nan where empty."""

    name: str
    unit: str
    values: tuple[float, ...]
    path: Path

    def within(self, base: str, otherwise: str = "") -> tuple[float, ...]:
        """The values in a unit of this project; `otherwise` is theirs if the column names none."""
        try:
            unit = self.unit or otherwise
            return tuple(converted(value, unit, base) for value in self.values)
        except InputError as error:
            raise InputError(f"{self.path}: column {self.name}: {error}") from None


@dataclass(frozen=True)
class OwnTable:
    """A table of numbers. Messages count its rows from 1, the first below the head, if headed."""

    path: Path
    headed: bool
    columns: tuple[Column, ...]

    def by_name(self, known: Mapping[str, Sequence[str]]) -> dict[str, Column]:
        """The columns by known names, of which they have one or a synonym; others by their own.

        Capitals, hyphens and underscores do not count.
        """
        meant = {_plain(word): name for name, words in known.items() for word in (name, *words)}
        found: dict[str, Column] = {}
        for column in self.columns:
            name = meant.get(_plain(column.name), column.name)
            if name in found:
                names = f"{found[name].name} and {column.name}"
                raise InputError(f"{self.path}: the columns {names} both are {name}; keep one")
            found[name] = column
        return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def read_numbers(path: Path) -> OwnTable:
    """Read a CSV table of numbers.

    A column without a name is left out if it only numbers the rows, or if it is empty.

    Raises:
        InputError: the file cannot be read as such a table; file, row and column are named.
    """
    lines = [line for line in _text(path).splitlines() if line.strip(" \t,;")]
    if lines and lines[0].lower().startswith("sep="):  # for Excel; the lines show it themselves
        lines.pop(0)
    while len(lines) > 1 and lines[0].lstrip().startswith("#"):
        # numpy writes its head like a comment
        comment = lines.pop(0).lstrip("# \t")
        if len(_cells([comment])[0]) == len(_cells(lines)[0]) > 1:
            lines.insert(0, comment)
    if not lines:
        raise InputError(f"{path}: is empty; expected a head of names and rows of numbers")
    rows = _cells(lines)
    headed = not any(_is_number(cell) for cell in rows[0])
    heads = [parted(cell) for cell in rows[0]] if headed else [("", "")] * len(rows[0])
    rows = rows[headed:]
    for number, row in enumerate(rows, start=1):
        if len(row) != len(heads):
            raise InputError(
                f"{path}: row {number} has {len(row)} cells, but the first line has {len(heads)}; "
                + _PLAIN_NUMBERS
            )
    comma = _separator(lines) != "," and any("," in cell for row in rows for cell in row)
    columns = []
    for place, (head, unit) in enumerate(heads):
        name = head or f"column {place + 1}"
        values = tuple(
            _number(row[place], comma, f"{path}: row {number}, {name}")
            for number, row in enumerate(rows, start=1)
        )
        counts = headed and values[:1] in ((0,), (1,)) and set(np.diff(values)) <= {1}
        if head or not (counts or np.isnan(values).all()):
            columns.append(Column(name, unit, values, path))
    return OwnTable(path, headed, tuple(columns))


def _text(path: Path) -> str:
    """The text of a file, in the encoding that it seems to have."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if sum(map(str.isascii, text)) >= len(text) / 2 and "\0" not in text:
                return text
    raise InputError(f"{path}: is not text; save the sheet of a spreadsheet as CSV")


def _separator(lines: Sequence[str]) -> str:
    """What separates the cells, as the first line shows."""
    return next((one for one in _SEPARATORS if one in lines[0]), ",")


def _cells(lines: Sequence[str]) -> list[list[str]]:
    read = csv.reader(lines, delimiter=_separator(lines), skipinitialspace=True)
    return [[cell.strip() for cell in row] for row in read]


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def _number(cell: str, comma: bool, where: str) -> float:
    """The number in a cell, with decimal comma or point; nan if the cell is empty."""
    with suppress(ValueError):
        number = float((cell.translate(_EXCHANGED) if comma else cell) or "nan")
        if not cell or number == number:
            return number
    raise InputError(f"{where}: expected a number, got {cell}; {_PLAIN_NUMBERS}")
