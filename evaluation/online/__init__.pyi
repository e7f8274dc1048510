from .ensemble import EnsembleLaw as EnsembleLaw
from .ensemble import EnsemblePrediction as EnsemblePrediction
from .ensemble import predict_ensemble as predict_ensemble
from .network_law import NetworkLaw as NetworkLaw
from .prediction import SCHEMES as SCHEMES
from .prediction import Prediction as Prediction
from .prediction import predict as predict
from .prediction import predict_many as predict_many
