"""Macroscopic load paths, under strain control, stress control or a mixture."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeVar, get_args

import numpy as np

from rve import arguments
from rve.arrays import Array, Booleans
from rve.errors import ConvergenceError, InputError
from rve.loads.load_points import prescribed_stress, problems
from rve.mandel import COMPONENTS, from_engineering_strain

Control = Literal["stress", "strain"]
State = TypeVar("State")

_MAX_BISECTIONS = 8


class Direction(NamedTuple):
    """A monotonic load: what it strains, and how far.

    Attributes:
        strains: component -> its engineering strain at the end over the amplitude. Figures show the
            first component.
        amplitude: in a study that does not say.
        panel: place among the panels of a figure.
    """

    strains: Mapping[str, float]
    amplitude: float
    panel: int

    @property
    def component(self) -> str:
        """The component that figures show."""
        return next(iter(self.strains))


DIRECTIONS = {
    "11": Direction({"11": 1}, amplitude=0.04, panel=0),
    "22": Direction({"22": 1}, amplitude=0.04, panel=1),
    "33": Direction({"33": 1}, amplitude=0.02, panel=2),
    "23": Direction({"23": 1}, amplitude=0.04, panel=4),
    "31": Direction({"31": 1}, amplitude=0.04, panel=5),
    "12": Direction({"12": 1}, amplitude=0.04, panel=3),
}
"""The loads of Fig. 6, with the strains of this project; panels are in the paper's order."""


class Target(NamedTuple):
    """Values (6,) that one step has to reach, and their change in it, as of `LoadPath`."""

    strain_controlled: Booleans
    value: Array
    change: Array

    def strain_step(self, tangent: Array, stress: Array, strain: Array) -> Array:
        """Step (6,) from a strain (6,) that meets the target in the linearised response.

        The tangent (6, 6) and the stress (6,) are those of the linearisation there, GPa.
        """
        fixed, free = self.strain_controlled, ~self.strain_controlled
        step = np.zeros(6)
        step[fixed] = (self.value - strain)[fixed]
        excess = self.value - stress - tangent[:, fixed] @ step[fixed]
        step[free] = np.linalg.solve(tangent[np.ix_(free, free)], excess[free])
        return step


@dataclass(frozen=True)
class LoadPath:
    """Targets of the macroscopic strain and stress, reached one after the other from zero.

    Where a component passes from strain to stress control or back, the load begins at the stress or
    the strain that was reached. The targets on a straight line from there are not known before:
    they are nan, up to the number where the line ends, under the same control.

    Attributes:
        strain_controlled: which components (n, 6) of each increment prescribe the strain; the
            others the stress. Given as (6,) they are those of all increments.
        targets: value (n, 6) at the end of each increment, Mandel: the strain where it is
            controlled, the stress in GPa elsewhere; or nan.
        duration: of each increment (n,) or of all alike, s; only rate-dependent laws need it.

    Raises:
        InputError: a shape is not as said, or a target is not known where it must be.

    Example:
        Pure shear, the other strains zero, in two increments of a second each:

        >>> import numpy as np
        >>> from rve.loads import LoadPath
        >>> shear = np.array([0, 0, 0, 0, 0, 0.01])
        >>> path = LoadPath(np.ones(6, dtype=bool), np.array([shear, 2 * shear]))
        >>> path.durations.tolist(), path.strain_controlled.shape
        ([1.0, 1.0], (2, 6))
    """

    strain_controlled: Booleans
    targets: Array
    duration: Array | float = 1.0

    def __post_init__(self) -> None:
        """Give every increment its control; where a line ends, the target must be known."""
        targets = np.asarray(self.targets, dtype=float)
        if targets.ndim != 2 or targets.shape[1] != 6 or not len(targets):
            raise InputError(f"targets: expected the shape (n, 6), got {targets.shape}")
        _check_shape("strain_controlled", self.strain_controlled, (6,), targets.shape)
        _check_shape("duration", self.duration, (), targets.shape[:1])
        controlled = np.broadcast_to(np.asarray(self.strain_controlled, dtype=bool), targets.shape)
        lasts = np.ones(targets.shape, dtype=bool)
        lasts[:-1] = controlled[1:] != controlled[:-1]
        if not np.isfinite(targets[lasts]).all() or np.isinf(targets).any():
            raise InputError(
                "targets: expected finite numbers in the last increment of each component and "
                "before its control changes"
            )
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "strain_controlled", controlled)

    @property
    def durations(self) -> Array:
        """Duration (n,) of each increment, s."""
        return np.broadcast_to(np.asarray(self.duration, dtype=float), len(self.targets))

    @property
    def times(self) -> Array:
        """Time (n + 1,) at the start and at the end of each increment, s."""
        return np.append(0.0, np.cumsum(self.durations))

    @property
    def straight(self) -> bool:
        """Whether the path is one straight line, followed at one rate: no turn, hold or jump."""
        rates = np.diff(self.targets, axis=0, prepend=0) / self.durations[:, None]
        near = np.abs(rates - rates[0]) <= 1e-9 * np.abs(rates[0]).max()
        return bool(near.all() and (self.strain_controlled == self.strain_controlled[0]).all())

    def beginning(self, increments: int) -> "LoadPath":
        """The path of the first increments alone."""
        controlled, targets = self.strain_controlled[:increments], self.targets[:increments]
        return LoadPath(controlled, targets, self.durations[:increments])

    def ends_and_shares(self) -> tuple[Array, Array]:
        """Where the straight line of each increment ends (n, 6), and its share of the way there.

        The share is one where the target of the increment itself is known.
        """
        own = np.arange(len(self.targets))[:, None]
        known = np.where(np.isnan(self.targets), len(own) - 1, own)
        following = np.minimum.accumulate(known[::-1])[::-1]
        return np.take_along_axis(self.targets, following, axis=0), 1 / (following - own + 1)


