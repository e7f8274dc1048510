"""The compiled loops of the online schemes; `evaluation.online.compiled` imports a copy of this.

A tile of L points (`rve.tile`) goes through the same iterations; L is the length of the tuple
`lanes`, one or LANES. Node tiles are laid out as in `rve.lanes`; those of blocks hold the tangent
and the stress alone.
"""

from collections import namedtuple

import material_network_online_kernels as kernels
import numpy as np
from numba import njit

from rve.lanes import STATE, STRAIN, STRESS
from rve.law import call
from rve.tile import UPPER

RESIDUAL_STRESS, FIXED_POINT, NEWTON, TREE_NEWTON = range(4)

_HALVINGS = 8
_PLAIN, _TRIALS, _SLACK = 10, 10, 0.5
_ROUNDING = 1e-12
_SHEAR = np.sqrt(0.5)
_PLACE = np.zeros((6, 6), dtype=np.int64)
for _q, (_i, _j) in enumerate(UPPER):
    _PLACE[_i, _j] = _PLACE[_j, _i] = _q

Work = namedtuple(
    "Work",
    [
        "tiles",  # of all nodes, base nodes first
        "jumps",  # (blocks, 21 L) of `kernels.condense`
        "solved",  # (3 blocks, 7): of Algorithm 3, jumps by the residual and by macroscopic strain
        "changes",  # (nodes, 6 L) of strain
        "last",  # (base nodes, 6 L): strains at the last equilibrium
        "macro",  # (6 L) macroscopic strain
        "last_macro",  # the same at the last equilibrium
        "stress",  # (6 L) macroscopic stress
        "gap",  # (6 L) to the target
        "step",  # (6 L) of the macroscopic strain
        "iterations",  # (L,) of the last increment
        "converged",  # (L,) whether it ended in equilibrium
        "moved",  # (L,) relative change of strain in its last iteration
    ],
)


@njit(cache=True)
def prepare(lanes, structure):
    """Arrays to work with, for virgin materials."""
    L, n = len(lanes), len(structure.weights)
    nodes = 2 * n - 1
    width = STATE + 2 * structure.sizes.max()
    return Work(
        np.zeros((nodes, width * L)),
        np.zeros((n - 1, 21 * L)),
        np.zeros((structure.interaction.shape[1], 7)),
        np.zeros((nodes, 6 * L)),
        np.zeros((n, 6 * L)),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros(6 * L),
        np.zeros(L, dtype=np.int64),
        np.zeros(L, dtype=np.bool_),
        np.zeros(L),
    )


@njit(cache=True)
def _respond(lanes, structure, work):
    """Stresses and tangents of the base nodes."""
    addresses = structure.single if len(lanes) == 1 else structure.tiled
    for node in range(len(structure.weights)):
        tile = work.tiles[node]
        call(addresses[node], structure.constants[node], tile)  # type: ignore[call-arg]


@njit(cache=True)
def _average(lanes, structure, work):
    """Macroscopic stress, Eqs. 14 and 28: the weighted mean of those of the base nodes."""
    L = len(lanes)
    work.stress[:] = 0.0
    for node in range(len(structure.weights)):
        weight, tile = structure.weights[node], work.tiles[node]
        for i in range(6 * L):
            work.stress[i] += weight * tile[STRESS * L + i]


@njit(cache=True)
def _condense(lanes, structure, work):
    """Up the tree: tangents and stresses of the blocks, and their jumps."""
    n, tiles = len(structure.weights), work.tiles
    for block in range(n - 1):
        first, second = structure.children[block]
        kernels.condense(
            lanes,
            structure.blocks[block],
            tiles[first],
            tiles[second],
            tiles[n + block],
            work.jumps[block],
        )


