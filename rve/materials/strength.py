"""Whether a phase bears what a solid can bear: plastic constants against its own modulus.

The theoretical strength of a perfect crystal is about a tenth of Young's modulus (Kelly &
Macmillan, Strong Solids (1986)). Metals and polymers yield well below: piano wire at a fiftieth,
glassy polymers at a thirtieth. So the stress that a law bears at first yield and after a plastic
strain of 5 % shows that a constant has another unit, or that two are exchanged, whatever the kind
of hardening. Phases that stay elastic have no such limit.

A hardening modulus alone shows it less: that of a backstress may well exceed Young's modulus if the
backstress fades soon. Fits of steels have up to 2.3 times (Bari & Hassan, Int. J. Plasticity 16
(2000) 381).
"""

from collections.abc import Mapping
from dataclasses import fields
from itertools import product
from typing import TYPE_CHECKING, Any

from rve.errors import InputError
from rve.materials.declaration import STRENGTH, Reading, fewest

if TYPE_CHECKING:
    from rve.materials.isotropic import IsotropicLaw

STRAINS = 0.0, 0.05
"""Plastic strains at which a law is looked at."""

REFUSED, DOUBTED = 0.1, 0.05
"""Shares of Young's modulus: a law that bears more than the first is refused; than the second, a
remark says so."""

STEEP_REFUSED, STEEP_DOUBTED = 10.0, 3.0
"""The same for the modulus of a backstress, in Young's moduli."""

WEAK = 1e-4
"""Share of Young's modulus below which the modulus may be the one in another unit."""

_ELASTIC = "youngs_modulus", "poisson_ratio"


def refusal(law: "IsotropicLaw") -> str | None:
    """Why no solid that yields bears as much as a law says, and what was meant; or None."""
    strong = _strong(law)
    if (fault := strong or _steep(law, STEEP_REFUSED)) is None:
        return None
    meant = _meant(law) or "check the units"
    elastic = "; a phase that stays elastic has the law isotropic" if strong else ""
    return f"{fault}; {meant}{elastic}"


def remark(law: "IsotropicLaw") -> str | None:
    """What a law bears if that is much or little for its modulus; else None."""
    for p in STRAINS:
        if law.uniaxial_stress(p) > DOUBTED * law.youngs_modulus:
            return f"{_bears(law, p)}, much for a solid; check the units"
    if steep := _steep(law, STEEP_DOUBTED):
        return f"{steep}; check units and order"
    strongest = max(STRAINS, key=law.uniaxial_stress)  # a law may soften
    if 0 < law.uniaxial_stress(strongest) < WEAK * law.youngs_modulus:
        return f"{_bears(law, strongest)}, little for a solid; check the units"
    return None


def _bears(law: "IsotropicLaw", p: float) -> str:
    stress, when = (
        law.uniaxial_stress(p),
        f"at a plastic strain of {100 * p:g} %" if p else "at yield",
    )
    share = stress / law.youngs_modulus
    return f"{when} it bears {stress:.3g} GPa, {share:.2g} of its youngs_modulus"


def _steep(law: "IsotropicLaw", limit: float) -> str | None:
    times = law.backstress_modulus / law.youngs_modulus
    if times <= limit:
        return None
    return (
        f"a backstress has the modulus C = {law.backstress_modulus:g} GPa, {times:.2g} times the "
        f"youngs_modulus; fits of materials have less than {STEEP_DOUBTED:g} times"
    )


def _strong(law: "IsotropicLaw") -> str | None:
    for p in STRAINS:
        if law.uniaxial_stress(p) > REFUSED * law.youngs_modulus:
            return f"{_bears(law, p)}; no solid that yields bears a tenth of it"
        if law.uniaxial_stress(p) > STRENGTH:
            return f"{_bears(law, p)}; no phase that yields bears {STRENGTH:g} GPa"
    return None


def _meant(law: "IsotropicLaw") -> str:
    """The fewest plastic constants that would do in another unit or order, best without remark."""
    plastic = {
        key.name: list(said.readings(getattr(law, key.name)))
        for key, said in law.parameters().items()
        if key.name not in _ELASTIC
    }
    fitting: dict[bool, list[Reading]] = {False: [], True: []}
    for readings in product(*plastic.values()):
        meant = dict(zip(plastic, readings, strict=True))
        other = _with(law, {name: one.value for name, one in meant.items()})
        if _admissible(other):
            words = ", ".join(f"{name} {one.words}" for name, one in meant.items() if one.changes)
            found = Reading(sum(one.changes for one in readings), words, meant)
            fitting[other.warning() is not None].append(found)
    best = fitting[False] or fitting[True]
    return " or ".join(one.words for one in fewest(best)) if best else ""


def _with(law: "IsotropicLaw", constants: Mapping[str, Any]) -> "IsotropicLaw":
    """A law with other constants, which are not checked."""
    other = object.__new__(type(law))
    vars(other).update({one.name: getattr(law, one.name) for one in fields(law)})
    vars(other).update(constants)
    return other


def _admissible(law: "IsotropicLaw") -> bool:
    """Whether a law would be accepted."""
    if any(said.fault(getattr(law, key.name)) for key, said in law.parameters().items()):
        return False
    try:
        law.check()
    except InputError:
        return False
    return not (_strong(law) or _steep(law, STEEP_REFUSED))
