"""Material networks: trees of laminates, their training and their files.

train            train a network of random initial parameters on a dataset
Settings         how it is trained
Result           the trained network, its history, and whether the training failed
MaterialNetwork  the parameters of a DMN or an IMN
initialise       an untrained network
save             write what a training left to an .npz file and its record to a .json file
load             read a network
prune            the part of a network that is at work: what predictions need
Tree             that part
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
