"""Online prediction: networks follow load paths, or stand as material laws in finite elements."""

from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import SCHEMES, Prediction, SchemeName, predict, predict_many

__all__ = ["SCHEMES", "NetworkLaw", "Prediction", "SchemeName", "predict", "predict_many"]
