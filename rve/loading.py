"""Macroscopic load paths, under strain control, stress control or a mixture."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from rve.errors import ConvergenceError
from rve.mandel import COMPONENTS, from_engineering_strain

Array = NDArray[np.float64]
Control = Literal["stress", "strain"]
State = TypeVar("State")

_MAX_BISECTIONS = 8


@dataclass(frozen=True)
class LoadPath:
    """Targets of the macroscopic strain and stress, reached one after the other from zero.

    Attributes:
        strain_controlled: which components (6,) prescribe the strain; the others the stress.
        targets: value (n, 6) at the end of each increment, Mandel: the strain where it is
            controlled, the stress in GPa elsewhere.
    """

    strain_controlled: NDArray[np.bool_]
    targets: Array

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


def monotonic(load: str, amplitude: float, increments: int, control: Control) -> LoadPath:
    """One of the six load cases of Fig. 6, in equal increments.

    Args:
        load: the strained component, one of 11, 22, 33, 23, 31, 12.
        amplitude: its engineering strain at the end.
        increments: their number.
        control: what is zero in the other five components, their stress (uniaxial stress, simple
            shear stress) or their strain.
    """
    component = np.arange(6) == COMPONENTS.index(load)
    end = from_engineering_strain(amplitude * component)
    fractions = np.arange(1, increments + 1) / increments
    controlled = component if control == "stress" else np.ones(6, dtype=bool)
    return LoadPath(controlled, fractions[:, None] * end)


def follow(
    path: LoadPath, start: State, solve: Callable[[Array, State, float], State]
) -> Iterator[State]:
    """Solve increment after increment, halving steps that do not converge.

    Args:
        path: the load path.
        start: state at zero load.
        solve: (target, state, step) -> next state, with `step` the part of an increment to be
            made; it raises ConvergenceError, or meets a singular matrix, when it cannot.

    Yields:
        The state at the end of each increment.

    Raises:
        ConvergenceError: a step of 1/256 of an increment did not converge.
    """
    state, begin = start, np.zeros(6)
    for number, end in enumerate(path.targets, start=1):
        reached, step = 0.0, 1.0
        while reached < 1:
            try:
                state = solve(begin + (reached + step) * (end - begin), state, step)
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