@njit(cache=True)
def _localise(lanes, structure, work):
    """Down the tree: changes of strain of all nodes from that of the top."""
    n, changes = len(structure.weights), work.changes
    for block in range(n - 2, -1, -1):
        first, second = structure.children[block]
        kernels.localise(
            lanes,
            structure.blocks[block],
            work.jumps[block],
            changes[n + block],
            changes[first],
            changes[second],
        )


@njit(cache=True)
def _leave_residual_stress(lanes, structure, work):
    """Replace the stresses of the base nodes by Eq. 10's: those at the last strain, linearised."""
    L = len(lanes)
    for node in range(len(structure.weights)):
        tile, last = work.tiles[node], work.last[node]
        for i in range(6):
            for j in range(6):
                for s in range(L):
                    grown = tile[(STRAIN + j) * L + s] - last[j * L + s]
                    tile[(STRESS + i) * L + s] -= tile[_PLACE[i, j] * L + s] * grown


@njit(cache=True)
def _leave_no_stress(lanes, structure, work):
    L = len(lanes)
    for node in range(len(structure.weights)):
        work.tiles[node, STRESS * L : STRAIN * L] = 0.0


@njit(cache=True)
def _assemble(structure, work):
    """Algorithm 3: homogenised tangent and stress, and jumps, by R and J of Eqs. 28 and 31."""
    n, A = len(structure.weights), structure.interaction
    WKA, Wstress = np.empty(A.shape), np.empty(len(A))
    K, mean, stress = np.empty((6, 6)), np.zeros((6, 6)), np.zeros(6)
    coupling = np.zeros((6, A.shape[1]))
    for node in range(n):
        tile, weight = work.tiles[node], structure.weights[node]
        for i in range(6):
            Wstress[6 * node + i] = weight * tile[STRESS + i]
            for j in range(6):
                K[i, j] = weight * tile[_PLACE[i, j]]
        rows = slice(6 * node, 6 * node + 6)
        WKA[rows] = np.dot(K, A[rows])
        mean += K
        stress += Wstress[rows]
        coupling += WKA[rows]
    right = np.empty((A.shape[1], 7))
    right[:, 0] = np.dot(A.T, Wstress)
    right[:, 1:] = coupling.T
    try:
        work.solved[:] = np.linalg.solve(np.dot(A.T, WKA), right)
    except Exception:  # a singular Jacobian, or one that is not finite
        work.solved[:] = np.nan
    correction = np.dot(coupling, work.solved)
    top = work.tiles[-1]
    for i in range(6):
        top[STRESS + i] = stress[i] - correction[i, 0]
        for j in range(i, 6):
            top[_PLACE[i, j]] = mean[i, j] - correction[i, 1 + j]


@njit(cache=True)
def _spread(structure, work):
    """Algorithm 3: changes of strain of the base nodes, Eq. 25."""
    n = len(structure.weights)
    jumps = work.solved[:, 0] + np.dot(work.solved[:, 1:].copy(), work.step)
    local = np.dot(structure.interaction, jumps)
    for node in range(n):
        work.changes[node] = work.step - local[6 * node : 6 * node + 6]


@njit(cache=True)
def _find_gap(lanes, work, free, target, scheme):
    """What lacks of the target, with the stress of the linearised network at the current strain."""
    L, top = len(lanes), work.tiles[-1]
    for i in range(6):
        for s in range(L):
            here = work.macro[i * L + s]
            if free[i * L + s] == 1.0:
                here = top[(STRESS + i) * L + s]
                if scheme == FIXED_POINT:
                    here = work.stress[i * L + s]
                if scheme == RESIDUAL_STRESS:
                    for j in range(6):
                        grown = work.macro[j * L + s] - work.last_macro[j * L + s]
                        here += top[_PLACE[i, j] * L + s] * grown
            work.gap[i * L + s] = target[i * L + s] - here