def _check_shape(name: str, value: Any, *expected: tuple[int, ...]) -> None:
    if np.shape(value) not in expected:
        words = " or ".join(str(shape) if shape else "a number" for shape in expected)
        raise InputError(f"{name}: expected {words}, got {np.shape(value)}")


def piecewise_linear(
    points: Sequence[Mapping[str, float]],
    increments: int,
    duration: float | Sequence[float] = 1.0,
) -> LoadPath:
    """Straight segments from one load point to the next, beginning unloaded.

    Args:
        points: end of each segment, by component: engineering strain `eps_11` .. `eps_12`, or
            stress `sig_11` .. `sig_12` in GPa. All points name the same components, each by its
            strain or its stress; those without a name are free of stress. Where a component
            passes from one to the other, the segment begins at the value that was reached.
        increments: equal increments of each segment.
        duration: of each segment, or of all alike, s.

    Raises:
        InputError: there are no points, increments or durations are not as said, a name is unknown,
            a point names a component twice or not at all that another point names, or a value is
            not a number, or one that must be meant in another unit.

    Example:
        Up to 2 % and back until the stress is zero; where that is, the material decides:

        >>> from rve.loads import piecewise_linear
        >>> from rve.materials import J2Plasticity
        >>> path = piecewise_linear([{"eps_11": 0.02}, {"sig_11": 0.0}], increments=10)
        >>> alloy = J2Plasticity(youngs_modulus=70.0, poisson_ratio=0.33, yield_stress=0.35)
        >>> round(float(alloy.curve(path).strain[-1, 0]), 9)  # 0.02 - 0.35 / 70
        0.015
    """
    arguments.count("increments", increments)
    if problem := next(problems(points), None):
        raise InputError(problem)
    times = segment_durations(duration, len(points))
    controlled = np.array([[f"eps_{c}" in point for c in COMPONENTS] for point in points])
    strains = np.array([[point.get(f"eps_{c}", 0.0) for c in COMPONENTS] for point in points])
    stresses = np.array([prescribed_stress(point) for point in points])
    ends = np.where(controlled, from_engineering_strain(strains), stresses)
    starts = np.vstack([np.zeros(6), ends[:-1]])
    starts[1:][controlled[1:] != controlled[:-1]] = np.nan
    fractions = np.arange(1, increments + 1)[:, None] / increments
    targets = starts[:, None] + fractions * (ends - starts)[:, None]
    targets[:, -1] = np.where(np.isnan(starts), ends, targets[:, -1])
    return LoadPath(
        np.repeat(controlled, increments, axis=0),
        targets.reshape(-1, 6),
        np.repeat(times / increments, increments),
    )


