"""Arguments that a user gives in Python: refused with what was expected, as in a configuration."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

import numpy as np

from rve.errors import InputError


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


def number(
    name: str,
    value: Any,
    above: float = -np.inf,
    at_least: float = -np.inf,
    at_most: float = np.inf,
) -> None:
    """Raise an InputError unless a value is a finite number within these limits."""
    if is_number(value) and np.isfinite(value) and above < value and at_least <= value <= at_most:
        return
    limits = {"above": above, "of at least": at_least, "at most": at_most}
    words = " and ".join(
        f"{word} {limit:g}" for word, limit in limits.items() if np.isfinite(limit)
    )
    raise InputError(f"{name}: expected {f'a number {words}'.strip()}, got {value!r}")


def count(name: str, value: Any, at_least: int = 1) -> None:
    """Raise an InputError unless a value is a whole number, not below a limit."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < at_least:
        raise InputError(f"{name}: expected a whole number of at least {at_least}, got {value!r}")


def instance(name: str, value: Any, kind: type, hint: str = "") -> None:
    """Raise an InputError unless a value is of this class; the hint says where one comes from."""
    if not isinstance(value, kind):
        raise InputError(f"{name}: expected a {kind.__name__}{hint}, got a {type(value).__name__}")
