"""The two base materials of a composite from their constants, Tables 1 and 2."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import rve.materials
from rve.materials.law import Declared, Law

DEFAULTS = {"matrix": "j2", "fibre": "orthotropic"}
"""Phase -> the law of a phase that names none."""


def _named(declared: type[Declared]) -> dict[str, type[Declared]]:
    """A class and those derived from it, by the name that the configuration uses."""
    own = {declared.name: declared} if "name" in vars(declared) else {}
    for derived in declared.__subclasses__():
        own |= _named(derived)
    return own


for _module in iter_modules(rve.materials.__path__, "rve.materials."):
    if _module.name not in ("rve.materials.points", __name__):  # points is compiled from a copy
        import_module(_module.name)

LAWS: dict[str, type[Declared]] = dict(sorted(_named(Declared).items()))  # type: ignore[type-abstract]
"""Name in the configuration -> class that declares the constants; found in this folder's files."""


def materials(matrix: Mapping[str, Any], fibre: Mapping[str, Any]) -> tuple[Law, Law]:
    """Laws of p1, the matrix, and p2, the fibre.

    Args:
        matrix: `law`, one of LAWS, j2 if left out, and the constants of that law.
        fibre: likewise; `law` is orthotropic if left out.

    Raises:
        InputError: a constant is not admissible.
    """
    return phase(DEFAULTS["matrix"], **matrix), phase(DEFAULTS["fibre"], **fibre)


def phase(default: str, law: str | None = None, **constants: Any) -> Law:
    """The law of one phase, from its name and constants; GPa, degrees, seconds."""
    return LAWS[law or default](**constants).law()
