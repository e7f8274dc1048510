"""Material networks: the tree of laminates, its training, its files. See README.md."""

from rve.dataset.dataset import Dataset
from training.fit import History, Result, Settings, train
from training.network import MaterialNetwork
from training.store import load, save

__all__ = ["Dataset", "History", "MaterialNetwork", "Result", "Settings", "load", "save", "train"]
