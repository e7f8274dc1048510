"""Linear solutions of the cell that approximate plastic phases, by `rve.linear_matching`."""

from collections.abc import Sequence

import numpy as np

from rve.arrays import Array
from rve.homogenisation.cell import Cell, locks
from rve.homogenisation.elements import Elements, Linearised, total
from rve.homogenisation.linear_solver import SparseCholesky
from rve.linear_matching import deviator_norm, shear_factor, softened
from rve.microstructure.phases import VOID


class Matching:
    """Linear solutions of a cell in which some phases yield.

    Attributes:
        weights: areas (points,) of the integration points of each phase that yields.
    """

    def __init__(self, cell: Cell, flowing: Sequence[int]) -> None:
        """Prepare a cell in which the phases of these numbers yield."""
        self._numbers = flowing
        self._flowing = [Elements(cell, number, averaged=True) for number in flowing]
        self._others = {
            number: [Elements(cell, number, averaged) for averaged in (False, True)]
            for number, name in enumerate(cell.phases)
            if number not in flowing and name != VOID
        }
        self._solver = SparseCholesky(cell.pattern)
        self.weights = [elements.weights.ravel() for elements in self._flowing]

    def strains(self, phases: Array, loads: Array, steps: int) -> list[Array]:
        """Strains (steps, l, points, 6) of each phase that yields, in solutions under loads (l, 6).

        The stiffnesses (p, 6, 6) of the phases are those of the first solution; those of the phases
        that yield are isotropic.
        """
        constant = [
            elements[locks(phases[number])].linearised(phases[number])
            for number, elements in self._others.items()
        ]
        first = [phases[number] for number in self._numbers]
        found = [np.empty((steps, len(loads), weights.size, 6)) for weights in self.weights]
        for strains, solved in zip(found, self._solved(first, constant, loads), strict=True):
            strains[0] = solved
        for step in range(1, steps):
            for number, load in enumerate(loads):
                tangents = []
                for stiffness, strains, weights in zip(first, found, self.weights, strict=True):
                    norms = deviator_norm(strains[step - 1, number])
                    mean = np.average(norms, weights=weights)
                    tangents.append(softened(stiffness, shear_factor(norms, mean)))
                ends = self._solved(tangents, constant, load[None])
                for strains, solved in zip(found, ends, strict=True):
                    strains[step, number] = solved[0]
        return found

    def _solved(
        self, tangents: Sequence[Array], constant: Sequence[Linearised], loads: Array
    ) -> list[Array]:
        """Strains (l, points, 6) with tangents of those that yield, and the rest of the cell."""
        parts = map(Elements.linearised, self._flowing, tangents)
        whole = total([*parts, *constant])
        fluctuations = -self._solver.solve(whole.stiffness, whole.coupling @ loads.T)
        return [
            np.reshape(
                [
                    elements.strain(displacement) + load
                    for displacement, load in zip(fluctuations.T, loads, strict=True)
                ],
                (len(loads), -1, 6),
            )
            for elements in self._flowing
        ]
