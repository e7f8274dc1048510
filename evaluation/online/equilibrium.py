"""Iterations to an equilibrium, by any scheme."""

import numpy as np

from evaluation.online import kernels
from evaluation.online.iteration import average, restart
from evaluation.online.judgement import find_sizes, traction_defect
from evaluation.online.kernels import borrowing, compiled
from evaluation.online.limits import BALANCED
from evaluation.online.loop_arguments import FlatNetwork, Load, Search, Work
from evaluation.online.schemes.registry import SCHEMES, linearise, scheme_of, step
from rve.materials.layout import STRESS


def search_of(scheme: str, tolerance: float, max_iterations: int) -> Search:
    """The search by a scheme of this name."""
    number, balanced = SCHEMES.index(scheme), scheme_of(scheme).balanced
    return Search(number, balanced, float(tolerance), max_iterations)


@compiled
def equilibrium(lanes, network: FlatNetwork, work: Work, load: Load, search: Search):
    """Iterate to a load from the last equilibrium; see `Work` for what is left behind."""
    L = len(lanes)
    work.iterations[:] = 0
    work.converged[:] = False
    restart(lanes, network, work)
    find_sizes(lanes, network, work)
    for iteration in range(1, search.max_iterations + 1):
        linearise(search.scheme, lanes, network, work, iteration)
        find_gap(lanes, work, load)
        control(lanes, work, load)
        changes = step(search.scheme, lanes, network, work, load, iteration)
        for s in range(L):
            if work.converged[s] or (work.iterations[s] and not np.isfinite(work.moved[s])):
                continue
            work.moved[s] = changes[s]
            work.iterations[s] = iteration
            work.converged[s] = work.moved[s] <= search.tolerance
        if network.hollow and work.converged.any():
            judge_balance(lanes, network, work, search)
        going = False
        for s in range(L):
            going |= np.isfinite(work.moved[s]) and not work.converged[s]
        if not going:
            break
    average(lanes, network, work)
    judge_balance(lanes, network, work, search)
    for s in range(L):
        for i in range(6):
            work.converged[s] &= np.isfinite(work.stress[i * L + s])


@compiled
def judge_balance(lanes, network: FlatNetwork, work: Work, search: Search):
    """Take points that rest without balance as not converged.

    With voids a search goes on from there: jumps are zero where a phase that flows bears nothing.
    """
    traction_defect(lanes, network, work)
    for s in range(len(lanes)):
        if search.balanced:
            work.converged[s] &= work.defect[s] <= max(search.tolerance, BALANCED)


@borrowing
def find_gap(lanes, work: Work, load: Load):
    """Target less strain, or less stress of the linearised network at the current strain."""
    first = STRESS * len(lanes)
    for q in range(len(work.gap)):
        here = work.tiles[-1, 0, first + q] if load.free[q] == 1.0 else work.macro[q]
        work.gap[q] = load.target[q] - here


@borrowing
def control(lanes, work: Work, load: Load):
    """Step of the macroscopic strain that closes the gap to the target."""
    shape, top = (1, 1, load.free.size), len(work.tiles) - 1
    free, gap = load.free.reshape(shape), work.gap.reshape(shape)
    step = work.step.reshape(shape)
    kernels.control((lanes, 1, 1.0), (free, 0), (work.tiles, top), (gap, 0), (step, 0))
    for q in range(len(work.step)):
        work.macro[q] += work.step[q]
