"""Whether the solid of a cell with voids holds together: what hangs on nothing has no stiffness."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from rve.arrays import Array, Integers
from rve.errors import InputError
from rve.microstructure.lattice import Lattice
from rve.microstructure.places import coordinates


def check_support(nodes: Array, solid: Integers, lattice: Lattice) -> None:
    """Refuse a cell whose voids cut off a part of the solid, or all of it along a line.

    Elements hold together by their edges. The solid of the whole cell is one part, and it runs from
    cell to cell along two vectors of the lattice. The nodes of the mesh as it lies there, without
    its images, make q pieces. Each pair of periodic images links two of them, with a step between
    cells; relative places of the pieces that satisfy all links would be free of strain. There are
    none, but for those of the cell as a whole, if the links and their steps have the rank q + 1.

    Args:
        nodes: coordinates (n, 2) of the mesh.
        solid: its triangles (m, 6) that are no void.
        lattice: by which the cell repeats.

    Raises:
        InputError: a part hangs on nothing.
    """
    used, middles = np.unique(solid[:, 3:], return_inverse=True)
    middles, image = middles.reshape(-1, 3), lattice.number[used]
    pieces, piece = _parts(middles, len(used))
    _, first, place = np.unique(image, return_index=True, return_inverse=True)
    ends = np.stack([first[place], np.arange(len(used))])[:, first[place] != np.arange(len(used))]
    shifts = np.diff(nodes[used[ends]], axis=0)[0]
    steps = np.round(shifts @ np.linalg.inv(lattice.vectors))
    links = np.eye(pieces)[piece[ends[1]]] - np.eye(pieces)[piece[ends[0]]]
    rows = np.unique(np.column_stack([links, steps]), axis=0)
    if len(rows) and np.linalg.matrix_rank(rows) == pieces + 1:
        return
    parts, part = _parts(place.reshape(-1)[middles], len(first))
    smallest = np.bincount(part[place]).argmin()
    where = coordinates(nodes[used[part[place] == smallest]].mean(axis=0))
    if parts == 1:
        raise InputError(
            "the cell hangs on nothing: its voids cut it off from the next cells in a direction; "
            "make them smaller, or leave more material between them"
        )
    raise InputError(
        f"the part of the cell near {where} hangs on nothing: its voids cut it off from the rest; "
        "join it, by edges of elements, or make it a void as well"
    )


def _parts(middles: Integers, count: int) -> tuple[int, Integers]:
    """Number of parts of elements that share edges, and the part of each of the edges' middles."""
    first, second, third = middles.T
    links = np.concatenate([first, second]), np.concatenate([second, third])
    graph = coo_matrix((np.ones(len(links[0])), links), shape=(count, count))
    return connected_components(graph, directed=False)
