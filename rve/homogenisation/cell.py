"""Finite-element discretisation of the periodic cell in generalised plane strain.

In a unidirectional composite every field is constant along the fibres (axis 3) when the
displacement fluctuation is periodic. So the three displacement components and the six macroscopic
strains live on the two-dimensional mesh; this is exact, not an approximation.

The elements of voids are left out, and so are the nodes that no other element has: a void without
stiffness is exact as well.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.extras import extra
from rve.homogenisation.linear_solver import Pattern, pattern_of
from rve.materials.stiffness import bulk_over_shear
from rve.microstructure.lattice import lattice_of
from rve.microstructure.mesh import Mesh
from rve.microstructure.phases import VOID, ordered
from rve.microstructure.places import PLACE_TOLERANCE, coordinates
from rve.microstructure.support import check_support

with extra("cell"):
    from skfem import Basis, ElementTriP2, ElementVector, MeshTri2


LOCKING = 20.0
"""Bulk over shear modulus (nu = 0.475) from which on a phase takes the averaged dilatation.

There the errors of both elements are equal and opposite: 6, 3 and 1 % of the transverse shear
modulus at element sizes of 0.05, 0.025 and 0.0125. Beyond, plain elements lock.
"""


def locks(stiffness: Array) -> bool:
    """Whether plain elements of a phase of this stiffness (6, 6) lock."""
    return bulk_over_shear(stiffness) >= LOCKING


# Three Gauss points: exact for the area of curved elements, and the usual choice for plasticity.
_INTEGRATION_ORDER = 2


def strain(gradient):
    """Mandel strain (6, ...) of a displacement gradient (3, 2, ...) that does not vary along 3."""
    s = np.sqrt(0.5)
    zero = np.zeros_like(gradient[0, 0])
    return np.stack(
        [
            gradient[0, 0],
            gradient[1, 1],
            zero,
            s * gradient[2, 1],
            s * gradient[2, 0],
            s * (gradient[0, 1] + gradient[1, 0]),
        ]
    )


@dataclass(frozen=True)
class Cell:
    """The mesh, its function space, and the periodic numbering of the unknowns.

    Attributes:
        basis: scikit-fem's basis of quadratic displacements (u1, u2, u3), without the voids.
        phases: names of the p phases, the void's included.
        phase: number in `phases` of each of the m elements that are no void.
        element_unknowns: numbers (m, 18) of the periodic unknowns of each element, u1, u2, u3 of
            each node; one node is held to exclude rigid translations and carries `size`.
        size: number of unknowns.
        pattern: where the stiffness matrix of the unknowns has entries.
        places: which of them are the entries (m, 18, 18) of the element matrices.
        strain_displacement: matrices B (m, q, 6, 18): strain at each of an element's q integration
            points from its displacements.
        averaged_dilatation: the same with the trace of the strain averaged over each element, for
            phases that yield or are nearly incompressible.

    Example:
        >>> import numpy as np
        >>> from rve.homogenisation import Cell, discretise
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> cell = discretise(Mesh(nodes, triangles, phase=np.array([0, 1])))
        >>> isinstance(cell, Cell), cell.fractions.tolist(), cell.size
        (True, [0.5, 0.5], 9)
    """

    basis: Basis
    phases: tuple[str, ...]
    phase: Integers
    element_unknowns: Integers
    size: int
    pattern: Pattern
    places: Integers
    strain_displacement: Array
    averaged_dilatation: Array

    @cached_property
    def weights(self) -> Array:
        """Areas (m, q) of the integration points; with the voids their sum is 1."""
        return self.basis.dx

    @cached_property
    def fractions(self) -> Array:
        """Volume fractions (p,) of the phases as meshed."""
        fractions = accumulate(self.phase, self.weights.sum(axis=1), len(self.phases))
        if VOID in self.phases:
            fractions[self.phases.index(VOID)] = 1 - fractions.sum()
        return fractions


def accumulate(numbers: Integers, values: Array, size: int) -> Array:
    """Sums (size,) of the values of equal number; numbers from `size` on are left out."""
    sums = np.bincount(numbers.ravel(), values.ravel(), minlength=size)
    return sums[:size].astype(np.float64, copy=False)


def _averaged_dilatation(B: Array, weights: Array) -> Array:
    """B-bar (m, q, 6, 18), after Hughes 1980 (Int. J. Numer. Meth. Engng 15, 1413-1418).

    Plastic flow keeps the volume at every integration point, which leaves quadratic triangles too
    few degrees of freedom; one condition on the volume for each element leaves enough.
    """
    dilatation = B[:, :, :3].sum(axis=2, keepdims=True)
    share = weights / weights.sum(axis=1, keepdims=True)
    mean = np.einsum("mq,mqid->mid", share, dilatation)
    averaged = B.copy()
    averaged[:, :, :3] += (mean[:, None] - dilatation) / 3
    return averaged


def discretise(mesh: Mesh) -> Cell:
    """Set up the periodic finite-element problem on a mesh.

    Raises:
        InputError: the mesh has inverted elements, is not periodic, or has not the area 1; a part
            of it hangs on nothing; its phases are in another order than that of `ordered`.

    Example:
        Of the nine nodes of a square of two triangles four are not images of others. One is held,
        and three displacements of the other three are left:

        >>> import numpy as np
        >>> from rve.homogenisation import discretise
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> discretise(Mesh(nodes, triangles, phase=np.array([0, 1]))).size
        9
    """
    if mesh.phases != ordered(mesh.phases):
        names = ", ".join(ordered(mesh.phases))
        raise InputError(f"phases: expected the order {names}, got {', '.join(mesh.phases)}")
    solid = mesh.triangles[mesh.solid]
    used, triangles = np.unique(solid, return_inverse=True)
    fe_mesh = MeshTri2(mesh.nodes[used].T, triangles.reshape(-1, 6).T)
    basis = Basis(fe_mesh, ElementVector(ElementTriP2(), 3), intorder=_INTEGRATION_ORDER)
    jacobian = basis.mapping.detDF(basis.X)
    if jacobian.min() <= 0:
        worst = jacobian.min(axis=1).argmin()
        where = coordinates(mesh.nodes[solid[worst, :3]].mean(axis=0))
        raise InputError(
            f"the mesh has an inverted element near {where}; use a smaller rve.element_size"
        )
    lattice = lattice_of(mesh.nodes, mesh.triangles)
    if abs(lattice.area - 1) > PLACE_TOLERANCE:
        raise InputError(f"the mesh covers an area of {lattice.area:.6g}, expected 1")
    check_support(mesh.nodes, solid, lattice)
    _, place = np.unique(lattice.number[solid], return_inverse=True)
    size = 3 * int(place.max())
    unknowns = np.minimum(3 * place.reshape(-1, 6, 1) + np.arange(3), size).reshape(-1, 18)
    # The last place is held.
    rows, columns = np.broadcast_arrays(unknowns[:, :, None], unknowns[:, None, :])
    pattern, places = pattern_of(rows, columns, size)
    strains = np.stack([strain(shape[0].grad) for shape in basis.basis])
    B = np.ascontiguousarray(strains.transpose(2, 3, 1, 0))
    averaged = _averaged_dilatation(B, basis.dx)
    phase = mesh.phase[mesh.solid]
    return Cell(basis, mesh.phases, phase, unknowns, size, pattern, places, B, averaged)
