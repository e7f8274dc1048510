"""Linear-elastic training data.

Dataset         stiffness of the phases and of the cell that they make
load            read a dataset
save            write a dataset
checked         the dataset, if it can be trained on
sample_phases   random orthotropic phases
SamplingRanges  ranges of their constants
Moments         how homogeneous the strain is in a phase that yields
load_moments    read moments
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
