"""A network as a material law: in the finite elements of this project, or in others."""

import numpy as np
from numpy.typing import NDArray

from evaluation.online.equilibrium import search_of
from evaluation.online.flat_network import flat_network
from evaluation.online.iteration import prepare, tangents
from evaluation.online.kernels import borrowing, compiled
from evaluation.online.loop_arguments import FlatNetwork, Search, Work
from evaluation.online.loops import Increment, advance
from evaluation.online.prediction import SINGLE, TILE, check_search, unrest
from rve.errors import ConvergenceError
from rve.kernels.tile import LANES
from rve.materials.composite import Materials, laws_of
from rve.materials.law import Law
from rve.materials.layout import STATE
from rve.materials.material import Response, points_of
from training.network import MaterialNetwork
from training.tree import Tree, tree_of

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

    Example:
        Without strain its tangent is the homogenised stiffness of the base materials:

        >>> import numpy as np
        >>> from evaluation.online import NetworkLaw
        >>> from rve.materials import Elastic, J2Plasticity
        >>> from training import initialise, prune
        >>> from training.homogenise import homogenise
        >>> laws = J2Plasticity(70.0, 0.33, yield_stress=0.3, H=1.0), Elastic(80 * np.eye(6))
        >>> network = initialise("IMN", layers=2, rng=np.random.default_rng(0))
        >>> law = NetworkLaw(prune(network), laws)
        >>> answer = law.respond(np.zeros((1, 6)), np.zeros((1, law.state_size)))
        >>> p1, p2 = (phase.stiffness[None] for phase in laws)
        >>> np.allclose(answer.tangent, homogenise(network, p1, p2))
        True
    """

    def __init__(
        self,
        tree: MaterialNetwork | Tree,
        materials: Materials,
        tolerance: float = 1e-8,
        max_iterations: int = 50,
    ) -> None:
        """Prepare the law.

        Args:
            tree: a network, as `training.load` gives it, or its active part.
            materials: laws of the phases, as for `evaluation.online.predict`.
            tolerance: as in `evaluation.online.predict`.
            max_iterations: likewise.

        Raises:
            InputError: an argument is not as said.
        """
        check_search(tolerance, max_iterations)
        tree = tree_of(tree)
        laws = laws_of(materials, tree.names, Law)
        self._structure = flat_network(tree, laws, dense=False)
        self._search = search_of("tree_newton", tolerance, max_iterations)
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
            InputError: strain or state do not have the shapes (n, 6) and (n, state_size).
            ConvergenceError: a point found no equilibrium.
        """
        strain, state = points_of(self, strain, state)
        response = Response(
            np.empty(strain.shape), np.empty(state.shape), np.empty((len(strain), 6, 6))
        )
        given = strain, state, float(duration)
        # A tile costs as much as about four single points, for any number of points in it.
        lanes = TILE if len(strain) >= LANES // 4 else SINGLE
        failed, change = respond(lanes, self._structure, self._search, given, response)
        if failed >= 0:
            raise ConvergenceError(
                f"point {failed} of {len(strain)} failed after 8 bisections: no equilibrium of the "
                f"network; {unrest(change, self._search.tolerance, strain[failed])}; "
                "make a smaller step"
            )
        return response


@borrowing
def _load_state(lanes, network: FlatNetwork, work: Work, lane, row):
    """Put a state, see `NetworkLaw`, into a lane."""
    L, n = len(lanes), len(network.weights)
    place = 6 * n
    for i in range(6):
        work.last_macro[i * L + lane] = 0.0
    for node in range(n):
        for i in range(6):
            strain = row[6 * node + i]
            work.last[node, i * L + lane] = strain
            work.last_macro[i * L + lane] += network.weights[node] * strain
        for i in range(network.sizes[node]):
            work.tiles[node, 0, (STATE + i) * L + lane] = row[place]
            place += 1


@borrowing
def _save_state(lanes, network: FlatNetwork, work: Work, lane, row):
    L, n = len(lanes), len(network.weights)
    place = 6 * n
    for node in range(n):
        for i in range(6):
            row[6 * node + i] = work.last[node, i * L + lane]
        for i in range(network.sizes[node]):
            row[place] = work.tiles[node, 0, (STATE + i) * L + lane]
            place += 1
    row[place] = work.steps[lane]


@compiled
def _step(lanes, network: FlatNetwork, work: Work, points, search: Search, given, response):
    """Bring the points of a tile, numbered, to their strains; `work` says which of them arrived."""
    L = len(lanes)
    strain, state, duration = given
    end = np.empty(6 * L)
    for s in range(L):
        point = points[min(s, len(points) - 1)]
        _load_state(lanes, network, work, s, state[point])
        for i in range(6):
            end[i * L + s] = strain[point, i]
    begin = work.last_macro.copy()
    increment = Increment(np.zeros(6 * L), begin, end, np.full(L, duration))
    advance(lanes, network, work, increment, search)
    own = tangents(lanes, network, work)
    for s in range(len(points)):
        point = points[s]
        _save_state(lanes, network, work, s, response.state[point])
        for i in range(6):
            response.stress[point, i] = work.stress[i * L + s]
        response.tangent[point] = own[s]


@compiled
def respond(lanes, network: FlatNetwork, search: Search, given, response):
    """A network as the law of n points under strain control; see `rve.materials.material.Material`.

    Args:
        lanes: of a tile; points that fail in it are repeated alone.
        network: the network.
        search: how equilibrium is searched.
        given: macroscopic strain (n, 6), state of the network (n, s), and duration of the step, s.
        response: a `Response` to be filled.

    Returns:
        The number of the first point without equilibrium, or -1, and its last change of strain.
    """
    one = lanes[:1]
    tile, alone = prepare(lanes, network), prepare(one, network)
    numbers = np.arange(len(given[0]))
    for start in range(0, len(numbers), len(lanes)):
        points = numbers[start : start + len(lanes)]
        _step(lanes, network, tile, points, search, given, response)
        for s in range(len(points)):
            if not tile.converged[s]:
                point = points[s : s + 1]
                _step(one, network, alone, point, search, given, response)
                if not alone.converged[0]:
                    return point[0], alone.moved[0]
    return -1, 0.0
