"""Units as people write them, and what they are in the units of this project."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rve.errors import InputError

_POUND_PER_SQUARE_INCH = 6.894757293168e-6  # GPa

_UNITS: dict[str, dict[str, float]] = {
    "GPa": {
        "GPa kN/mm2": 1,
        "MPa N/mm2": 1e-3,
        "kPa": 1e-6,
        "Pa N/m2": 1e-9,
        "bar": 1e-4,
        "psi": _POUND_PER_SQUARE_INCH,
        "ksi": 1e3 * _POUND_PER_SQUARE_INCH,
        "Msi": 1e6 * _POUND_PER_SQUARE_INCH,
    },
    "-": {
        "- 1 mm/mm m/m in/in": 1,
        "% percent pct": 1e-2,
        "‰ mm/m": 1e-3,
        "µm/m um/m microstrain µε": 1e-6,
    },
    "s": {"s sec seconds": 1, "ms": 1e-3, "min minutes": 60, "h hours": 3600},
}
"""Unit of this project -> units of the same kind -> how many of the former they are."""

_OFTEN = {"-": ("%",), "GPa": ("MPa", "Pa")}
"""Unit of this project -> units in which its values are often given."""


def _plain(unit: str) -> str:
    """A unit in small letters, whichever of its signs was taken for a square or for micro."""
    same = str.maketrans({"²": "2", "\u03bc": "µ", "^": None, "*": None, " ": None})
    return unit.casefold().translate(same)


_FACTORS = {
    base: {_plain(unit): factor for units, factor in rows.items() for unit in units.split()}
    for base, rows in _UNITS.items()
}
_KNOWN = {unit for factors in _FACTORS.values() for unit in factors}
_BRACKETED = re.compile(r"(.*?)\s*[\[(]([^\[\]()]*)[\])]")
_BEHIND = re.compile(r"(.*?)(?:\s*/\s*|\s+in\s+|[\s_,]\s*)([^\s_,]+)")


def parted(head: str) -> tuple[str, str]:
    """The name and the unit that the head of a column gives; the unit is empty if it has none.

    >>> parted("stress [MPa]"), parted("strain / %"), parted("sig_11"), parted("time_s")
    (('stress', 'MPa'), ('strain', '%'), ('sig_11', ''), ('time', 's'))
    """
    head = head.strip()
    if match := _BRACKETED.fullmatch(head):
        return match[1].strip(), match[2].strip()
    match = _BEHIND.fullmatch(head)
    if match and match[1] and _plain(match[2]) in _KNOWN - {"-", "1"}:
        return match[1].strip(), match[2]
    return head, ""


def _kind(unit: str) -> str:
    """The unit of this project that is of the kind of a unit; the unit itself if it is of none."""
    return next((base for base, known in _FACTORS.items() if _plain(unit) in known), unit)


def factor(unit: str, base: str) -> float:
    """How many of the unit `base`, one of GPa, - (of a strain), s or of their kinds, a unit is.

    >>> factor("MPa", "GPa"), factor("%", "-"), factor("N/mm²", "GPa"), factor("", "GPa")
    (0.001, 0.01, 0.001, 1)

    Raises:
        InputError: the unit is not one of this kind.
    """
    if not unit or unit == base:
        return 1
    kind = _kind(base)
    known = _FACTORS.get(kind, {_plain(base): 1})
    if _plain(unit) not in known:
        words = ", ".join(" ".join(_UNITS.get(kind, {base: 1})).split())
        raise InputError(f"its unit {unit} is none of {words}")
    return known[_plain(unit)] / known[_plain(base)]


def converted(value: float, unit: str, base: str) -> float:
    """A number in another unit, rounded once: 0.9 MPa are the float that 0.0009 GPa are.

    >>> converted(0.9, "MPa", "GPa"), 0.9 * 1e-3
    (0.0009, 0.0009000000000000001)

    Raises:
        InputError: the unit is not one of the kind of `base`.
    """
    # Decimals as people write them; binary numbers would round the number and the factor, too.
    return float(Decimal(repr(float(value))) * Decimal(repr(float(factor(unit, base)))))


_QUANTITY = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\s\d.,:+-].*)")


def quantity(value: Any, unit: str) -> tuple[Any, str]:
    """A number and its unit: the one written behind it, else `unit`. Others stay as they are.

    >>> quantity("3.2 GPa", "MPa"), quantity(3200, "MPa"), quantity("1e-2", "%")
    ((3.2, 'GPa'), (3200, 'MPa'), (0.01, '%'))
    """
    if isinstance(value, str):
        with suppress(ValueError):  # YAML takes 1e-2 for text
            return float(value), unit
        if match := _QUANTITY.fullmatch(value.strip()):
            return float(match[1]), match[2]
    return value, unit


_GROUPED = re.compile(r"[-+]?\d+([,'_ ]\d+)+(\.\d*)?(\s*[^\s\d].*)?")


def plain_number(value: Any) -> str:
    """How to write a text that is a number to people alone, in words; nothing of others.

    >>> plain_number("3,2 GPa"), plain_number("3 200"), plain_number("many")
    ('; write a point for a decimal comma', '; write nothing between thousands', '')
    """
    if not isinstance(value, str) or not (match := _GROUPED.fullmatch(value.strip())):
        return ""
    if match[1][0] == "," and not match[2]:
        return "; write a point for a decimal comma"
    return "; write nothing between thousands"


@dataclass(frozen=True)
class Units:
    """Units of what a user writes without one.

    Attributes:
        stress: of moduli and stresses.
        strain: of strains.
    """

    stress: str = "GPa"
    strain: str = "-"

    @classmethod
    def of(cls, given: Any) -> "Units":
        """Units as a user gives them: that of stresses, a mapping, or None for the project's.

        >>> Units.of("MPa"), Units.of({"strain": "percent"})
        (Units(stress='MPa', strain='-'), Units(stress='GPa', strain='percent'))

        Raises:
            InputError: they are none.
        """
        if isinstance(given, Units):
            return given
        units = {"stress": given} if isinstance(given, str) else {} if given is None else given
        try:
            if not isinstance(units, Mapping) or units.keys() - {"stress", "strain"}:
                raise InputError(f"got {json.dumps(given, default=str)}")
            found = cls(**{kind: str(unit) for kind, unit in units.items() if unit is not None})
            factor(found.stress, "GPa")
            factor(found.strain, "-")
        except InputError as error:
            raise InputError(
                "expected a unit of stresses and moduli, such as MPa, or also that of strains, "
                f"{{stress: MPa, strain: percent}}; {error}"
            ) from None
        return found

    def of_kind(self, base: str) -> str:
        """The unit of what has the unit `base` in this project: GPa, - of a strain, others."""
        return {"GPa": self.stress, "-": self.strain}.get(base, base)


PROJECT = Units()


def other_unit(value: float, most: float, unit: str) -> str:
    """In which unit a value whose size is more than `most` would make sense, in words.

    >>> other_unit(30, 5, "GPa")
    '; its unit is GPa, and 30 MPa are 0.03 GPa'
    >>> other_unit(3.2e9, 2e6, "MPa")
    '; its unit is MPa, and 3.2e+09 Pa are 3200 MPa'
    """
    kind = _kind(unit)
    said = "it is a fraction" if unit == "-" else f"its unit is {unit}"
    for other in _OFTEN.get(kind, ()):
        if abs(meant := value * factor(other, unit)) <= most:
            shown = f"{meant:g} {unit.strip('-')}".rstrip()
            return f"; {said}, and {value:g} {other} are {shown}"
    return f"; {said}" if kind == "GPa" else ""
