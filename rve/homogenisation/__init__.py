"""Finite elements of the periodic cell.

Cell                 a discretised cell
discretise           the cell of a mesh
elastic_stiffness    stiffness of the cell with given laws
assemble_components  what its linear homogenisation needs, once a mesh
homogenise           stiffness of the cell from those of its phases, for many of them
simulate             follow a load path with finite elements
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
