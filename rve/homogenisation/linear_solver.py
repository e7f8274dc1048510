"""The one place where sparse systems are solved: CHOLMOD's supernodal Cholesky, through cvxopt.

It was compared with the other solvers that pip installs as wheels: docs/verification.md.
"""

from dataclasses import dataclass

import numpy as np

from rve.arrays import Array, Booleans, Integers
from rve.errors import ConvergenceError
from rve.extras import extra

with extra("cell"):
    from cvxopt import cholmod, matrix, spmatrix


_SUPERNODAL = 2


@dataclass(frozen=True)
class Pattern:
    """The k entries in the lower triangle of a symmetric matrix (size, size), by columns."""

    rows: Integers
    columns: Integers
    size: int

    def __len__(self) -> int:
        return len(self.rows)

    def places(self, rows: Integers, columns: Integers) -> Integers:
        """Number of the entry at each row and column; k above the diagonal and beyond the size."""
        stored = _keys(self.rows, self.columns, self.size)
        found = np.searchsorted(stored, _keys(rows, columns, self.size))
        return np.where(_stored(rows, columns, self.size), found, len(self))


def pattern_of(rows: Integers, columns: Integers, size: int) -> Pattern:
    """Pattern of a symmetric matrix from rows and columns of its entries, repeats allowed."""
    stored = _stored(rows, columns, size)
    keys = np.unique(_keys(rows[stored], columns[stored], size))
    return Pattern(keys % size, keys // size, size)


def _stored(rows: Integers, columns: Integers, size: int) -> Booleans:
    return (columns <= rows) & (rows < size)


def _keys(rows: Integers, columns: Integers, size: int) -> Integers:
    """A number for each row and column that grows in column order."""
    return columns * size + rows


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
            self._analyse(present)
        self._matrix.V = matrix(values[present])
        try:
            cholmod.numeric(self._matrix, self._factor)
        except ArithmeticError as error:
            raise ConvergenceError("the stiffness matrix is not positive definite") from error
        solutions = matrix(np.asarray(right_hand_sides))
        cholmod.solve(self._factor, solutions)
        return np.array(solutions)

    def _analyse(self, present: Booleans) -> None:
        """Order the unknowns for the entries that are present (k,)."""
        cholmod.options["supernodal"] = _SUPERNODAL
        rows, columns = self._pattern.rows[present], self._pattern.columns[present]
        size = self._pattern.size
        self._matrix = spmatrix(1.0, matrix(rows), matrix(columns), (size, size))
        self._factor = cholmod.symbolic(self._matrix)
        self._present = present
