"""Algorithm 2, and for a DMN that without residual stress: tangents alone go up the tree."""

from evaluation.online.iteration import average, condense, step_from_last
from evaluation.online.kernels import borrowing, inlined
from evaluation.online.loop_arguments import FlatNetwork, Work
from evaluation.online.schemes.scheme import Scheme
from rve.materials.layout import STRAIN, STRESS


@borrowing
def leave_no_stress(lanes, network: FlatNetwork, work: Work):
    """Take the stresses of the base nodes as zero in the jumps, as in Algorithm 2."""
    L = len(lanes)
    for node in range(len(network.weights)):
        work.tiles[node, 0, STRESS * L : STRAIN * L] = 0.0


@inlined
def linearise(lanes, network: FlatNetwork, work: Work, iteration):
    """See `Scheme`; the stress of the top is the mean of those of the base nodes."""
    L = len(lanes)
    average(lanes, network, work)
    leave_no_stress(lanes, network, work)
    condense(lanes, network, work)
    work.tiles[-1, 0, STRESS * L : STRAIN * L] = work.stress


SCHEME = Scheme(
    name="fixed_point",
    words="fixed point",
    words_for_dmn="without residual stress",
    colour="#6b7280",
    kinds=("DMN", "IMN"),
    linearise=linearise,
    step=step_from_last,
    place=3,
    balanced=False,
)
