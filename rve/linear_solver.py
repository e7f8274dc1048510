"""The one place where sparse systems are factorised: QDLDL, a sparse LDL^T (Apache 2.0)."""

from dataclasses import dataclass

import numpy as np
import qdldl
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, triu

from rve.errors import ConvergenceError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Factorisation:
    """A factorised symmetric matrix (n, n)."""

    solver: qdldl.Solver

    def solve(self, right_hand_sides: Array) -> Array:
        """Solutions (n, k) for right-hand sides (n, k)."""
        return np.column_stack([self.solver.solve(column) for column in right_hand_sides.T])


def factorise(matrix: csc_matrix) -> Factorisation:
    """Factorise a symmetric matrix (n, n), of which the upper triangle is read.

    Raises:
        ConvergenceError: the matrix is singular.
    """
    upper = triu(matrix, format="csc")
    # Without out-of-plane shear, in-plane and anti-plane unknowns decouple: spare their fill-in.
    upper.eliminate_zeros()
    try:
        return Factorisation(qdldl.Solver(upper, upper=True))
    except Exception as error:
        raise ConvergenceError(f"the stiffness matrix cannot be factorised: {error}") from error