@njit(cache=True)
def _move(lanes, structure, work, scheme):
    """New strains of the base nodes; returns how much they change, over their increment.

    Where no load is added the increment is rounding: changes of no more than that count as none.
    """
    L = len(lanes)
    changes, increments, strains = np.zeros(L), np.zeros(L), np.zeros(L)
    from_last = scheme in (RESIDUAL_STRESS, FIXED_POINT)
    for node in range(len(structure.weights)):
        tile, last, step = work.tiles[node], work.last[node], work.changes[node]
        for i in range(6):
            for s in range(L):
                old, start = tile[(STRAIN + i) * L + s], last[i * L + s]
                new = (start if from_last else old) + step[i * L + s]
                tile[(STRAIN + i) * L + s] = new
                changes[s] += (new - old) ** 2
                increments[s] += (new - start) ** 2
                strains[s] += new**2
    for s in range(L):
        rounding = changes[s] <= _ROUNDING**2 * strains[s]
        changes[s] = 0.0 if rounding else np.sqrt(changes[s] / increments[s])
    return changes


@njit(cache=True)
def _slope(lanes, structure, work, free, target):
    """Derivative (L,) of the potential by the length of the Newton step.

    For stresses that derive from a convex potential, as those of associated plasticity in a step,
    equilibrium is its minimum, less the work of the prescribed stresses.
    """
    L = len(lanes)
    slope = np.zeros(L)
    for node in range(len(structure.weights)):
        tile, change, weight = work.tiles[node], work.changes[node], structure.weights[node]
        for i in range(6):
            for s in range(L):
                slope[s] += weight * tile[(STRESS + i) * L + s] * change[i * L + s]
    for q in range(6 * L):
        slope[q % L] -= free[q] * target[q] * work.step[q]
    return slope


@njit(cache=True)
def _shorten(lanes, structure, work, free, target, before):
    """Go back on Newton steps beyond the minimum, to where the slope is half that before, or less.

    Without this, a step may lead from one side of the minimum to the other and back for ever.
    """
    L = len(lanes)
    length, low, high = np.ones(L), np.zeros(L), np.ones(L)
    at_low, slope = before.copy(), _slope(lanes, structure, work, free, target)
    at_high, shift = slope.copy(), np.zeros(L)
    for _ in range(_TRIALS):
        shift[:] = 0.0
        for s in range(L):
            if work.converged[s] or not before[s] < 0:
                continue
            beyond = not slope[s] <= -_SLACK * before[s]
            if beyond or (length[s] < 1 and slope[s] < _SLACK * before[s]):
                share = at_low[s] / (at_low[s] - at_high[s])
                share = min(0.9, max(0.1, share)) if np.isfinite(share) else 0.5
                shift[s] = low[s] + share * (high[s] - low[s]) - length[s]
                length[s] += shift[s]
        if not shift.any():
            return
        for node in range(len(structure.weights)):
            tile, change = work.tiles[node], work.changes[node]
            for q in range(6 * L):
                tile[STRAIN * L + q] += shift[q % L] * change[q]
        for q in range(6 * L):
            work.macro[q] += shift[q % L] * work.step[q]
        _respond(lanes, structure, work)
        slope = _slope(lanes, structure, work, free, target)
        for s in range(L):
            if shift[s] != 0.0 and slope[s] < 0:
                low[s], at_low[s] = length[s], slope[s]
            elif shift[s] != 0.0:
                high[s], at_high[s] = length[s], slope[s]


