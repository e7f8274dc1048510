"""The periodic cell: packed fibres and voids, or a mesh of your own.

pack           fibres at random in a periodic square
pack_together  fibres with an interphase, voids and several kinds of fibres
Discs          a kind of them: phase, number, volume fraction, ring around each
Packing        their centres and radius
generate       mesh a packing, or several
read           read such a mesh
Mesh           triangles, phases, periodic nodes
load           read and check a mesh of your own: the mesh, and the vectors of its lattice
describe       volume fractions, distances, quality of elements, from mesh and lattice
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
