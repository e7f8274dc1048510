"""Trained networks as material laws in C, for finite-element codes.

export    write the files of a law; python -m evaluation.export does it from the command line
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
