"""The compiled loops of the online schemes; `evaluation.online.compiled` imports a copy of this.

Iterations to an equilibrium, increments along a load path, and the step of a network as a law. What
an iteration does, and with which arrays, is in `evaluation.online.iteration`.
"""

import numpy as np
from material_network_online_iteration import (
    FIXED_POINT,
    NEWTON,
    RESIDUAL_STRESS,
    TREE_NEWTON,
    answer,
    assemble,
    average,
    condense,
    control,
    find_gap,
    find_slope,
    leave_no_stress,
    leave_residual_stress,
    localise,
    move,
    prepare,
    restart,
    shorten,
    spread,
    stiffen,
    tangents,
)
from material_network_online_judgement import find_sizes, traction_defect
from numba import njit

from evaluation.online.limits import BALANCED, FADING, HALVINGS, PLAIN_ITERATIONS, STIFFENING
from rve.materials.layout import DURATION, STATE, STRAIN


@njit(cache=True)
def equilibrium(lanes, structure, work, free, target, scheme, tolerance, max_iterations):
    """Iterate to a target (6 L) from the last equilibrium; see `Work` for what is left behind."""
    L = len(lanes)
    work.iterations[:] = 0
    work.converged[:] = False
    restart(lanes, structure, work)
    find_sizes(lanes, structure, work)
    for iteration in range(1, max_iterations + 1):
        if scheme == TREE_NEWTON and iteration == PLAIN_ITERATIONS + 1:
            restart(lanes, structure, work)
        average(lanes, structure, work)
        if L == 1 and scheme == NEWTON:
            assemble(structure, work)
        else:
            if scheme == RESIDUAL_STRESS:
                leave_residual_stress(lanes, structure, work)
            if scheme == FIXED_POINT:
                leave_no_stress(lanes, structure, work)
            if scheme == TREE_NEWTON and iteration > PLAIN_ITERATIONS:
                stiffen(
                    lanes, structure, work, STIFFENING * FADING ** (iteration - PLAIN_ITERATIONS)
                )
            condense(lanes, structure, work)
        find_gap(lanes, work, free, target, scheme)
        control(lanes, work, free)
        if L == 1 and scheme == NEWTON:
            spread(structure, work)
        else:
            work.changes[-1, 0] = (
                work.step if scheme == TREE_NEWTON else work.macro - work.last_macro
            )
            localise(lanes, structure, work)
        damped = scheme == TREE_NEWTON and iteration > PLAIN_ITERATIONS
        before = find_slope(lanes, structure, work, free, target) if damped else work.moved
        changes = move(lanes, structure, work, scheme)
        answer(lanes, structure, work)
        if damped:
            shorten(lanes, structure, work, free, target, before)
        going = False
        for s in range(L):
            if work.converged[s] or (work.iterations[s] and not np.isfinite(work.moved[s])):
                continue
            work.moved[s] = changes[s]
            work.iterations[s] = iteration
            work.converged[s] = work.moved[s] <= tolerance
            going |= np.isfinite(work.moved[s]) and not work.converged[s]
        if not going:
            break
    average(lanes, structure, work)
    traction_defect(lanes, structure, work)
    for s in range(L):
        if scheme != FIXED_POINT:
            work.converged[s] &= work.defect[s] <= max(tolerance, BALANCED)
        for i in range(6):
            work.converged[s] &= np.isfinite(work.stress[i * L + s])


@njit(cache=True)
def _accept(lanes, structure, work):
    """Make the current equilibrium the last one."""
    L, n = len(lanes), len(structure.weights)
    work.last_macro[:] = work.macro
    work.last[:] = work.tiles[:n, 0, STRAIN * L : DURATION * L]
    for node in range(n):
        size = structure.sizes[node] * L
        tile = work.tiles[node, 0]
        tile[STATE * L : STATE * L + size] = tile[STATE * L + size : STATE * L + 2 * size]


@njit(cache=True)
def advance(lanes, structure, work, free, begin, end, duration, scheme, tolerance, max_iterations):
    """Follow one increment of the load, from the target `begin` (6 L) to `end`, in a duration (L,).

    For a single point, steps that do not converge are halved. Points of a tile that do not converge
    must not be used.

    Returns:
        The iterations (L,) that it took, and whether the points arrived (L,).
    """
    L = len(lanes)
    work.duration[:] = duration
    work.steps[:] = 1
    if L > 1:
        equilibrium(lanes, structure, work, free, end, scheme, tolerance, max_iterations)
        _accept(lanes, structure, work)
        return work.iterations, work.converged
    reached, step, steps, spent = 0.0, 1.0, 0, 0
    while reached < 1:
        target = begin + (reached + step) * (end - begin)
        work.duration[:] = step * duration
        equilibrium(lanes, structure, work, free, target, scheme, tolerance, max_iterations)
        spent += work.iterations[0]
        if work.converged[0]:
            _accept(lanes, structure, work)
            reached += step
            steps += 1
        else:
            step /= 2
            if step < 0.5**HALVINGS:
                break
    work.iterations[0], work.steps[0] = spent, steps
    return work.iterations, work.converged


