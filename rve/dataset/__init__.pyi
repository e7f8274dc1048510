from .dataset import Dataset as Dataset
from .dataset import checked as checked
from .dataset import load as load
from .dataset import save as save
from .sampling import SamplingRanges as SamplingRanges
from .sampling import sample_pairs as sample_pairs
