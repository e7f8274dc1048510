"""A material point that follows a load path, by Newton's method for the strains that are free."""

from typing import NamedTuple

import numpy as np

from rve.arrays import Array
from rve.errors import ConvergenceError
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath, Target, follow
from rve.materials.material import Material

_TOLERANCE = 1e-10
"""Stress off its target, relative to the larger of the stresses at both ends of the step."""
_ROUNDING = 16 * np.finfo(float).eps
"""What a stress can be computed to, in stiffness times strain."""
_MAX_ITERATIONS = 25


class _Point(NamedTuple):
    """The end of a step: strain and stress (6,), state (1, s), and its cost since the start."""

    strain: Array
    stress: Array
    state: Array
    iterations: int
    steps: int


def response_curve(material: Material, path: LoadPath) -> Curve:
    """The curve of a material along a load path."""
    floor = _ROUNDING * float(np.linalg.norm(material.stiffness, 2))

    def solve(target: Target, last: _Point, step: float, duration: float) -> _Point:
        # Newton's method begins where the last step ended: there the law answers elastically.
        strain, free = last.strain, ~target.strain_controlled
        for iteration in range(_MAX_ITERATIONS):
            (stress,), state, (tangent,) = material.respond(strain[None], last.state, duration)
            off = np.linalg.norm((stress - target.value)[free])
            largest = max(np.linalg.norm(stress), np.linalg.norm(last.stress))
            if iteration and off <= max(_TOLERANCE * largest, floor * np.linalg.norm(strain)):
                return _Point(strain, stress, state, last.iterations + iteration, last.steps + 1)
            strain = strain + target.strain_step(tangent, stress, strain)
        raise ConvergenceError(f"a stress is {off:.1e} GPa off its target")

    start = _Point(np.zeros(6), np.zeros(6), np.zeros((1, material.state_size)), 0, 0)
    points = [start, *follow(path, start, lambda last: (last.strain, last.stress), solve)]
    strain, stress, _, iterations, steps = map(np.array, zip(*points, strict=True))
    spent, halved = (np.diff(counted, prepend=0) for counted in (iterations, steps))
    return Curve(strain, stress, path.times, spent, halved)