@njit(cache=True)
def follow(
    lanes,
    structure,
    work,
    free,
    ends,
    shares,
    durations,
    scheme,
    tolerance,
    max_iterations,
    results,
):
    """Follow a load path from the virgin state; see `rve.loads.load_path.LoadPath`.

    Args:
        lanes: of a tile, or of a single point.
        structure: the network.
        work: arrays of virgin materials.
        free: 1 for components of which the stress is prescribed, else 0 (increments, 6 L).
        ends: where the straight lines of the increments end (increments, 6 L).
        shares: of the increments in the ways there (increments, 6 L).
        durations: of the increments (increments, L).
        scheme: number of the scheme.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.
        results: to be filled: strain and stress (increments + 1, 6 L), iterations
            (increments + 1, L), steps (increments + 1, L), traction defect (L,), increments done
            (L,).
    """
    L = len(lanes)
    strain, stress, iterations, steps, defect, done = results
    begin, end = np.zeros(6 * L), np.zeros(6 * L)
    for number in range(len(ends)):
        for q in range(6 * L):
            begin[q], share = end[q], shares[number, q]
            if number and free[number, q] != free[number - 1, q]:
                begin[q] = work.stress[q] if free[number, q] == 1.0 else work.macro[q]
            end[q] = ends[number, q]
            if share < 1:
                end[q] = begin[q] + share * (end[q] - begin[q])
        spent, arrived = advance(
            lanes,
            structure,
            work,
            free[number],
            begin,
            end,
            durations[number],
            scheme,
            tolerance,
            max_iterations,
        )
        for s in range(L):
            if arrived[s] and done[s] == number:
                done[s] += 1
        if done.max() <= number:
            return
        strain[number + 1], stress[number + 1] = work.macro, work.stress
        iterations[number + 1], steps[number + 1] = spent, work.steps
        for s in range(L):
            defect[s] = max(defect[s], work.defect[s])


@njit(cache=True)
def _load_state(lanes, structure, work, lane, row):
    """Put a state, see `evaluation.online.network_law.NetworkLaw`, into a lane."""
    L, n = len(lanes), len(structure.weights)
    place = 6 * n
    for i in range(6):
        work.last_macro[i * L + lane] = 0.0
    for node in range(n):
        for i in range(6):
            strain = row[6 * node + i]
            work.last[node, i * L + lane] = strain
            work.last_macro[i * L + lane] += structure.weights[node] * strain
        for i in range(structure.sizes[node]):
            work.tiles[node, 0, (STATE + i) * L + lane] = row[place]
            place += 1


@njit(cache=True)
def _save_state(lanes, structure, work, lane, row):
    L, n = len(lanes), len(structure.weights)
    place = 6 * n
    for node in range(n):
        for i in range(6):
            row[6 * node + i] = work.last[node, i * L + lane]
        for i in range(structure.sizes[node]):
            row[place] = work.tiles[node, 0, (STATE + i) * L + lane]
            place += 1
    row[place] = work.steps[lane]


@njit(cache=True)
def _step(lanes, structure, work, points, settings, given, results):
    """Bring the points of a tile, numbered, to their strains; returns which of them arrived."""
    L = len(lanes)
    strain, state = given
    stress, new_state, tangent = results
    end = np.empty(6 * L)
    for s in range(L):
        point = points[min(s, len(points) - 1)]
        _load_state(lanes, structure, work, s, state[point])
        for i in range(6):
            end[i * L + s] = strain[point, i]
    tolerance, max_iterations, duration = settings
    _, arrived = advance(
        lanes,
        structure,
        work,
        np.zeros(6 * L),
        work.last_macro.copy(),
        end,
        np.full(L, duration),
        TREE_NEWTON,
        tolerance,
        max_iterations,
    )
    own = tangents(lanes, structure, work)
    for s in range(len(points)):
        point = points[s]
        _save_state(lanes, structure, work, s, new_state[point])
        for i in range(6):
            stress[point, i] = work.stress[i * L + s]
        tangent[point] = own[s]
    return arrived


@njit(cache=True)
def respond(lanes, structure, settings, strain, state, stress, new_state, tangent):
    """A network as the law of n points under strain control; see `rve.materials.material.Material`.

    Args:
        lanes: of a tile; points that fail in it are repeated alone.
        structure: the network.
        settings: tolerance, largest number of iterations, and duration of the step.
        strain: macroscopic strain (n, 6).
        state: of the network (n, s).
        stress: to be filled (n, 6).
        new_state: likewise (n, s).
        tangent: likewise (n, 6, 6).

    Returns:
        The number of the first point without equilibrium, or -1, and its last change of strain.
    """
    one = (0,)
    tile, alone = prepare(lanes, structure), prepare(one, structure)
    given, results = (strain, state), (stress, new_state, tangent)
    numbers = np.arange(len(strain))
    for start in range(0, len(strain), len(lanes)):
        points = numbers[start : start + len(lanes)]
        arrived = _step(lanes, structure, tile, points, settings, given, results)
        for s in range(len(points)):
            if not arrived[s]:
                point = points[s : s + 1]
                again = _step(one, structure, alone, point, settings, given, results)
                if not again[0]:
                    return point[0], alone.moved[0]
    return -1, 0.0
