"""The compiled loops over the increments of a load path."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluation.online.equilibrium import equilibrium
from evaluation.online.kernels import compiled
from evaluation.online.limits import HALVINGS
from evaluation.online.loop_arguments import FlatNetwork, Load, Search, Work
from rve.materials.layout import DURATION, STATE, STRAIN

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


class Increment(NamedTuple):
    """An increment of the load.

    Attributes:
        free: 1 for components of which the stress is prescribed, else 0 (6 L).
        begin: where it begins (6 L).
        end: where it ends (6 L).
        duration: how long it takes (L,), s.
    """

    free: Array
    begin: Array
    end: Array
    duration: Array


class Increments(NamedTuple):
    """Load paths of a tile, see `rve.loads.load_path.LoadPath`.

    Attributes:
        free: 1 for components of which the stress is prescribed, else 0 (increments, 6 L).
        ends: where the straight lines of the increments end (increments, 6 L).
        shares: of the increments in the ways there (increments, 6 L).
        durations: of the increments (increments, L), s.
    """

    free: Array
    ends: Array
    shares: Array
    durations: Array


class Results(NamedTuple):
    """What follows from load paths of n increments.

    Attributes:
        strain: macroscopic (n + 1, 6 L).
        stress: likewise.
        iterations: of each increment (n + 1, L).
        steps: in which it was made (n + 1, L).
        defect: largest one of the tractions (L,).
        done: number of increments (L,) that found equilibrium.
    """

    strain: Array
    stress: Array
    iterations: Counts
    steps: Counts
    defect: Array
    done: Counts


def empty_results(increments: int, L: int) -> Results:
    """Results to be filled, of L paths."""
    shape = increments + 1, L
    strain, stress = np.zeros((2, increments + 1, 6 * L))
    counts = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    return Results(strain, stress, *counts, np.zeros(L), np.zeros(L, dtype=np.int64))


@compiled
def _accept(lanes, network: FlatNetwork, work: Work):
    """Make the current equilibrium the last one."""
    L, n = len(lanes), len(network.weights)
    work.last_macro[:] = work.macro
    work.last[:] = work.tiles[:n, 0, STRAIN * L : DURATION * L]
    for node in range(n):
        size = network.sizes[node] * L
        tile = work.tiles[node, 0]
        tile[STATE * L : STATE * L + size] = tile[STATE * L + size : STATE * L + 2 * size]


@compiled
def advance(lanes, network: FlatNetwork, work: Work, increment, search: Search):
    """Follow one increment of the load; see `Work` for what is left behind.

    For a single point, steps that do not converge are halved. Points of a tile that do not converge
    must not be used.
    """
    free, begin, end, duration = increment
    work.duration[:] = duration
    work.steps[:] = 1
    if len(lanes) > 1:
        equilibrium(lanes, network, work, Load(free, end), search)
        _accept(lanes, network, work)
        return
    reached, step, steps, spent = 0.0, 1.0, 0, 0
    while reached < 1:
        target = begin + (reached + step) * (end - begin)
        work.duration[:] = step * duration
        equilibrium(lanes, network, work, Load(free, target), search)
        spent += work.iterations[0]
        if work.converged[0]:
            _accept(lanes, network, work)
            reached += step
            steps += 1
        else:
            step /= 2
            if step < 0.5**HALVINGS:
                break
    work.iterations[0], work.steps[0] = spent, steps


@compiled
def follow(lanes, network: FlatNetwork, work: Work, path, search: Search, results):
    """Follow a load path, `Increments`, from the virgin state, and fill its `Results`."""
    L = len(lanes)
    free, ends, shares, durations = path
    begin, end = np.zeros(6 * L), np.zeros(6 * L)
    for number in range(len(ends)):
        for q in range(6 * L):
            begin[q], share = end[q], shares[number, q]
            if number and free[number, q] != free[number - 1, q]:
                begin[q] = work.stress[q] if free[number, q] == 1.0 else work.macro[q]
            end[q] = ends[number, q]
            if share < 1:
                end[q] = begin[q] + share * (end[q] - begin[q])
        increment = Increment(free[number], begin, end, durations[number])
        advance(lanes, network, work, increment, search)
        for s in range(L):
            if work.converged[s] and results.done[s] == number:
                results.done[s] += 1
        if results.done.max() <= number:
            return
        results.strain[number + 1], results.stress[number + 1] = work.macro, work.stress
        results.iterations[number + 1] = work.iterations
        results.steps[number + 1] = work.steps
        for s in range(L):
            results.defect[s] = max(results.defect[s], work.defect[s])
