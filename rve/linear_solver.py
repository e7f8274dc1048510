"""The one place where sparse systems are factorised."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

Array = NDArray[np.float64]


class Factorised(Protocol):
    """A factorised matrix."""

    def solve(self, right_hand_side: Array) -> Array:
        """Solution (n,) or (n, k) for right-hand sides of that shape."""


def factorise(matrix: csc_matrix) -> Factorised:
    """Factorise a symmetric positive definite matrix (n, n).

    Raises:
        RuntimeError: the matrix is singular.
    """
    return splu(
        matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