@njit(cache=True)
def equilibrium(lanes, structure, work, free, target, scheme, tolerance, max_iterations):
    """Iterate to a target (6 L) from the last equilibrium; see `Work` for what is left behind."""
    L, n = len(lanes), len(structure.weights)
    work.macro[:] = work.last_macro
    work.tiles[:n, STRAIN * L : STATE * L] = work.last
    work.iterations[:] = 0
    work.converged[:] = False
    _respond(lanes, structure, work)
    for iteration in range(1, max_iterations + 1):
        _average(lanes, structure, work)
        if L == 1 and scheme == NEWTON:
            _assemble(structure, work)
        else:
            if scheme == RESIDUAL_STRESS:
                _leave_residual_stress(lanes, structure, work)
            if scheme == FIXED_POINT:
                _leave_no_stress(lanes, structure, work)
            _condense(lanes, structure, work)
        _find_gap(lanes, work, free, target, scheme)
        kernels.control(lanes, free, work.tiles[-1], work.gap, work.step)
        work.macro[:] += work.step
        if L == 1 and scheme == NEWTON:
            _spread(structure, work)
        else:
            work.changes[-1] = work.step if scheme == TREE_NEWTON else work.macro - work.last_macro
            _localise(lanes, structure, work)
        damped = scheme == TREE_NEWTON and iteration > _PLAIN
        before = _slope(lanes, structure, work, free, target) if damped else work.moved
        changes = _move(lanes, structure, work, scheme)
        _respond(lanes, structure, work)
        if damped:
            _shorten(lanes, structure, work, free, target, before)
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
    _average(lanes, structure, work)
    for s in range(L):
        for i in range(6):
            work.converged[s] &= np.isfinite(work.stress[i * L + s])


@njit(cache=True)
def _accept(lanes, structure, work):
    """Make the current equilibrium the last one."""
    L, n = len(lanes), len(structure.weights)
    work.last_macro[:] = work.macro
    work.last[:] = work.tiles[:n, STRAIN * L : STATE * L]
    for node in range(n):
        size = structure.sizes[node] * L
        tile = work.tiles[node]
        tile[STATE * L : STATE * L + size] = tile[STATE * L + size : STATE * L + 2 * size]


@njit(cache=True)
def advance(lanes, structure, work, free, begin, end, scheme, tolerance, max_iterations):
    """Follow one increment of the load, from its target at the begin (6 L) to that at the end.

    A single point halves the steps that do not converge; of a tile, those points that do not
    converge are not to be used.

    Returns:
        The iterations (L,) that it took, and whether the points arrived (L,).
    """
    L = len(lanes)
    if L > 1:
        equilibrium(lanes, structure, work, free, end, scheme, tolerance, max_iterations)
        _accept(lanes, structure, work)
        return work.iterations, work.converged
    reached, step, spent = 0.0, 1.0, 0
    while reached < 1:
        target = begin + (reached + step) * (end - begin)
        equilibrium(lanes, structure, work, free, target, scheme, tolerance, max_iterations)
        spent += work.iterations[0]
        if work.converged[0]:
            _accept(lanes, structure, work)
            reached += step
        else:
            step /= 2
            if step < 0.5**_HALVINGS:
                break
    work.iterations[0] = spent
    return work.iterations, work.converged


@njit(cache=True)
def _traction_defect(lanes, structure, work, worst):
    """Norm of the tractions' jumps R, Eq. 27, over that of the tractions; the worst is kept."""
    L, n = len(lanes), len(structure.weights)
    means, sizes = np.zeros((2 * n - 1, 6)), np.zeros((2 * n - 1, 6))
    for s in range(L):
        jumps = tractions = 0.0
        for node in range(n):
            for i in range(6):
                means[node, i] = work.tiles[node, (STRESS + i) * L + s]
                sizes[node, i] = abs(means[node, i])
        for block in range(n - 1):
            first, second = structure.children[block]
            f1, n1, n2, n3 = structure.blocks[block]
            means[n + block] = f1 * means[first] + (1 - f1) * means[second]
            sizes[n + block] = f1 * sizes[first] + (1 - f1) * sizes[second]
            d = means[first] - means[second]
            jumps += (n1 * d[0] + _SHEAR * (n3 * d[4] + n2 * d[5])) ** 2
            jumps += (n2 * d[1] + _SHEAR * (n3 * d[3] + n1 * d[5])) ** 2
            jumps += (n3 * d[2] + _SHEAR * (n2 * d[3] + n1 * d[4])) ** 2
            d = sizes[first] + sizes[second]
            n1, n2, n3 = abs(n1), abs(n2), abs(n3)
            tractions += (n1 * d[0] + _SHEAR * (n3 * d[4] + n2 * d[5])) ** 2
            tractions += (n2 * d[1] + _SHEAR * (n3 * d[3] + n1 * d[5])) ** 2
            tractions += (n3 * d[2] + _SHEAR * (n2 * d[3] + n1 * d[4])) ** 2
        if tractions > 0:
            worst[s] = max(worst[s], np.sqrt(jumps / tractions))


