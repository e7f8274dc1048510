"""Elastic stiffness of the cell with given phases, of any symmetry."""

from rve import arguments
from rve.arrays import Array
from rve.homogenisation.cell import Cell, locks
from rve.homogenisation.elements import Elements, total
from rve.homogenisation.linear_solver import SparseCholesky
from rve.materials.composite import Materials, laws_of


def elastic_stiffness(cell: Cell, materials: Materials) -> Array:
    """Homogenised stiffness (6, 6) in GPa, Mandel, of the cell with the elastic part of its laws.

    The elements are those of `homogenise`, which is quicker for many phases in one cell.

    Args:
        cell: the discretised cell.
        materials: laws of the phases but the void, or constants that declare them: by the names of
            `cell.phases` or in their order.

    Raises:
        InputError: an argument is not as said.
        ConvergenceError: the stiffness of a phase is not positive definite.

    Example:
        Phases of one Poisson's ratio follow the rule of mixtures along the fibres:

        >>> import numpy as np
        >>> from rve.homogenisation import discretise, elastic_stiffness
        >>> from rve.materials import LAWS, engineering_constants
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> cell = discretise(Mesh(nodes, triangles, np.array([0, 1])))
        >>> resin, glass = LAWS["isotropic"](3.0, 0.25), LAWS["isotropic"](71.0, 0.25)
        >>> stiffness = elastic_stiffness(cell, (resin, glass))
        >>> round(engineering_constants(stiffness)["E3"], 9)
        37.0
    """
    arguments.instance("cell", cell, Cell, ", as discretise(mesh) gives it")
    phases = []
    for number, law in enumerate(laws_of(materials, cell.phases)):
        elements = Elements(cell, number, averaged=locks(law.stiffness))
        phases.append(elements.linearised(law.stiffness))
    K, coupling, mean = total(phases)
    stiffness = mean - coupling.T @ SparseCholesky(cell.pattern).solve(K, coupling)
    return (stiffness + stiffness.T) / 2
