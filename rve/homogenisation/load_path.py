"""Macroscopic load paths, under strain control, stress control or a mixture."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from rve.errors import ConvergenceError, InputError
from rve.mandel import COMPONENTS, from_engineering_strain, from_engineering_stress
from rve.own_table import read_numbers

Array = NDArray[np.float64]
Control = Literal["stress", "strain"]
State = TypeVar("State")

LEFT_OUT = ("time", "t")
"""Columns of a table of load points that say nothing of the load; durations are given beside it."""

_MAX_BISECTIONS = 8


@dataclass(frozen=True)
class LoadPath:
    """Targets of the macroscopic strain and stress, reached one after the other from zero.

    Attributes:
        strain_controlled: which components (6,) prescribe the strain; the others the stress.
        targets: value (n, 6) at the end of each increment, Mandel: the strain where it is
            controlled, the stress in GPa elsewhere.
        duration: of each increment (n,) or of all alike, s; only laws of the rate heed it.
    """

    strain_controlled: NDArray[np.bool_]
    targets: Array
    duration: Array | float = 1.0

    @property
    def durations(self) -> Array:
        """Duration (n,) of each increment, s."""
        return np.broadcast_to(np.asarray(self.duration, dtype=float), len(self.targets))

    def strain_step(self, target: Array, tangent: Array, stress: Array, strain: Array) -> Array:
        """Step of the macroscopic strain (6,) that meets a target in the linearised response.

        Args:
            target: as in `targets` (6,).
            tangent: homogenised tangent (6, 6), GPa.
            stress: homogenised stress (6,) that the linearisation gives at `strain`, GPa.
            strain: macroscopic strain (6,).
        """
        fixed, free = self.strain_controlled, ~self.strain_controlled
        step = np.zeros(6)
        step[fixed] = (target - strain)[fixed]
        excess = target - stress - tangent[:, fixed] @ step[fixed]
        step[free] = np.linalg.solve(tangent[np.ix_(free, free)], excess[free])
        return step


def piecewise_linear(
    points: Sequence[Mapping[str, float]],
    increments: int,
    duration: float | Sequence[float] = 1.0,
) -> LoadPath:
    """Straight segments from one load point to the next, beginning unloaded.

    Args:
        points: end of each segment, by component: engineering strain `eps_11` .. `eps_12`, or
            stress `sig_11` .. `sig_12` in GPa. All points name the same components; those without
            a name are free of stress.
        increments: equal increments of each segment.
        duration: of each segment, or of all alike, s.

    Raises:
        InputError: there are no points, durations are not one a point and positive, a name is
            unknown, a component has both strain and stress, a point lacks a component that others
            have, or a value is not finite.
    """
    names = list(dict.fromkeys(name for point in points for name in point))
    if not names:
        raise InputError("expected at least one point with a strain or a stress")
    known = [f"{kind}_{component}" for kind in ("eps", "sig") for component in COMPONENTS]
    for name in names:
        if name not in known:
            raise InputError(f"unknown component {name}; expected one of {', '.join(known)}")
    for component in COMPONENTS:
        if {f"eps_{component}", f"sig_{component}"} <= set(names):
            raise InputError(f"both eps_{component} and sig_{component} are given; keep one")
    for number, point in enumerate(points, start=1):
        for name in names:
            if not np.isfinite(point.get(name, np.nan)):
                raise InputError(f"point {number} lacks a finite value of {name}")

    times = np.ravel(np.asarray(duration, dtype=float))
    if len(times) not in (1, len(points)) or not (times > 0).all():
        raise InputError(
            f"expected a positive duration, or one for each of the {len(points)} segments"
        )
    controlled = np.array([f"eps_{component}" in names for component in COMPONENTS])
    strain, stress = (
        np.array([[point.get(f"{kind}_{c}", 0.0) for c in COMPONENTS] for point in points])
        for kind in ("eps", "sig")
    )
    ends = np.where(controlled, from_engineering_strain(strain), from_engineering_stress(stress))
    starts = np.vstack([np.zeros(6), ends[:-1]])
    fractions = np.arange(1, increments + 1)[:, None] / increments
    targets = starts[:, None] + fractions * (ends - starts)[:, None]
    times = np.broadcast_to(times, len(points)) / increments
    return LoadPath(controlled, targets.reshape(-1, 6), np.repeat(times, increments))


def read_points(path: Path) -> list[dict[str, float]]:
    """Load points of `piecewise_linear` from a CSV table: a row a point, a column a component.

    A column of numbers of the rows or of times is left out, see `LEFT_OUT`.

    Raises:
        InputError: the file is not a table of numbers.
    """
    columns = {
        column.name: column.within("GPa" if column.name.startswith("sig") else "-")
        for column in read_numbers(path).columns
        if column.name.lower() not in LEFT_OUT
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def monotonic_point(load: str, amplitude: float, control: Control) -> dict[str, float]:
    """The end of one of the six load cases of Fig. 6, a point of `piecewise_linear`.

    Args:
        load: the strained component, one of 11, 22, 33, 23, 31, 12.
        amplitude: its engineering strain at the end.
        control: what is zero in the other five components, their stress (uniaxial stress, simple
            shear stress) or their strain.
    """
    held = dict.fromkeys((f"eps_{c}" for c in COMPONENTS), 0.0) if control == "strain" else {}
    return held | {f"eps_{load}": amplitude}


def monotonic(load: str, amplitude: float, increments: int, control: Control) -> LoadPath:
    """One of the six load cases of Fig. 6, in equal increments; see `monotonic_point`."""
    return piecewise_linear([monotonic_point(load, amplitude, control)], increments)


def follow(
    path: LoadPath, start: State, solve: Callable[[Array, State, float, float], State]
) -> Iterator[State]:
    """Solve increment after increment, halving steps that do not converge.

    Args:
        path: the load path.
        start: state at zero load.
        solve: (target, state, step, duration) -> next state, with `step` the part of an
            increment to be made and its duration in seconds; it raises ConvergenceError, or meets
            a singular matrix, when it cannot.

    Yields:
        The state at the end of each increment.

    Raises:
        ConvergenceError: a step of 1/256 of an increment did not converge.
    """
    state, begin = start, np.zeros(6)
    for number, (end, duration) in enumerate(zip(path.targets, path.durations, strict=True), 1):
        reached, step = 0.0, 1.0
        while reached < 1:
            try:
                target = begin + (reached + step) * (end - begin)
                state = solve(target, state, step, step * duration)
                reached += step
            except (ConvergenceError, np.linalg.LinAlgError) as error:
                step /= 2
                if step < 2.0**-_MAX_BISECTIONS:
                    raise ConvergenceError(
                        f"increment {number} of {len(path.targets)} failed after "
                        f"{_MAX_BISECTIONS} bisections: {error}; use more increments or load less"
                    ) from error
        yield state
        begin = end
