"""What an online scheme offers: one linearised equilibrium of a network."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Linearised(NamedTuple):
    """The network in equilibrium for linearised base materials.

    Attributes:
        tangent: homogenised tangent (6, 6), GPa.
        stress: homogenised stress (6,) at the current macroscopic strain, GPa.
        localise: macroscopic strain (6,) -> strains (n, 6) of the base nodes.
    """

    tangent: Array
    stress: Array
    localise: Callable[[Array], Array]


class Scheme(Protocol):
    """A scheme, prepared for one tree."""

    def linearise(
        self, macro_strain: Array, strain: Array, stress: Array, tangent: Array
    ) -> Linearised:
        """Linearise around the current strains.

        Args:
            macro_strain: strain (6,) of the top node.
            strain: strains (n, 6) of the base nodes.
            stress: their stresses (n, 6), GPa.
            tangent: their tangents (n, 6, 6), GPa.
        """
