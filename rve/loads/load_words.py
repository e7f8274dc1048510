"""Points of a load path from the words of a command line, such as `12=3%` and `sig_22=-20MPa`."""

import re
from collections.abc import Sequence

from rve.errors import InputError
from rve.loads.load_points import NAMES, hint, unit_of
from rve.units import converted, factor

_WORD = re.compile(r"([^=]+)=\s*([-+]?[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?)\s*([^\s\d,.].*)?")
_EXPECTED = "expected a component and its value, such as 12=0.03, 12=3% or sig_22=-20MPa"


def read_point(words: Sequence[str]) -> dict[str, float]:
    """A point of `piecewise_linear`: the strain or the stress of a component a word.

    A component alone, as 12, is its engineering strain, or its stress if the value has a unit of
    stress. Strains are fractions and stresses are in GPa if they have no unit.

    >>> read_point(["12=3%", "sig_22=-20MPa"])
    {'eps_12': 0.03, 'sig_22': -0.02}

    Raises:
        InputError: a word is not such a value, or a component stands twice.
    """
    point: dict[str, float] = {}
    for word in words:
        found = _WORD.fullmatch(word.strip())
        if not found or not any(map(str.isdigit, found[2])):
            raise InputError(f"{word}: {_EXPECTED}")
        name, unit = found[1].strip(), (found[3] or "").strip()
        if re.fullmatch("[1-3xyz]{2}", name):
            name = f"{'sig' if _is_stress(unit) else 'eps'}_{name}"
        if name not in NAMES:
            raise InputError(f"{word}: unknown component {name}{hint(name)}")
        if name in point:
            raise InputError(f"{word}: {name} stands twice in one point")
        try:
            point[name] = converted(float(found[2]), unit, unit_of(name))
        except InputError as error:
            raise InputError(f"{word}: {error}; {_EXPECTED}") from None
    return point


def _is_stress(unit: str) -> bool:
    try:
        return bool(unit) and factor(unit, "GPa") > 0
    except InputError:
        return False
