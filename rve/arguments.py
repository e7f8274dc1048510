"""Arguments that a user gives in Python: refused with what was expected, as in a configuration."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

import numpy as np

from rve.errors import InputError


def choice(name: str, value: Any, choices: Collection[str]) -> None:
    """Raise an InputError unless a value is one of these words."""
    if isinstance(value, str) and value in choices:
        return
    small = {one.lower(): one for one in choices}
    near = get_close_matches(str(value).lower(), small, n=1)
    hint = f"; did you mean {small[near[0]]!r}?" if near else ""
    raise InputError(f"{name}: expected one of {', '.join(choices)}, got {value!r}{hint}")


def number(
    name: str,
    value: Any,
    above: float = -np.inf,
    at_least: float = -np.inf,
    at_most: float = np.inf,
) -> None:
    """Raise an InputError unless a value is a finite number within these limits."""
    real = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if real and np.isfinite(value) and above < value and at_least <= value <= at_most:
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
