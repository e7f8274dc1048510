"""Points of a load path as a user gives them: what a point may name, and what is wrong with it."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rve import arguments
from rve.arrays import Array
from rve.mandel import COMPONENTS, from_engineering_stress
from rve.units import PROJECT, Units, factor

NAMES = tuple(f"{kind}_{component}" for kind in ("eps", "sig") for component in COMPONENTS)
"""Of the engineering strains, and of the stresses in GPa, that a point may prescribe."""

# A strain beyond the first is meant in per cent; no fibre bears a stress beyond the second, GPa.
LARGEST_STRAIN, LARGEST_STRESS = 0.5, 10.0

_KINDS = {
    "eps": ("eps", "epsilon", "e", "strain", "gamma"),
    "sig": ("sig", "sigma", "s", "stress", "tau"),
}
_AXES = str.maketrans("xyz", "123")


def hint(name: str, known: Sequence[str] = NAMES) -> str:
    """What an unknown name was probably meant to be: `; did you mean eps_31?`."""
    parts = re.fullmatch(r"([a-z]+)_?([1-3xyz])([1-3xyz])", name.strip().lower())
    for kind, words in _KINDS.items():
        if parts and parts[1] in words:
            axes = (parts[2] + parts[3]).translate(_AXES)
            component = axes if axes in COMPONENTS else axes[::-1]
            meant = f"{kind}_{component}"
            said = f"; did you mean {meant}?"
            if parts[1] == "gamma":
                said += f" {meant} is the engineering shear strain gamma_{component}"
            return said
    if re.fullmatch(r"t|times?\b.*|durations?", name.strip().lower()) and "time" not in known:
        return "; the seconds of each segment are the `duration` of the path"
    return arguments.did_you_mean(name, known) or f"; expected one of {', '.join(known)}"


def unit_of(name: str) -> str:
    """The unit of a component in this project."""
    return "GPa" if name.startswith("sig") else "-"


def prescribed_stress(point: Mapping[str, float]) -> Array:
    """Stress (6,) that a point prescribes, Mandel, GPa; zero where it prescribes none."""
    return from_engineering_stress(np.array([point.get(f"sig_{c}", 0.0) for c in COMPONENTS]))


def problems(
    points: Sequence[Mapping[str, float]],
    named: str = "point",
    first: int = 1,
    units: Units = PROJECT,
) -> Iterator[str]:
    """What is wrong with points of `piecewise_linear`, counted from `first`, a sentence each.

    They are in `units`, in which messages speak.
    """
    if isinstance(points, Mapping) or not all(isinstance(point, Mapping) for point in points):
        yield f"expected a list of points, each such as {{'eps_11': 0.01}}, got {points!r}"
        return
    if not any(points):
        yield "expected at least one point with a strain or a stress"
        return
    names = list(dict.fromkeys(name for point in points for name in point))
    for name in names:
        if name not in NAMES:
            yield f"unknown component {name}{hint(name)}"
    components = [c for c in COMPONENTS if {f"eps_{c}", f"sig_{c}"} & set(names)]
    lacking: list[tuple[int, str, str]] = []
    for number, point in enumerate(points, start=first):
        for component in components:
            strain, stress = f"eps_{component}", f"sig_{component}"
            if strain in point and stress in point:
                yield f"{named} {number}: both {strain} and {stress} are given; keep one"
            if strain not in point and stress not in point:
                lacking.append((number, strain, stress))
        for name in NAMES:
            unit = units.of_kind(unit_of(name))
            most = LARGEST_STRAIN if name[:3] == "eps" else LARGEST_STRESS
            most /= factor(unit, unit_of(name))
            if reason := arguments.fault(point.get(name, 0), unit, at_least=-most, most=most):
                yield f"{name} of {named} {number}: {reason}"
    if lacking:
        number, strain, stress = lacking[0]
        yield (
            f"{named} {number} names neither {strain} nor {stress}, but another does; each has to "
            f"name the same components, by strain or by stress ({stress}: 0 unloads)"
        )
