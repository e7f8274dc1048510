"""From a formula to compiled code: recorded as a graph, derived, written out, kept.

Graph              records formulas; `inputs` and `constant` are what they begin with
evaluate           values of recorded formulas, in numpy
adjoint            derivatives in reverse mode
directional        derivatives in forward mode
jacobian           derivatives of each output by each input
implicit_jacobian  the same where an unknown keeps a residual at zero
kernel             numba source of a recorded formula, a loop over points
HEADER             the imports that the source of kernels begins with
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
