"""A network as a material law: in the finite elements of this project, or in others."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.online.compiled import SINGLE, TILE, load
from evaluation.online.prediction import check_search, unrest
from evaluation.online.structure import structure
from rve.errors import ConvergenceError
from rve.kernels.tile import LANES
from rve.materials.composite import laws_of
from rve.materials.equations import Declared
from rve.materials.law import Law
from rve.materials.material import Response
from training.tree import Tree

Array = NDArray[np.float64]


class NetworkLaw:
    """The composite that a network and its base materials make.

    The state of a point is the strain of each base node (6 n, Mandel), then their internal
    variables, node by node, then the number of steps in which the last increment was made, more
    than one if it was halved; zeros for the virgin material. Equilibrium comes from `tree_newton`.

    Attributes:
        state_size: number of internal variables of a point.
        stiffness: homogenised elastic stiffness (6, 6), GPa, of a step that takes no time.
        symmetric: whether its consistent tangent is; it is if those of the base materials are.
        rate_dependent: whether a base material is.
    """

    def __init__(
        self,
        tree: Tree,
        materials: Sequence[Declared],
        tolerance: float = 1e-8,
        max_iterations: int = 50,
    ) -> None:
        """Prepare the law.

        Args:
            tree: the active part of the network.
            materials: laws of the base materials p1 and p2, or constants that declare them.
            tolerance: as in `evaluation.online.predict`.
            max_iterations: likewise.

        Raises:
            InputError: an argument is not as said.
        """
        check_search(tree, tolerance, max_iterations)
        laws = laws_of(materials, Law)
        self._structure = structure(tree, laws, dense=False)
        self._settings = float(tolerance), max_iterations
        self.symmetric = all(law.symmetric for law in laws)
        self.rate_dependent = any(law.rate_dependent for law in laws)
        self.state_size = 6 * len(tree.weights) + int(self._structure.sizes.sum()) + 1
        virgin = np.zeros((1, self.state_size))
        self.stiffness = self.respond(np.zeros((1, 6)), virgin, duration=0.0).tangent[0]

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        """Response of the law at n points; see `rve.materials.material.Material`.

        Points are followed LANES at a time. One that finds no equilibrium is followed again alone,
        and its step is halved up to eight times.

        Raises:
            ConvergenceError: a point found no equilibrium.
        """
        stress, new_state = np.empty(strain.shape), np.empty(state.shape)
        tangent = np.empty((len(strain), 6, 6))
        # A tile costs as much as about four single points, for any number of points in it.
        failed, change = load().respond(
            TILE if len(strain) >= LANES // 4 else SINGLE,
            self._structure,
            (*self._settings, float(duration)),
            np.ascontiguousarray(strain),
            np.ascontiguousarray(state),
            stress,
            new_state,
            tangent,
        )
        if failed >= 0:
            raise ConvergenceError(
                f"point {failed} of {len(strain)} failed after 8 bisections: no equilibrium of the "
                f"network; {unrest(change, self._settings[0], strain[failed])}; "
                "make a smaller step"
            )
        return Response(stress, new_state, tangent)