@njit(cache=True)
def follow(lanes, structure, work, free, targets, scheme, tolerance, max_iterations, results):
    """Follow a load path from the virgin state; targets (increments, 6 L).

    Args:
        results: to be filled: strain and stress (increments + 1, 6 L), iterations
            (increments + 1, L), traction defect (L,), increments done (L,).
    """
    L = len(lanes)
    strain, stress, iterations, defect, done = results
    begin = np.zeros(6 * L)
    for number in range(len(targets)):
        spent, arrived = advance(
            lanes,
            structure,
            work,
            free,
            begin,
            targets[number],
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
        iterations[number + 1] = spent
        _traction_defect(lanes, structure, work, defect)
        begin = targets[number]
    _condense(lanes, structure, work)


@njit(cache=True)
def _load_state(lanes, structure, work, lane, row):
    """Put a state, strains of the base nodes before their internal variables, into a lane."""
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
            work.tiles[node, (STATE + i) * L + lane] = row[place]
            place += 1


@njit(cache=True)
def _save_state(lanes, structure, work, lane, row):
    L, n = len(lanes), len(structure.weights)
    place = 6 * n
    for node in range(n):
        for i in range(6):
            row[6 * node + i] = work.last[node, i * L + lane]
        for i in range(structure.sizes[node]):
            row[place] = work.tiles[node, (STATE + i) * L + lane]
            place += 1


@njit(cache=True)
def _step(lanes, structure, work, points, settings, given, answer):
    """Bring the points of a tile, numbered, to their strains; returns which of them arrived."""
    L = len(lanes)
    strain, state = given
    stress, new_state, tangent = answer
    end = np.empty(6 * L)
    for s in range(L):
        point = points[min(s, len(points) - 1)]
        _load_state(lanes, structure, work, s, state[point])
        for i in range(6):
            end[i * L + s] = strain[point, i]
    tolerance, max_iterations = settings
    _, arrived = advance(
        lanes,
        structure,
        work,
        np.zeros(6 * L),
        work.last_macro.copy(),
        end,
        TREE_NEWTON,
        tolerance,
        max_iterations,
    )
    _condense(lanes, structure, work)
    top = work.tiles[-1]
    for s in range(len(points)):
        point = points[s]
        _save_state(lanes, structure, work, s, new_state[point])
        for i in range(6):
            stress[point, i] = work.stress[i * L + s]
            for j in range(6):
                tangent[point, i, j] = top[_PLACE[i, j] * L + s]
    return arrived


@njit(cache=True)
def respond(lanes, structure, settings, strain, state, stress, new_state, tangent):
    """A network as the law of n points under strain control; see `rve.material.Material`.

    Args:
        lanes: of a tile; points that fail in it are repeated alone.
        structure: the network.
        settings: tolerance and largest number of iterations.
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
    given, answer = (strain, state), (stress, new_state, tangent)
    numbers = np.arange(len(strain))
    for start in range(0, len(strain), len(lanes)):
        points = numbers[start : start + len(lanes)]
        arrived = _step(lanes, structure, tile, points, settings, given, answer)
        for s in range(len(points)):
            if not arrived[s]:
                point = points[s : s + 1]
                again = _step(one, structure, alone, point, settings, given, answer)
                if not again[0]:
                    return point[0], alone.moved[0]
    return -1, 0.0
