from .dataset import Dataset as Dataset
from .dataset import checked as checked
from .dataset import load as load
from .dataset import save as save
from .moments import Moments as Moments
from .moments import load_moments as load_moments
from .sampling import SamplingRanges as SamplingRanges
from .sampling import sample_phases as sample_phases
