"""The sparse solver against dense algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rve.errors import ConvergenceError
from rve.homogenisation.linear_solver import SparseCholesky, pattern_of

Array = NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)


def sparse_matrix(seed: int, size: int = 30) -> Array:
    """A random symmetric positive definite matrix (size, size), mostly zero."""
    rng = np.random.default_rng(seed)
    factor = rng.normal(size=(size, size)) * (rng.random((size, size)) < 0.05)
    return factor @ factor.T + np.eye(size)


@given(seeds)
def test_solutions_are_those_of_dense_algebra(seed: int) -> None:
    """Two matrices in turn: the second has other zeros than the first, within one pattern."""
    first, second = sparse_matrix(seed), sparse_matrix(seed + 1)
    rows, columns = np.nonzero((first != 0) | (second != 0))
    pattern, _ = pattern_of(rows, columns, len(first))
    solver = SparseCholesky(pattern)
    right = np.random.default_rng(seed).normal(size=(len(first), 3))
    for matrix in (first, second, first):
        solution = solver.solve(matrix[pattern.rows, pattern.columns], right)
        assert solution == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9, abs=1e-11)


@given(seeds)
def test_pattern_numbers_each_entry_of_the_lower_triangle_once(seed: int) -> None:
    rows, columns = np.nonzero(sparse_matrix(seed))
    size = 25  # the last five unknowns are held
    pattern, found = pattern_of(np.tile(rows, 2), np.tile(columns, 2), size)
    stored = set(zip(pattern.rows.tolist(), pattern.columns.tolist(), strict=True))
    places = zip(rows.tolist(), columns.tolist(), strict=True)
    assert stored == {(i, j) for i, j in places if j <= i < size}
    assert len(stored) == len(pattern)
    first, found = np.split(found, 2)
    assert np.array_equal(first, found)
    kept = (columns <= rows) & (rows < size)
    assert (found[~kept] == len(pattern)).all()
    assert np.array_equal(pattern.rows[found[kept]], rows[kept])
    assert np.array_equal(pattern.columns[found[kept]], columns[kept])


def test_a_matrix_that_is_not_positive_definite_is_refused() -> None:
    matrix = np.array([[1.0, 2.0], [2.0, 1.0]])
    pattern, _ = pattern_of(*np.nonzero(matrix), 2)
    with pytest.raises(ConvergenceError, match="not positive definite"):
        SparseCholesky(pattern).solve(matrix[pattern.rows, pattern.columns], np.ones((2, 1)))
