"""Macroscopic loads, and the curves with which a material answers them.

monotonic            one component of strain or stress, up to an amplitude
piecewise_linear     straight segments between points, cyclic or multi-axial
read_path            the same from a CSV table of points
LoadPath             targets of the macroscopic strain and stress, increment by increment
Curve                strains and stresses along a load path
read_curve           read a curve
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
