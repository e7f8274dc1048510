"""The one place where sparse systems are solved: CHOLMOD's supernodal Cholesky, through cvxopt.

It was compared with the other solvers that pip installs as wheels: docs/verification.md.
"""

from dataclasses import dataclass

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import ConvergenceError
from rve.extras import extra

with extra("cell"):
    from cvxopt import cholmod, matrix, spmatrix


@dataclass(frozen=True)
class Pattern:
    """The k entries in the lower triangle of a symmetric matrix (size, size), by columns."""

    rows: Integers
    columns: Integers
    size: int

    def __len__(self) -> int:
        return len(self.rows)


def pattern_of(rows: Integers, columns: Integers, size: int) -> tuple[Pattern, Integers]:
    """Pattern of a symmetric matrix, and which of its entries stands at each row and column.

    Rows and columns may repeat; above the diagonal and beyond the size the number is k.
    """
    stored = (columns <= rows) & (rows < size)
    keys, entries = np.unique(columns[stored] * size + rows[stored], return_inverse=True)
    places = np.full(rows.shape, len(keys))
    places[stored] = entries
    return Pattern(keys % size, keys // size, size), places


class SparseCholesky:
    """Solves symmetric positive definite systems that share a sparsity pattern.

    The fill-reducing ordering and the symbolic factorisation are kept while the same entries are
    non-zero. Entries that are zero are left out: where no phase couples them, the in-plane and the
    anti-plane unknowns so fall apart into two smaller systems.
    """

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._present = np.zeros(len(pattern), dtype=bool)

    def solve(self, values: Array, right_hand_sides: Array) -> Array:
        """Solutions (size, r) of the system with entries (k,) for right-hand sides (size, r).

        Raises:
            ConvergenceError: the matrix is not positive definite.
        """
        present = values != 0
        if not np.array_equal(present, self._present):
            cholmod.options["supernodal"] = 2  # always, not by a guess
            rows, columns = self._pattern.rows[present], self._pattern.columns[present]
            size = self._pattern.size
            self._matrix = spmatrix(1.0, matrix(rows), matrix(columns), (size, size))
            self._factor = cholmod.symbolic(self._matrix)
            self._present = present
        self._matrix.V = matrix(values[present])
        try:
            cholmod.numeric(self._matrix, self._factor)
        except ArithmeticError as error:
            raise ConvergenceError("the stiffness matrix is not positive definite") from error
        solutions = matrix(np.asarray(right_hand_sides))
        cholmod.solve(self._factor, solutions)
        return np.array(solutions)
