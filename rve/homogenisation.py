"""Linear-elastic homogenisation of the cell with periodic boundary conditions.

The cell's stiffness matrix is linear in the nine orthotropic constants of each of the two phases.
scikit-fem assembles these 18 component matrices once; every sample then is a weighted sum, one
factorisation and six right-hand sides.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from skfem import BilinearForm, LinearForm

from rve.cell import Cell, entry_places, strain
from rve.errors import InputError
from rve.linear_solver import factorise
from rve.mesh import PHASES

Array = NDArray[np.float64]

# Positions in the stiffness (6, 6) of the nine orthotropic constants.
_POSITIONS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1), (3, 3), (4, 4), (5, 5))


def _unit_stiffness(position: tuple[int, int]) -> Array:
    unit = np.zeros((6, 6))
    unit[position] = unit[position[::-1]] = 1
    return unit


_UNITS = np.array([_unit_stiffness(position) for position in _POSITIONS])


@dataclass(frozen=True)
class Components:
    """What each orthotropic constant of each phase adds to the discrete problem.

    Attributes:
        pattern: sparsity pattern (n, n) that all component matrices share; its data do not matter.
        matrices: non-zero entries (18, nnz) of the component matrices, matrix phase first.
        loads: forces (18, n, 6) on the unknowns by the six unit macroscopic strains.
        fractions: volume fractions (2,) of the phases.
    """

    pattern: csc_matrix
    matrices: Array
    loads: Array
    fractions: Array


def assemble_components(cell: Cell) -> Components:
    """Assemble the 18 component matrices and their loads with scikit-fem."""
    folded, loads = [], []
    for phase in range(len(PHASES)):
        basis = cell.basis.with_elements(np.flatnonzero(cell.phase == phase))
        for unit in _UNITS:
            form = BilinearForm(
                lambda u, v, _, c=unit: np.einsum(
                    "i...,ij,j...->...", strain(v.grad), c, strain(u.grad), optimize=True
                )
            )
            folded.append(cell.fold(form.assemble(basis)))
            column = [
                LinearForm(
                    lambda v, _, c=unit[:, k]: np.einsum("i...,i->...", strain(v.grad), c)
                ).assemble(basis)
                for k in range(6)
            ]
            loads.append(np.stack([cell.fold_vector(f) for f in column], axis=-1))
    pattern = csc_matrix(sum(abs(matrix) for matrix in folded))
    pattern.sort_indices()
    places = entry_places(pattern)
    matrices = np.zeros((len(folded), pattern.nnz))
    for values, matrix in zip(matrices, folded, strict=True):
        values[np.searchsorted(places, entry_places(matrix))] = matrix.data
    return Components(pattern, matrices, np.array(loads), cell.fractions)


def homogenise(components: Components, matrix: Array, fibre: Array) -> Array:
    """Homogenised stiffness (6, 6) in GPa of the cell.

    Args:
        components: of the cell, from `assemble_components`.
        matrix: stiffness (6, 6) of the matrix, GPa, orthotropic in the cell's axes.
        fibre: stiffness (6, 6) of the fibres, GPa, likewise.

    Raises:
        InputError: a stiffness has entries outside the orthotropic pattern.
    """
    for name, stiffness in zip(PHASES, (matrix, fibre), strict=True):
        outside = stiffness[~_UNITS.any(axis=0)]
        if np.abs(outside).max() > 1e-12 * np.abs(stiffness).max():
            raise InputError(f"the stiffness of the {name} is not orthotropic in the cell's axes")
    constants = np.concatenate([[s[p] for p in _POSITIONS] for s in (matrix, fibre)])
    system = csc_matrix(
        (constants @ components.matrices, components.pattern.indices, components.pattern.indptr),
        shape=components.pattern.shape,
    )
    load = np.tensordot(constants, components.loads, 1)
    mean = np.tensordot(components.fractions, np.stack([matrix, fibre]), 1)
    homogenised = mean - load.T @ factorise(system).solve(load)
    return (homogenised + homogenised.T) / 2
