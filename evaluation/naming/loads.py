"""Loads and load paths as figures and tables name them."""

from evaluation.formatting import spaced
from rve.loads.load_path import DIRECTIONS

_IN_WORDS = {
    "11": "tension across the fibres",
    "22": "tension across, the other axis",
    "33": "tension along the fibres",
    "23": "shear along the fibres, the other axis",
    "31": "shear along the fibres",
    "12": "shear across the fibres",
}
"""What a load does; its components are of the project's axes, with 3 along the fibres."""


def path_name(path: str) -> str:
    """A load path of a study's own, which may have the name of one of the six loads."""
    return f"path {path}" if path in DIRECTIONS else spaced(path)


def in_words(control: str, load: str) -> str:
    """What a load under a control does; nothing of a path."""
    return "" if control == "path" else _IN_WORDS[load]


def load_name(control: str, load: str) -> str:
    """A load under a control, or a path, as the rows of online.csv have them."""
    return path_name(load) if control == "path" else load
