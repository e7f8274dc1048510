"""All online schemes; compiled code knows them by their numbers."""

from typing import TYPE_CHECKING, Literal

from evaluation.online.kernels import LIBRARY
from evaluation.online.schemes import fixed_point, newton, residual_stress, tree_newton
from evaluation.online.schemes.scheme import Scheme

_ALL = (residual_stress.SCHEME, newton.SCHEME, fixed_point.SCHEME, tree_newton.SCHEME)
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
    imports, calls = ["from numba import njit"], ["@njit", f"def {part}(scheme, {arguments}):"]
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
