"""Units as people write them, and what they are in the units of this project."""

import re

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

_MEANT = {"-": ("it is a fraction", ("%",)), "GPa": ("its unit is GPa", ("MPa", "Pa"))}
"""Unit of this project -> what is said of it; units in which its values are often given."""


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


def factor(unit: str, base: str) -> float:
    """How many of the unit `base`, one of GPa, - (of a strain) and s, a unit is.

    >>> factor("MPa", "GPa"), factor("%", "-"), factor("N/mm²", "GPa"), factor("", "GPa")
    (0.001, 0.01, 0.001, 1)

    Raises:
        InputError: the unit is not one of this kind.
    """
    if not unit or unit == base:
        return 1
    known = _FACTORS.get(base, {base: 1})
    if _plain(unit) not in known:
        words = ", ".join(" ".join(_UNITS.get(base, {base: 1})).split())
        raise InputError(f"its unit {unit} is none of {words}")
    return known[_plain(unit)]


def other_unit(value: float, most: float, base: str) -> str:
    """In which unit a value whose size is more than `most` would make sense, in words.

    >>> other_unit(30, 5, "GPa")
    '; its unit is GPa, and 30 MPa are 0.03 GPa'
    """
    said, units = _MEANT.get(base, ("", ()))
    for unit in units:
        if abs(meant := value * factor(unit, base)) <= most:
            shown = f"{meant:g} {base.strip('-')}".rstrip()
            return f"; {said}, and {value:g} {unit} are {shown}"
    return f"; {said}" if base == "GPa" else ""
