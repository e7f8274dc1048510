"""A patch of elements under a homogeneous strain, which every code has to give back.

The nodes at the surface follow the strain, so that those inside have to be in equilibrium where it
puts them. Then the stress is the same everywhere, and that of a single point.
"""

from pathlib import Path

import numpy as np
from networks import random_network
from numpy.typing import NDArray
from plate_with_hole import FIBRE, MATRIX

from evaluation.online import NetworkLaw, predict
from rve.loads import LoadPath
from rve.mandel import from_tensor, to_tensor
from training import prune, save
from training.fit import History

Array = NDArray[np.float64]

STRAIN = np.array([[6.0, 2.0, -1.0], [2.0, -3.0, 4.0], [-1.0, 4.0, 2.0]]) * 1e-3
FACTORS = np.array([0.4, 1.0, 0.5])
"""Of the strain at the end of each step: the matrix yields, then unloads."""

NETWORK = random_network("IMN", 4, np.random.default_rng(0), range(0, 16, 3))
LAW = NetworkLaw(prune(NETWORK), (MATRIX, FIBRE))


def expected() -> Array:
    """Stresses (steps, 3, 3) of a single point, GPa."""
    path = LoadPath(np.ones(6, dtype=bool), FACTORS[:, None] * from_tensor(STRAIN))
    stress: Array = to_tensor(predict(prune(NETWORK), (MATRIX, FIBRE), path).curve.stress[1:])
    return stress


def on_surface(points: Array) -> NDArray[np.bool_]:
    """Which points (n, 3) are at the surface of a cube of edge one."""
    return (np.isclose(points, 0) | np.isclose(points, 1)).any(axis=1)


def report(name: str, stress: Array, reference: Array) -> float:
    """Largest difference over the largest value; told, too."""
    difference = float(np.abs(stress - reference).max() / np.abs(reference).max())
    print(f"\n{name}: differs by {difference:.1e}")
    return difference


def file_of_the_network(folder: Path) -> Path:
    """The network, saved."""
    empty = History(**dict.fromkeys(History.__dataclass_fields__, np.zeros(0)))
    save(NETWORK, empty, {"status": "ok"}, folder / "network.npz")
    return folder / "network.npz"
