"""The periodic cell: packed fibres, or a mesh of your own.

pack      fibres at random in a periodic square
Packing   their centres and radius
generate  mesh a packing
read      read such a mesh
Mesh      triangles, phases, periodic nodes
load      read and check a mesh of your own: the mesh, and the vectors of its lattice
describe  volume fraction, distances, quality of elements, from mesh and lattice
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
