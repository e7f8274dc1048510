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
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.elastic_constants import Isotropic
from rve.materials.equations import Declared
from training.tree import prune

Array = NDArray[np.float64]


EPOXY = J2Plasticity(3.2, 0.35, 0.03, H=0.1)
UNSYMMETRIC = ArmstrongFrederick(3.2, 0.35, 0.03, backstresses=((4.0, 80.0),))
"""A matrix whose tangent is not symmetric."""


def made(
    folder: Path,
    interface: str,
    layers: int = 3,
    dead: Iterable[int] = (),
    matrix: Declared = EPOXY,
) -> CLaw:
    """Epoxy and glass in a random network, in MPa."""
    one = prune(random_network("IMN", layers, np.random.default_rng(0), dead))
    phases = matrix, Isotropic(72, 0.22)
    exported(folder, [one], phases, interface=interface, unit="MPa", vector=np.zeros((1, 13)))
    return CLaw(folder)


def differences(call: Callable[..., Any], law: CLaw, strain: Array) -> tuple[Array, Array]:
    """Tangent of a second step that turns off, and central differences of its stress."""
    strain = 3 * strain  # both steps yield
    state, step = call(law, strain, np.zeros(law.state_size)).state, 1e-6
    second = strain + 0.5 * np.roll(strain, 1)
    columns = [
        (call(law, second + e, state).stress - call(law, second - e, state).stress) / (2 * step)
        for e in step * np.eye(len(strain))
    ]
    return call(law, second, state).tangent, np.transpose(columns)


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