def segment_durations(duration: float | Sequence[float], segments: int) -> Array:
    """Duration (segments,) of each segment, s, from one of all or a list."""
    listed = [duration] if np.ndim(duration) == 0 else list(duration)  # type: ignore[arg-type]
    for one in listed:
        arguments.number("duration", one, above=0)
    if len(listed) not in (1, segments):
        raise InputError(
            f"expected one duration, or one for each of the {segments} segments, got {len(listed)}"
        )
    return np.broadcast_to(np.array(listed, dtype=float), segments)


def monotonic_point(load: str, amplitude: float, control: Control) -> dict[str, float]:
    """The end of one of the six load cases of Fig. 6, a point of `piecewise_linear`."""
    arguments.choice("load", load, DIRECTIONS)
    strains = DIRECTIONS[load].strains.items()
    (point,) = under(control, [{f"eps_{c}": share * amplitude for c, share in strains}])
    return point


def under(control: Control, points: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """Points whose other components, which no point names, have no strain or no stress."""
    arguments.choice("control", control, get_args(Control))
    named = {name[-2:] for point in points for name in point}
    free = [f"eps_{c}" for c in COMPONENTS if c not in named and control == "strain"]
    return [dict.fromkeys(free, 0.0) | dict(point) for point in points]


def monotonic(load: str, amplitude: float, increments: int, control: Control) -> LoadPath:
    """One of the six load cases of Fig. 6, in equal increments.

    Args:
        load: of `DIRECTIONS`: the strained component, one of 11, 22, 33, 23, 31, 12.
        amplitude: its engineering strain at the end.
        increments: their number.
        control: what is zero in the other components, their stress (uniaxial stress, simple shear
            stress) or their strain.

    Raises:
        InputError: the load or the control is unknown.

    Example:
        >>> from rve.loads import monotonic
        >>> monotonic("22", 0.02, increments=4, control="stress").targets[:, 1].round(9).tolist()
        [0.005, 0.01, 0.015, 0.02]
    """
    return piecewise_linear([monotonic_point(load, amplitude, control)], increments)


def advice(path: LoadPath, number: int) -> str:
    """What to do about an increment, counted from one, that found no equilibrium."""
    words = "use more increments or load less"
    ends, _ = path.ends_and_shares()
    if ends[number - 1][~path.strain_controlled[number - 1]].any():
        words += "; its stresses may be more than the material bears, as beyond a limit load: "
        words += "prescribe the strains there"
    return words


def follow(
    path: LoadPath,
    start: State,
    reached: Callable[[State], tuple[Array, Array]],
    solve: Callable[[Target, State, float, float], State],
) -> Iterator[State]:
    """The states at the end of each increment, solved in steps, halved where they do not converge.

    Args:
        path: the load path.
        start: state at zero load.
        reached: state -> its macroscopic strain (6,) and stress (6,), Mandel, GPa.
        solve: (target, state, step, duration) -> next state, with `step` the part of an
            increment to be made and its duration in seconds; it raises ConvergenceError, or meets
            a singular matrix, when it cannot.

    Raises:
        ConvergenceError: a step of 1/256 of an increment did not converge.
    """
    state, end, before = start, np.zeros(6), path.strain_controlled[0]
    lines = zip(path.strain_controlled, *path.ends_and_shares(), path.durations, strict=True)
    for number, (controlled, goal, share, duration) in enumerate(lines, 1):
        begin = np.where(controlled == before, end, np.where(controlled, *reached(state)))
        end = np.where(share == 1, goal, begin + share * (goal - begin))
        done, step = 0.0, 1.0
        while done < 1:
            try:
                value = begin + (done + step) * (end - begin)
                target = Target(controlled, value, step * (end - begin))
                state = solve(target, state, step, step * duration)
                done += step
            except (ConvergenceError, np.linalg.LinAlgError) as error:
                step /= 2
                if step < 2.0**-_MAX_BISECTIONS:
                    raise ConvergenceError(
                        f"increment {number} of {len(path.targets)} failed after "
                        f"{_MAX_BISECTIONS} bisections: {error}; {advice(path, number)}"
                    ) from error
        yield state
        before = controlled
