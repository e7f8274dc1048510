from .mesh import Mesh as Mesh
from .mesh import generate as generate
from .mesh import load as load
from .mesh import read as read
from .packing import Packing as Packing
from .packing import pack as pack
from .statistics import describe as describe
