from .derivatives import adjoint as adjoint
from .derivatives import directional as directional
from .derivatives import implicit_jacobian as implicit_jacobian
from .derivatives import jacobian as jacobian
from .graph import Graph as Graph
from .graph import evaluate as evaluate
from .numba_source import HEADER as HEADER
from .numba_source import kernel as kernel
