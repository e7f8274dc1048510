"""Finite elements of the periodic cell.

Cell                 a discretised cell
discretise           the cell of a mesh
assemble_components  what its linear homogenisation needs, once a mesh
homogenise           stiffness of the cell from those of its phases
simulate             follow a load path with finite elements
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
