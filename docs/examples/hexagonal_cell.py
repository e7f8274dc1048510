"""Mesh a hexagonal array of fibres: python docs/examples/hexagonal_cell.py hexagonal.msh."""

import sys
from collections.abc import Sequence
from math import pi, sqrt

import gmsh

FRACTION = 0.6  # fibre area over cell area
WIDTH, HEIGHT = 1.0, sqrt(3)  # in any unit of length
ELEMENT_SIZE = 0.05


def mesh_cell(
    path: str,
    width: float,
    height: float,
    discs: Sequence[tuple[float, float, float]],
    element_size: float,
) -> None:
    """Mesh a rectangle with discs x, y, radius; those that an edge cuts are given on both sides."""
    gmsh.initialize()
    gmsh.option.setNumber("General.Verbosity", 2)
    occ = gmsh.model.occ
    cell = (2, occ.addRectangle(0, 0, 0, width, height))
    fibres = [(2, occ.addDisk(x, y, 0, radius, radius)) for x, y, radius in discs]
    inside, _ = occ.intersect([cell], fibres, removeObject=False)
    # Fragments share their curves, and so their nodes.
    surfaces, parts = occ.fragment([cell], inside)
    occ.synchronize()
    fibre = {tag for children in parts[1:] for _, tag in children}
    matrix = {tag for _, tag in surfaces} - fibre
    gmsh.model.addPhysicalGroup(2, sorted(matrix), name="matrix")
    gmsh.model.addPhysicalGroup(2, sorted(fibre), name="fibre")

    def curves_on(axis: int, position: float) -> list[int]:
        """The curves on the line where a coordinate has this value, in their order along it."""
        low, high = [-0.01, -0.01, -0.01], [width + 0.01, height + 0.01, 0.01]
        low[axis], high[axis] = position - 0.01, position + 0.01
        curves = [tag for _, tag in gmsh.model.getEntitiesInBoundingBox(*low, *high, dim=1)]
        return sorted(curves, key=lambda tag: occ.getCenterOfMass(1, tag))

    # Opposite edges get the same nodes.
    for axis, length in enumerate((width, height)):
        x, y = (length, 0) if axis == 0 else (0, length)
        shift = [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, 0, 0, 0, 0, 1]
        gmsh.model.mesh.setPeriodic(1, curves_on(axis, length), curves_on(axis, 0), shift)

    gmsh.option.setNumber("Mesh.MeshSizeMax", element_size)
    gmsh.model.mesh.generate(2)
    gmsh.model.mesh.setOrder(2)
    gmsh.write(path)
    gmsh.finalize()


if __name__ == "__main__":
    # Two fibres: one in the middle, and one cut into quarters by the corners.
    radius = sqrt(FRACTION * WIDTH * HEIGHT / (2 * pi))
    places = [(0, 0), (WIDTH, 0), (0, HEIGHT), (WIDTH, HEIGHT), (WIDTH / 2, HEIGHT / 2)]
    discs = [(x, y, radius) for x, y in places]
    size = float(sys.argv[2]) if len(sys.argv) > 2 else ELEMENT_SIZE
    mesh_cell(sys.argv[1], WIDTH, HEIGHT, discs, size)
