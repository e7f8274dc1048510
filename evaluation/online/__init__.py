"""Online prediction: networks follow load paths, or stand as laws in finite elements.

predict             follow one load path with a network
predict_many        follow many at once, for a quarter of the cost each
predict_ensemble    follow many with several networks: mean and spread
Prediction          what one path gives: curve, tangent, states
EnsemblePrediction  what one path gives an ensemble: mean, spread, each curve
spread_factor       what makes the spread of an ensemble cover its errors
NetworkLaw          a network as a material law
EnsembleLaw         several networks as one material law
SCHEMES             names of the online schemes
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
