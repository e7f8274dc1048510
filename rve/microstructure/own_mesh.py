"""A microstructure that the user meshed: its checks, and its scaling to a cell of unit area.

First-order homogenisation knows no length, so the file may be in any unit. Once scaled, the areas
of the integration points are their weights in every mean over the cell, as for packed fibres.
"""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np

from rve.arrays import Array
from rve.errors import InputError
from rve.microstructure.lattice import UPWARDS, Lattice, lattice_of
from rve.microstructure.mesh import Mesh, read
from rve.microstructure.phases import BY_NAME, Groups
from rve.microstructure.places import coordinates
from rve.microstructure.triangles import determinants

logger = logging.getLogger(__name__)

_MIRRORED = [0, 2, 1, 5, 4, 3]


def load(path: Path, groups: Groups = BY_NAME) -> tuple[Mesh, Array]:
    """Read, check and scale a mesh of the user's.

    Args:
        path: the file, of gmsh (.msh) or Abaqus (.inp).
        groups: its groups of each phase that has no usual name.

    Returns:
        The mesh, its lowest node at the origin and its area 1, and two vectors (2, 2) of its
        lattice in the file's unit of length: of a parallelogram its sides.

    Raises:
        InputError: the file is not such a mesh, or the elements are folded, overlap, leave gaps,
            are not connected or not periodic.

    Example:
        A cell of any size, in millimetres for instance, becomes one of unit area:

        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.microstructure import Mesh, load
        >>> from rve.microstructure.mesh import write
        >>> nodes = np.array([[2.0 * i, 2.0 * j] for i in range(3) for j in range(3)])
        >>> triangles = np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write(Mesh(nodes, triangles, np.array([0, 1])), Path(folder) / "own.msh")
        ...     mesh, lattice = load(Path(folder) / "own.msh")
        >>> mesh.nodes.max(axis=0).round(12).tolist()
        [1.0, 1.0]
        >>> np.abs(lattice).sum(axis=0).tolist()
        [4.0, 4.0]
    """
    mesh, lattice = checked(path, groups)
    if lattice.remark:
        logger.warning("%s: %s", path, lattice.remark)
    lowest = mesh.nodes[(mesh.nodes @ UPWARDS).argmin()]
    return replace(mesh, nodes=(mesh.nodes - lowest) / np.sqrt(lattice.area)), lattice.vectors


def checked(path: Path, groups: Groups) -> tuple[Mesh, Lattice]:
    """A mesh of the user's as it is in the file, and its lattice; see `load`."""
    mesh = read(path, groups)
    try:
        mesh = _counter_clockwise(mesh)
        return mesh, lattice_of(mesh.nodes, mesh.triangles)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _counter_clockwise(mesh: Mesh) -> Mesh:
    """The mesh with all elements counter-clockwise.

    The order of an element's nodes says nothing about the cell: gmsh turns it with the direction
    in which a surface's boundary was drawn. An element that lies on others shows by its edges.
    """
    jacobian = determinants(mesh.nodes[mesh.triangles])
    folded = (jacobian.min(axis=1) <= 0) & (jacobian.max(axis=1) >= 0)
    if folded.any():
        corners = mesh.nodes[mesh.triangles[folded.argmax(), :3]]
        raise InputError(
            f"the element near {coordinates(corners.mean(axis=0))} is folded or flat; use smaller "
            "elements there, or gmsh's `Mesh.HighOrderOptimize`"
        )
    clockwise = jacobian[:, :1] < 0
    triangles = np.where(clockwise, mesh.triangles[:, _MIRRORED], mesh.triangles)
    return replace(mesh, triangles=triangles)
