"""Exported subroutines, called as Fortran does, and calls that they have to refuse."""

import ctypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from c_laws import CLaw, exported
from networks import random_network
from numpy.typing import NDArray

from rve.materials import J2Plasticity
from rve.materials.elastic_constants import Isotropic
from training.tree import prune

Array = NDArray[np.float64]


def made(folder: Path, interface: str, layers: int = 3, dead: Iterable[int] = ()) -> CLaw:
    """Epoxy and glass in a random network, in MPa."""
    one = prune(random_network("IMN", layers, np.random.default_rng(0), dead))
    phases = J2Plasticity(3.2, 0.35, 0.03, H=0.1), Isotropic(72, 0.22)
    exported(folder, [one], phases, interface=interface, unit="MPa", vector=np.zeros((1, 13)))
    return CLaw(folder)


def array(values: Array) -> ctypes.c_void_p:
    return ctypes.c_void_p(values.ctypes.data)


def whole(value: int) -> Any:
    return ctypes.byref(ctypes.c_int(value))


def refused(call: Callable[..., Any], law: CLaw, strain: Array, why: str) -> Any:
    """What a call leaves that cannot be answered, for one of several reasons."""
    virgin = np.zeros(law.state_size)
    match why:
        case "strain":
            return call(law, strain * np.nan, virgin)
        case "state":
            return call(law, strain, np.zeros(3))
        case "constants":
            return call(law, strain, virgin, properties=(1.0, 2.0))
    assert why == "plane stress"
    return call(law, strain[:3], virgin, 2)
