"""Whether a phase bears what a solid can bear: plastic constants against its own modulus.

The theoretical strength of a perfect crystal is about a tenth of Young's modulus (Kelly &
Macmillan, Strong Solids (1986)). Metals and polymers yield well below: piano wire at a fiftieth,
glassy polymers at a thirtieth. So the stress that a law bears at first yield and after a plastic
strain of 5 % shows that a constant has another unit, or that two are exchanged, whatever the kind
of hardening. A hardening modulus alone does not show it: that of a backstress may well exceed
Young's modulus if the backstress fades soon. Phases that stay elastic have no such limit.
"""

from collections.abc import Mapping
from dataclasses import fields
from itertools import product
from typing import TYPE_CHECKING, Any

from rve.errors import InputError
from rve.materials.parameter import STRENGTH, Reading, fewest

if TYPE_CHECKING:
    from rve.materials.isotropic import IsotropicLaw

STRAINS = 0.0, 0.05
"""Plastic strains at which a law is looked at."""

REFUSED, DOUBTED = 0.1, 0.05
"""Shares of Young's modulus: a law that bears more than the first is refused; than the second, a
remark says so."""

WEAK = 1e-4
"""Share of Young's modulus below which the modulus may be the one in another unit."""

_ELASTIC = "youngs_modulus", "poisson_ratio"


def refusal(law: "IsotropicLaw") -> str | None:
    """Why no solid that yields bears as much as a law says, and what was meant; or None."""
    if (fault := _fault(law)) is None:
        return None
    meant = _meant(law) or "check the units"
    return f"{fault}; {meant}; a phase that stays elastic has the law isotropic"


def remark(law: "IsotropicLaw") -> str | None:
    """What a law bears if that is much or little for its modulus; else None."""
    for p in STRAINS:
        if law.uniaxial_stress(p) > DOUBTED * law.youngs_modulus:
            return f"{_bears(law, p)}, much for a solid; check the units"
    if 0 < law.uniaxial_stress(STRAINS[-1]) < WEAK * law.youngs_modulus:
        return f"{_bears(law, STRAINS[-1])}, little for a solid; check the units"
    return None


def _bears(law: "IsotropicLaw", p: float) -> str:
    stress, when = (
        law.uniaxial_stress(p),
        f"at a plastic strain of {100 * p:g} %" if p else "at yield",
    )
    share = stress / law.youngs_modulus
    return f"{when} it bears {stress:.3g} GPa, {share:.2g} of its youngs_modulus"


def _fault(law: "IsotropicLaw") -> str | None:
    for p in STRAINS:
        if law.uniaxial_stress(p) > REFUSED * law.youngs_modulus:
            return f"{_bears(law, p)}; no solid that yields bears a tenth of it"
        if law.uniaxial_stress(p) > STRENGTH:
            return f"{_bears(law, p)}; no phase that yields bears {STRENGTH:g} GPa"
    return None


def _meant(law: "IsotropicLaw") -> str:
    """The fewest plastic constants that would do in another unit or order."""
    plastic = {
        key.name: list(said.readings(getattr(law, key.name)))
        for key, said in law.parameters().items()
        if key.name not in _ELASTIC
    }
    fitting = []
    for readings in product(*plastic.values()):
        meant = dict(zip(plastic, readings, strict=True))
        if _admissible(law, {name: one.value for name, one in meant.items()}):
            words = ", ".join(f"{name} {one.words}" for name, one in meant.items() if one.changes)
            fitting.append(Reading(sum(one.changes for one in readings), words, meant))
    return " or ".join(one.words for one in fewest(fitting)) if fitting else ""


def _admissible(law: "IsotropicLaw", constants: Mapping[str, Any]) -> bool:
    """Whether a law would be accepted with other constants."""
    other = object.__new__(type(law))
    vars(other).update({one.name: getattr(law, one.name) for one in fields(law)})
    vars(other).update(constants)
    if any(said.fault(getattr(other, key.name)) for key, said in law.parameters().items()):
        return False
    try:
        other.check()
    except InputError:
        return False
    return _fault(other) is None
