"""Linear-elastic homogenisation of the cell with periodic boundary conditions.

The cell's stiffness matrix is linear in the nine orthotropic constants of each of the p phases.
These 9 p component matrices are assembled once for each of two elements; every sample then is a
weighted sum, one factorisation and six right-hand sides. The elements are the plain quadratic
triangle, and that with the averaged dilatation, which phases that are nearly incompressible need.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from rve.arrays import Array
from rve.errors import InputError
from rve.files import reading_arrays, write_arrays
from rve.homogenisation.cell import Cell, accumulate, locks
from rve.homogenisation.linear_solver import Pattern, SparseCholesky
from rve.microstructure.phases import VOID

_CSR = ("data", "indices", "indptr")
_PLAIN, _AVERAGED = range(2)

# Mandel components: the normal strains and the shear across the fibres; the shears along them.
_IN_PLANE, _ALONG = [0, 1, 2, 5], [3, 4]

# Positions in the stiffness (6, 6) of the nine orthotropic constants.
_POSITIONS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1), (3, 3), (4, 4), (5, 5))
_UNITS = np.zeros((len(_POSITIONS), 6, 6))
for _unit, (_i, _j) in zip(_UNITS, _POSITIONS, strict=True):
    _unit[_i, _j] = _unit[_j, _i] = 1


@dataclass(frozen=True)
class Components:
    """What each orthotropic constant of each phase adds to the discrete problem.

    Attributes:
        phases: names of the p phases; what a void adds is zero.
        pattern: of the stiffness matrix of the n unknowns, with k entries.
        systems: with plain elements and with the averaged dilatation, of each of the 9 p
            constants, those of `_POSITIONS` with the first phase first (k + 6 n, 9 p): the entries
            of the stiffness matrix, then the forces on the unknowns by the six unit macroscopic
            strains.
        fractions: volume fractions (p,) of the phases.
    """

    phases: tuple[str, ...]
    pattern: Pattern
    systems: tuple[csr_array, csr_array]
    fractions: Array

    @cached_property
    def solver(self) -> SparseCholesky:
        """Keeps the ordering of the unknowns from one sample to the next."""
        return SparseCholesky(self.pattern)


def assemble_components(cell: Cell) -> Components:
    """Assemble the 9 p component matrices and their loads, for both elements.

    Example:
        >>> import numpy as np
        >>> from rve.homogenisation import assemble_components, discretise
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> components = assemble_components(discretise(Mesh(nodes, triangles, np.array([0, 1]))))
        >>> [system.shape for system in components.systems]  # 45 entries; 9 unknowns, 6 strains
        [(99, 18), (99, 18)]
    """
    plain, averaged = (
        csr_array(np.stack(list(_columns(cell, B)), axis=-1))
        for B in (cell.strain_displacement, cell.averaged_dilatation)
    )
    return Components(cell.phases, cell.pattern, (plain, averaged), cell.fractions)


def _columns(cell: Cell, shape: Array) -> Iterator[Array]:
    """Columns (k + 6 n,) of a system with strains from displacements (m, q, 6, 18)."""
    for phase in range(len(cell.phases)):
        elements = np.flatnonzero(cell.phase == phase)
        B, weights, places = shape[elements], cell.weights[elements], cell.places[elements]
        rows = 6 * cell.element_unknowns[elements, :, None] + np.arange(6)
        for unit in _UNITS:
            forces = np.einsum("mq,mqid,ij->mdqj", weights, B, unit, optimize=True)
            stiffness = np.einsum("mdqj,mqje->mde", forces, B, optimize=True)
            entries = accumulate(places, stiffness, len(cell.pattern))
            yield np.append(entries, accumulate(rows, forces.sum(axis=2), 6 * cell.size))


def homogenise(components: Components, *phases: Array, flowing: Collection[str] = ()) -> Array:
    """Homogenised stiffness (6, 6) in GPa of the cell.

    Args:
        components: of the cell, from `assemble_components`.
        phases: stiffness (6, 6) of each of `components.phases`, GPa, orthotropic in the cell's
            axes; zero of a void.
        flowing: names of the phases that have the averaged dilatation however compressible they
            are, as in the nonlinear references; others have it from LOCKING on.

    Raises:
        InputError: a stiffness has entries outside the orthotropic pattern, or a void has one.
        ConvergenceError: the stiffness matrix of the cell is not positive definite.

    Example:
        Phases of one Poisson's ratio follow the rule of mixtures along the fibres:

        >>> import numpy as np
        >>> from rve.homogenisation import assemble_components, discretise, homogenise
        >>> from rve.materials import LAWS
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> components = assemble_components(discretise(Mesh(nodes, triangles, np.array([0, 1]))))
        >>> resin, glass = LAWS["isotropic"](3.0, 0.25).law(), LAWS["isotropic"](71.0, 0.25).law()
        >>> stiffness = homogenise(components, resin.stiffness, glass.stiffness)
        >>> round(1 / float(np.linalg.inv(stiffness)[2, 2]), 9)
        37.0
    """
    constants = np.zeros((2, len(phases), len(_POSITIONS)))
    for number, (name, stiffness) in enumerate(zip(components.phases, phases, strict=True)):
        if name == VOID:
            if stiffness.any():
                raise InputError(f"the {name} has a stiffness; expected zero")
            continue
        outside = stiffness[~_UNITS.any(axis=0)]
        if np.abs(outside).max() > 1e-12 * np.abs(stiffness).max():
            raise InputError(f"the stiffness of the {name} is not orthotropic in the cell's axes")
        element = _AVERAGED if name in flowing or locks(stiffness) else _PLAIN
        constants[element, number] = [stiffness[position] for position in _POSITIONS]
    terms = [
        system @ of_element.ravel()
        for system, of_element in zip(components.systems, constants, strict=True)
        if of_element.any()
    ]
    entries, load = np.split(sum(terms[1:], start=terms[0]), [len(components.pattern)])
    load = load.reshape(-1, 6)
    mean = np.tensordot(components.fractions, np.stack(phases), 1)
    # Orthotropic phases couple neither displacements nor loads in the plane with those along the
    # fibres. So a right-hand side can carry a load of each kind.
    together = load[:, _IN_PLANE]
    together[:, : len(_ALONG)] += load[:, _ALONG]
    products = load.T @ components.solver.solve(entries, together)
    homogenised = mean
    homogenised[np.ix_(_IN_PLANE, _IN_PLANE)] -= products[_IN_PLANE]
    homogenised[np.ix_(_ALONG, _ALONG)] -= products[_ALONG, : len(_ALONG)]
    return (homogenised + homogenised.T) / 2


def save(components: Components, path: Path) -> None:
    """Write the components of a cell to an .npz file."""
    sparse = {
        f"system_{element}_{part}": getattr(system, part)
        for element, system in enumerate(components.systems)
        for part in _CSR
    }
    own = {"phases": np.array(components.phases), "fractions": components.fractions}
    write_arrays(path, **vars(components.pattern), **own, **sparse)


def load(path: Path) -> Components:
    """Read the components of a cell from an .npz file."""
    with reading_arrays(path, "the components of a cell, delete it and run again") as file:
        pattern = Pattern(file["rows"], file["columns"], int(file["size"]))
        phases = tuple(file["phases"].tolist())
        shape = len(pattern) + 6 * pattern.size, len(phases) * len(_POSITIONS)
        plain, averaged = (
            csr_array(tuple(file[f"system_{element}_{part}"] for part in _CSR), shape=shape)
            for element in (_PLAIN, _AVERAGED)
        )
        return Components(phases, pattern, (plain, averaged), file["fractions"])
