"""Linear solutions of the cell that approximate a plastic phase, by `rve.linear_matching`."""

import numpy as np

from rve.arrays import Array
from rve.homogenisation.cell import Cell, locks
from rve.homogenisation.elements import Elements, Linearised
from rve.homogenisation.linear_solver import SparseCholesky
from rve.linear_matching import deviator_norm, shear_factor, softened


class Matching:
    """Linear solutions of a cell in which one phase yields."""

    def __init__(self, cell: Cell, phase: int) -> None:
        """Prepare a cell in which this phase yields: 0, the matrix, or 1, the fibre."""
        self._cell, self._phase = cell, phase
        self._flowing = Elements(cell, phase, averaged=True)
        self._other = {averaged: Elements(cell, 1 - phase, averaged) for averaged in (False, True)}
        self._solver = SparseCholesky(cell.pattern)
        self.weights = self._flowing.weights.ravel()

    def strains(self, pair: Array, loads: Array, steps: int) -> Array:
        """Strains (steps, l, points, 6) of the phase in the linear solutions under loads (l, 6).

        The stiffnesses (2, 6, 6) of matrix and fibre are those of the first; that of the phase is
        isotropic.
        """
        flowing, other = pair[self._phase], pair[1 - self._phase]
        rest = self._other[locks(other)]
        constant = rest.linearised(np.broadcast_to(other, (rest.weights.size, 6, 6)))
        found = np.empty((steps, len(loads), self.weights.size, 6))
        found[0] = self._solved(
            np.broadcast_to(flowing, (self.weights.size, 6, 6)), constant, loads
        )
        for step in range(1, steps):
            for number, load in enumerate(loads):
                norms = deviator_norm(found[step - 1, number])
                mean = np.average(norms, weights=self.weights)
                tangents = softened(flowing, shear_factor(norms, mean))
                found[step, number] = self._solved(tangents, constant, load[None])[0]
        return found

    def _solved(self, tangents: Array, constant: Linearised, loads: Array) -> Array:
        """Strains (l, points, 6) with the tangents (points, 6, 6), and the rest of the cell."""
        whole = Linearised(*map(np.add, self._flowing.linearised(tangents), constant))
        fluctuations = -self._solver.solve(whole.stiffness, whole.coupling @ loads.T)
        strains = [
            self._flowing.strain(displacement) + load
            for displacement, load in zip(fluctuations.T, loads, strict=True)
        ]
        return np.reshape(strains, (len(loads), -1, 6))
