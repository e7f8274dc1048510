"""All online schemes; compiled code knows them by their numbers."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal

import evaluation.online.schemes
from evaluation.online.kernels import LIBRARY
from evaluation.online.schemes.scheme import Scheme


def _collected() -> list[Scheme]:
    """The schemes of this folder's files, in their order."""
    found: dict[str, Scheme] = {}
    for module in iter_modules(evaluation.online.schemes.__path__, "evaluation.online.schemes."):
        if module.name != __name__:
            members = vars(import_module(module.name)).values()
            found |= {one.name: one for one in members if isinstance(one, Scheme)}
    return sorted(found.values(), key=lambda scheme: (scheme.place, scheme.name))


_ALL = _collected()
"""In the order of the numbers by which compiled code knows them."""

SCHEMES = tuple(scheme.name for scheme in _ALL)
if TYPE_CHECKING:
    SchemeName = str
else:
    SchemeName = Literal[SCHEMES]


def scheme_of(name: str) -> Scheme:
    """The scheme of this name."""
    return _ALL[SCHEMES.index(name)]


def schemes_for(kind: str) -> tuple[str, ...]:
    """Names of the schemes that a study uses for a kind of network unless told otherwise."""
    return tuple(scheme.name for scheme in _ALL if kind in scheme.kinds)


def _choice(part: str, arguments: str) -> str:
    """Text of a function that calls this part of the scheme whose number it is given first."""
    imports = ["from numba import njit"]
    calls = ['@njit(inline="always")', f"def {part}(scheme, {arguments}):"]
    for place, scheme in enumerate(_ALL):
        function = getattr(scheme, part)
        imports.append(f"from {function.__module__} import {function.__name__} as {scheme.name}")
        condition = f"if scheme == {place}: " if place + 1 < len(_ALL) else ""
        calls.append(f"    {condition}return {scheme.name}({arguments})")
    return "\n".join([*imports, "", *calls, ""])


linearise = LIBRARY.written(
    "linearise", lambda: _choice("linearise", "lanes, network, work, iteration")
)
step = LIBRARY.written("step", lambda: _choice("step", "lanes, network, work, load, iteration"))
