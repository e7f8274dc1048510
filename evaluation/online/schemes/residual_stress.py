"""Algorithm 1, Eqs. 10-12: tangents and residual stresses go up the tree."""

from evaluation.online.iteration import PLACE, condense, step_from_last
from evaluation.online.kernels import borrowing, inlined
from evaluation.online.loop_arguments import FlatNetwork, Work
from evaluation.online.schemes.scheme import Scheme
from rve.materials.layout import STRAIN, STRESS


@borrowing
def leave_residual_stress(lanes, network: FlatNetwork, work: Work):
    """Replace the stresses of the base nodes by those of Eq. 10: linearised, at the last strain."""
    L = len(lanes)
    for node in range(len(network.weights)):
        tile, last = work.tiles[node, 0], work.last[node]
        for i in range(6):
            for j in range(6):
                for s in range(L):
                    grown = tile[(STRAIN + j) * L + s] - last[j * L + s]
                    tile[(STRESS + i) * L + s] -= tile[PLACE[i, j] * L + s] * grown


@inlined
def linearise(lanes, network: FlatNetwork, work: Work, iteration):
    """See `Scheme`; the blocks pass on the residual stresses, Eq. 11."""
    L, top = len(lanes), work.tiles[-1, 0]
    leave_residual_stress(lanes, network, work)
    condense(lanes, network, work)
    for i in range(6):
        for j in range(6):
            for s in range(L):
                grown = work.macro[j * L + s] - work.last_macro[j * L + s]
                top[(STRESS + i) * L + s] += top[PLACE[i, j] * L + s] * grown


SCHEME = Scheme(
    name="residual_stress",
    words="with residual stress",
    colour="#0072b2",
    kinds=("DMN",),
    linearise=linearise,
    step=step_from_last,
    place=1,
)
