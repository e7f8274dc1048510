"""Second-order triangular mesh of the periodic cell: packed fibres, or a mesh of the user's.

First-order homogenisation knows no length, so a user's file may be in any unit. Scaled to a cell of
unit area, the areas of the integration points are their weights in every mean over the cell.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rve.arrays import Array, Booleans, Integers
from rve.errors import InputError
from rve.microstructure.abaqus_file import read_abaqus
from rve.microstructure.drawn_packing import mesh_packing
from rve.microstructure.gmsh_file import read_gmsh, write_gmsh
from rve.microstructure.lattice import UPWARDS, Lattice, lattice_of
from rve.microstructure.packing import Packing
from rve.microstructure.phases import BY_NAME, PHASES, VOID, Block, Groups
from rve.microstructure.places import coordinates
from rve.microstructure.support import check_support
from rve.microstructure.triangles import determinants, triangles_of

logger = logging.getLogger(__name__)

_READERS: dict[str, Callable[[Path], tuple[Array, list[Block]]]] = {
    ".msh": read_gmsh,
    ".inp": read_abaqus,
}
_MIRRORED = [0, 2, 1, 5, 4, 3]


@dataclass(frozen=True)
class Mesh:
    """Second-order triangles of the cell.

    Attributes:
        nodes: coordinates (n, 2). A cell ready for use has its lowest node at the origin and the
            area 1, whatever the unit of length: the square of packed fibres has unit edges.
        triangles: node numbers (m, 6): three corners, then the middles of edges 01, 12, 20.
        phase: number of the phase of each triangle (m,).
        phases: names by number, in the order of `ordered`.

    Example:
        The smallest cell, a triangle of each phase, which stand for a square of nine nodes:

        >>> import numpy as np
        >>> from rve.microstructure import Mesh
        >>> nodes = np.array([[i / 2, j / 2] for i in range(3) for j in range(3)])
        >>> mesh = Mesh(nodes, np.array([[0, 6, 8, 3, 7, 4], [0, 8, 2, 4, 5, 1]]), np.array([0, 1]))
        >>> corners = mesh.nodes[mesh.triangles[:, :3]]
        >>> edges = corners[:, 1:] - corners[:, :1]
        >>> (np.linalg.det(edges) / 2).round(12).tolist()  # areas
        [0.5, 0.5]
    """

    nodes: Array
    triangles: Integers
    phase: Integers
    phases: tuple[str, ...] = PHASES

    @property
    def solid(self) -> Booleans:
        """Which of the triangles (m,) are no void."""
        solid: Booleans = np.array(self.phases)[self.phase] != VOID
        return solid


def generate(packing: Packing | Sequence[Packing], element_size: float, path: Path) -> None:
    """Mesh the cell and write it to a .msh file, with a physical group of each phase.

    Args:
        packing: the fibres, or discs of several kinds that `pack_together` packed.
        element_size: target length of an element's edge, in cell edges.
        path: the file to write.

    Raises:
        InputError: gmsh gives up, or the file could not be written whole.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import numpy as np
        >>> from rve.microstructure import Packing, generate, read
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "mesh.msh"
        ...     generate(Packing(np.array([[0.5, 0.5]]), radius=0.4), 0.2, path)
        ...     mesh = read(path)
        >>> centre = mesh.nodes[mesh.triangles[mesh.phase == 1]] - 0.5
        >>> round(float(np.linalg.norm(centre, axis=-1).max()), 6)  # of the fibre
        0.4
    """
    # Without gmsh's geometry: what it knows of periodic edges would move nodes when it is read.
    packings = [packing] if isinstance(packing, Packing) else packing
    write(Mesh(*triangles_of(*mesh_packing(packings, element_size), None)), path)


def write(mesh: Mesh, path: Path) -> None:
    """Write a mesh to a .msh file, with a physical group of each phase."""
    groups = {name: mesh.triangles[mesh.phase == phase] for phase, name in enumerate(mesh.phases)}
    write_gmsh(path, mesh.nodes, groups)


def read(path: Path, groups: Groups | None = None) -> Mesh:
    """Read a mesh file as triangles of second order.

    Quadrilaterals are halved; elements of first order get straight edges with a node in the middle.

    Args:
        path: the file, of gmsh (.msh) or Abaqus (.inp).
        groups: its groups of each phase that has no usual name; None: each group is the phase of
            its name, as `generate` writes them.

    Raises:
        InputError: the file is no such mesh, lacks a group, has elements of another kind, of two
            orders, in no phase or in several, or does not lie in a plane.

    Example:
        >>> from pathlib import Path
        >>> from rve.microstructure import read
        >>> read(Path("cell.vtk"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        rve.errors.InputError: cell.vtk: expected a mesh of gmsh or Abaqus, whose name ends with ...
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = " or ".join(_READERS)
        raise InputError(
            f"{path}: expected a mesh of gmsh or Abaqus, whose name ends with {known}; meshio "
            "writes other meshes as such"
        )
    try:
        return Mesh(*triangles_of(*reader(path), groups))
    except (InputError, OSError) as error:
        raise InputError(f"{path}: {error}") from error


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
        lattice = lattice_of(mesh.nodes, mesh.triangles)
        check_support(mesh.nodes, mesh.triangles[mesh.solid], lattice)
        return mesh, lattice
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
