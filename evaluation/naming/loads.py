"""Loads and load paths as figures and tables name them."""

from evaluation.formatting import spaced
from rve.loads.load_path import DIRECTIONS


def path_name(path: str) -> str:
    """A load path of a study's own, which may have the name of one of the six loads."""
    return f"path {path}" if path in DIRECTIONS else spaced(path)


def load_name(control: str, load: str) -> str:
    """A load under a control, or a path, as the rows of online.csv have them."""
    return path_name(load) if control == "path" else load
