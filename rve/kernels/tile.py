"""Tiles: the layout of numbers that compiled code works on.

A tile holds LANES points side by side, entry q of point s at `tile[q * LANES + s]`, so that a loop
over the points reads and writes neighbours, which the compiler turns into vector instructions.
Symmetric matrices are stored as the ENTRIES of their upper triangle.
"""

import numpy as np

LANES = 16
UPPER = tuple((i, j) for i in range(6) for j in range(i, 6))
ENTRIES = len(UPPER)


def symmetric(entries):
    """Symmetric matrix (6, 6) of its upper triangle (21,), of numbers or of expressions."""
    matrix = np.empty((6, 6), dtype=entries.dtype)
    for (i, j), entry in zip(UPPER, entries, strict=True):
        matrix[i, j] = matrix[j, i] = entry
    return matrix


def upper(matrix):
    """Upper triangle (21,) of a matrix (6, 6)."""
    return np.array([matrix[i, j] for i, j in UPPER])
