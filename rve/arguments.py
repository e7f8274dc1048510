"""Arguments that a user gives in Python: refused with what was expected, as in a configuration."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from rve.errors import InputError
from rve.units import other_unit, plain_number

LIMITS = {
    "above": (np.greater, "above"),
    "at_least": (np.greater_equal, "of at least"),
    "below": (np.less, "below"),
    "at_most": (np.less_equal, "at most"),
    "most": (np.less_equal, "at most"),
}
"""What a number may be held to: whether it does, and in words."""


def nearest(name: object, known: Collection[str], cutoff: float = 0.7) -> str | None:
    """The known name that was probably meant, None if none is near.

    Capitals do not count, and hyphens and blanks are as underscores. Names of other digits mean
    something else.
    """
    wanted = str(name).lower().replace("-", "_").replace(" ", "_")
    plain = {one.lower(): one for one in known if _digits(one) == _digits(wanted)}
    near = get_close_matches(wanted, plain, n=1, cutoff=cutoff)
    return plain[near[0]] if near else None


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def did_you_mean(name: object, known: Collection[str]) -> str:
    """`; did you mean newton?`, or nothing if no known name is near."""
    near = nearest(name, known)
    return f"; did you mean {near}?" if near else ""


def is_number(value: object) -> bool:
    """Whether a value is a real number, of Python or numpy; true and false are none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def choice(name: str, value: Any, choices: Collection[str] | Collection[int]) -> None:
    """Raise an InputError unless a value is one of these words or whole numbers."""
    known = {str(one): one for one in choices}
    plain = isinstance(value, str | int | np.integer) and not isinstance(value, bool)
    if plain and value in known.values():
        return
    near = nearest(value, known)
    hint = f"; did you mean {known[near]!r}?" if near else ""
    raise InputError(f"{name}: expected one of {', '.join(known)}, got {value!r}{hint}")


def fault(value: Any, unit: str = "-", **limits: Any) -> str | None:
    """What a value should be if it is no finite number within limits; None if it is one.

    Args:
        value: of any type.
        unit: of value and limits.
        limits: by the names of LIMITS; None for no limit. A value beyond `most` has another unit:
            the one that it may have meant is named.
    """
    given = {name: limit for name, limit in limits.items() if limit is not None}
    finite = is_number(value) and np.isfinite(value)
    if finite and all(LIMITS[name][0](value, limit) for name, limit in given.items()):
        return None
    words = " and ".join(f"{LIMITS[name][1]} {limit:g}" for name, limit in given.items())
    expected = " ".join(f"a number {words} {unit.strip('-')}".split())
    most = given.get("most", np.inf)
    meant = other_unit(value, most, unit) if finite and abs(value) > most else plain_number(value)
    return f"expected {expected}, got {f'{value:g}' if finite else repr(value)}{meant}"


def number(name: str, value: Any, **limits: Any) -> None:
    """Raise an InputError unless a value is a finite number within limits, those of `fault`."""
    if reason := fault(value, **limits):
        raise InputError(f"{name}: {reason}")


def count(name: str, value: Any, at_least: int = 1) -> None:
    """Raise an InputError unless a value is a whole number, not below a limit."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < at_least:
        raise InputError(f"{name}: expected a whole number of at least {at_least}, got {value!r}")


def listed(name: str, values: Any, what: str, at_least: int) -> None:
    """Raise an InputError unless values are a list, or the like, of so many at least."""
    if not isinstance(values, Sequence) or len(values) < at_least:
        got = len(values) if isinstance(values, Sequence) else f"a {type(values).__name__}"
        words = f"{('', 'one or more ', 'two or more ')[at_least]}{what}"
        raise InputError(f"{name}: expected a list of {words}, got {got}")


def instance(name: str, value: Any, kind: type, hint: str = "") -> None:
    """Raise an InputError unless a value is of this class; the hint says where one comes from."""
    if not isinstance(value, kind):
        raise InputError(f"{name}: expected a {kind.__name__}{hint}, got a {type(value).__name__}")
