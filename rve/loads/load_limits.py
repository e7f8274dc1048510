"""How far loads and curves go: what must be meant in another unit, and what is no small strain."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rve import arguments
from rve.arrays import Array
from rve.errors import InputError
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath
from rve.loads.load_points import LARGEST_STRESS
from rve.mandel import COMPONENTS, engineering_strain, engineering_stress, to_tensor
from rve.units import other_unit

ELASTIC_STRAIN = 0.05
"""Largest elastic strain of a stiff phase: glass, the most extensible of stiff fibres, breaks at
5 %, and glassy polymers yield before."""

SMALL_STRAIN = 0.1
"""Largest principal strain e that is small. Beyond it Green's strain e + e^2 / 2 and the
logarithmic ln(1 + e) differ from e by 5 % of it or more."""

LITTLE_STRAIN = 5e-4
"""Strain below which structural metals and polymers are elastic still."""

_LARGE = SMALL_STRAIN * (1 + 1e-9)  # a load of 10 % is not beyond it by rounding
_FRACTION = "a number without a unit is a fraction, unless `units` say otherwise"
_BEYOND = f"beyond {100 * SMALL_STRAIN:g} % a theory of small strains has an error of more than 5 %"


def strains_at_least(stress: Array, stiffnesses: Sequence[Array]) -> Array:
    """Strains (n,) along stresses (n, 6) that an elastic composite exceeds.

    The strain along a stress is its work over its norm, for a uniaxial stress the axial strain. No
    mixture is stiffer than Voigt's mean of the stiffnesses, and so than their sum, whatever the
    volume fractions; where phases yield it gives way even more. Mandel, GPa.
    """
    strain = np.linalg.solve(np.sum(stiffnesses, axis=0), stress.T).T
    along: Array = (stress * strain).sum(axis=1) / np.linalg.norm(stress, axis=1)
    return along


def refusal_of_stress(stress: Array, stiffnesses: Sequence[Array], composite: str) -> str | None:
    """Why a stress (6,), Mandel, GPa, cannot be one of these phases; None if it can.

    It is zero where it is not prescribed; the message calls the material by the last argument.
    """
    if not stress.any():
        return None
    (strain,) = strains_at_least(stress[None], stiffnesses)
    if strain <= ELASTIC_STRAIN:
        return None
    components = engineering_stress(stress)
    place = int(np.abs(components).argmax())
    value = components[place]
    return (
        f"sig_{COMPONENTS[place]} is {value:g} GPa, which would strain {composite} by more than "
        f"{100 * strain:.3g} % even if its phases stayed elastic, and no phase bears an "
        f"elastic strain of {100 * ELASTIC_STRAIN:g} %" + other_unit(value, LARGEST_STRESS, "GPa")
    )


def check_load(path: LoadPath, materials: Sequence[Any], composite: str = "the composite") -> None:
    """Raise an InputError unless a path is one, of stresses that these laws can have."""
    arguments.instance("path", path, LoadPath, ", as piecewise_linear gives it")
    stresses = np.where(path.strain_controlled, 0.0, np.nan_to_num(path.targets))
    loaded = np.flatnonzero(stresses.any(axis=1))
    if not loaded.size:
        return
    stiffnesses = [material.stiffness for material in materials]
    worst = loaded[strains_at_least(stresses[loaded], stiffnesses).argmax()]
    if reason := refusal_of_stress(stresses[worst], stiffnesses, composite):
        raise InputError(f"increment {worst + 1} of the path: {reason}")


def large_strain(curve: Curve) -> str | None:
    """In words where a curve leaves small strains, and what follows; None if it does not."""
    if np.linalg.norm(curve.strain, axis=1).max() <= _LARGE:
        return None  # no principal strain is larger than the norm
    principal = np.abs(np.linalg.eigvalsh(to_tensor(curve.strain))).max(axis=1)
    if not (beyond := np.flatnonzero(principal > _LARGE)).size:
        return None
    return (
        f"strains are not small from increment {beyond[0]} of {len(principal) - 1} on: they reach "
        f"{100 * principal.max():.3g} %, and {_BEYOND}"
    )


def doubtful_target(path: LoadPath) -> str | None:
    """In words that a path prescribes strains which are not small, or next to none; or None."""
    targets = np.nan_to_num(path.targets)
    prescribed = np.where(path.strain_controlled, targets, 0.0)
    # No component of a tensor exceeds its largest principal value, whatever the others are.
    largest = float(np.abs(to_tensor(prescribed)).max())
    if largest > _LARGE:
        return (
            f"strains of {100 * largest:.3g} % are prescribed; {_BEYOND}; {_FRACTION}; did you "
            "mean per cent?"
        )
    little = np.abs(engineering_strain(prescribed)).max() < LITTLE_STRAIN
    if largest and little and (targets == prescribed).all():
        return (
            f"strains below {100 * LITTLE_STRAIN:g} % are prescribed, at which few solids yield; "
            + _FRACTION
        )
    return None


def large_strains(curves: Mapping[str, Curve]) -> list[str]:
    """What `large_strain` says of curves: each sentence once, with the names of its curves."""
    found: dict[str, list[str]] = {}
    for name, curve in curves.items():
        if remark := large_strain(curve):
            found.setdefault(remark, []).append(name)
    return [f"{'; '.join(names)}: {remark}" for remark, names in found.items()]


def warn_of_large_strain(*curves: Curve) -> None:
    """Warn whoever called the caller, once, if one of several curves leaves small strains."""
    remarks = {place: large_strain(curve) for place, curve in enumerate(curves, start=1)}
    if not (beyond := {place: remark for place, remark in remarks.items() if remark}):
        return
    place, words = next(iter(beyond.items()))
    if len(curves) > 1:
        words = f"{len(beyond)} of {len(curves)} paths; number {place}: {words}"
    warnings.warn(words, stacklevel=3)
