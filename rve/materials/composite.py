"""The two base materials of a composite from their constants, Tables 1 and 2."""

from collections.abc import Mapping
from dataclasses import MISSING
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import rve.materials
from rve.errors import InputError
from rve.materials.law import Declared, Law

DEFAULTS = {"matrix": "j2", "fibre": "orthotropic"}
"""Phase -> the law of a phase that names none."""


def _named(declared: type[Declared]) -> dict[str, type[Declared]]:
    """A class and those derived from it, by the name that the configuration uses."""
    own = {declared.name: declared} if "name" in vars(declared) else {}
    for derived in declared.__subclasses__():
        named = _named(derived)
        for name in own.keys() & named.keys():
            raise InputError(f"two laws have the name {name}: {own[name]} and {named[name]}")
        own |= named
    return own


for _module in iter_modules(rve.materials.__path__, "rve.materials."):
    if _module.name not in ("rve.materials.points", __name__):  # points is compiled from a copy
        import_module(_module.name)

LAWS: dict[str, type[Declared]] = dict(sorted(_named(Declared).items()))  # type: ignore[type-abstract]
"""Name in the configuration -> class that declares the constants; found in this folder's files."""


def nearest_law(name: str) -> str | None:
    """The law whose name was probably meant, None if no name is near."""
    plain = name.lower().replace("-", "_").replace(" ", "_")
    return next(iter(get_close_matches(plain, LAWS, n=1, cutoff=0.7)), None)


def materials(matrix: Mapping[str, Any], fibre: Mapping[str, Any]) -> tuple[Law, Law]:
    """Laws of p1, the matrix, and p2, the fibre.

    Args:
        matrix: `law`, one of LAWS, j2 if left out, and the constants of that law.
        fibre: likewise; `law` is orthotropic if left out.

    Raises:
        InputError: there is no such law, or a constant is missing, unknown or not admissible.
    """
    return declared(DEFAULTS["matrix"], **matrix).law(), declared(DEFAULTS["fibre"], **fibre).law()


def declared(default: str, law: str | None = None, **constants: Any) -> Declared:
    """What declares the law of one phase, from its name and constants; GPa, degrees, seconds.

    Raises:
        InputError: as `materials`.
    """
    name = law or default
    if name not in LAWS:
        near = nearest_law(name)
        hint = f"; did you mean {near}?" if near else ""
        raise InputError(f"law: expected one of {', '.join(LAWS)}, got {name}{hint}")
    parameters = LAWS[name].parameters()
    keys = {one.name for one in parameters}
    required = {one.name for one in parameters if one.default is MISSING}
    if unknown := sorted(constants.keys() - keys):
        raise InputError(f"{name}: {unknown[0]}: unknown; it has {', '.join(sorted(keys))}")
    if missing := sorted(required - constants.keys()):
        raise InputError(f"{name}: {missing[0]}: missing")
    return LAWS[name](**constants)
