"""Finite elements of the periodic cell, and the loads that it follows.

monotonic            one component of strain or stress, up to an amplitude
piecewise_linear     straight segments between points, cyclic or multi-axial
LoadPath             targets of the macroscopic strain and stress, increment by increment
Curve                strains and stresses along a load path
read_curve           read a curve
Cell                 a discretised cell
discretise           the cell of a mesh
assemble_components  what its linear homogenisation needs, once a mesh
homogenise           stiffness of the cell from those of its phases
simulate             follow a load path with finite elements
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
