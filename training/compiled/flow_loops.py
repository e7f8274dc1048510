"""The compiled loops of the first moments: strains down the tree, and the adjoint of all of it.

The order of the adjoint is that of the chain rule: derivatives by strains go up the tree, then
those by stiffnesses go down.
"""

import numpy as np

from rve.kernels.tile import ENTRIES
from training.compiled import kernels
from training.compiled.flow import Memory, Pairs
from training.compiled.kernels import borrowing, compiled
from training.compiled.loops import (
    homogenise_step,
    make_scratch,
    set_up,
    set_up_adjoint,
    turn,
)
from training.compiled.structure import Parameters, Structure
from training.compiled.workspace import Workspace


@borrowing
def _gather(lanes, materials, pairs: Pairs, chosen, memory: Memory):
    """Copy pairs of a sample and a load into lanes; the first, with weight zero, fills the rest."""
    L, top = len(lanes), memory.strains.shape[1] - 1
    entries, targets, shares = pairs
    for s in range(L):
        given = s < len(chosen)
        row = chosen[s] if given else chosen[0]
        for step in range(len(memory.tiles)):
            for phase in range(materials):
                for q in range(ENTRIES):
                    memory.tiles[step, phase, 0, q * L + s] = entries[row, phase * ENTRIES + q]
            for i in range(6):
                memory.strains[step, top, 0, i * L + s] = entries[row, materials * ENTRIES + i]
            for flow in range(len(memory.shares)):
                memory.targets[step, flow, s] = targets[row, flow, step]
        for flow in range(len(memory.shares)):
            memory.shares[flow, s] = shares[row, flow] if given else 0.0


@borrowing
def _forward(points, wholes, weights, structure: Structure, workspace: Workspace, memory: Memory):
    """Means of the norms of the deviators, step by step, of phases of these whole weights."""
    flows, phases = memory.flows, structure.phases
    children, k = structure.children, len(structure.base)
    fractions, normals = workspace.fractions, workspace.normals
    L, rows = len(points[0]), memory.rows
    memory.factors[0] = 1.0
    for step in range(len(memory.tiles)):
        tiles, kept, strains = memory.tiles[step], memory.kept[step], memory.strains[step]
        norms, factors, means = memory.norms[step], memory.factors[step], memory.means[step]
        for leaf in range(k):
            phase, at = (tiles, phases[leaf]), (tiles, rows[leaf])
            if flows[leaf] >= 0:
                kernels.softened(points, phase, (factors, leaf), at)
            elif structure.turned:
                turn(points, structure, workspace, leaf, phase, at)
        for number in range(len(children)):
            homogenise_step(points, structure, rows, workspace, tiles, kept, number)
        for number in range(len(children) - 1, -1, -1):
            kernels.strains(
                points,
                (fractions, number),
                (normals, number),
                (kept, rows[k + number]),
                (strains, k + number),
                (strains, children[number, 0]),
                (strains, children[number, 1]),
            )
        means[:] = 0.0
        for leaf in range(k):
            flow = flows[leaf]
            if flow >= 0:
                kernels.norm(points, (strains, leaf), (norms, leaf))
                for s in range(L):
                    means[flow, 0, s] += weights[leaf] / wholes[flow] * norms[leaf, 0, s]
        if step + 1 < len(memory.tiles):
            for leaf in range(k):
                flow = flows[leaf]
                if flow >= 0:
                    kernels.factor(
                        points, (norms, leaf), (means, flow), (memory.factors[step + 1], leaf)
                    )


@borrowing
def _backward(
    points,
    wholes,
    weights,
    total,
    structure: Structure,
    workspace: Workspace,
    memory: Memory,
    by_weights,
):
    """Add up the derivatives, from the last step to the first; returns the sum of the errors."""
    flows, phases = memory.flows, structure.phases
    children, k = structure.children, len(structure.base)
    fractions, normals = workspace.fractions, workspace.normals
    by_fractions, by_normals = workspace.by_fractions, workspace.by_normals
    L, rows, parts = len(points[0]), memory.rows, memory.strains.shape[1]
    by_norm, by_mean, by_factor = memory.by_norm, memory.by_mean, memory.by_factor
    by_strains, by_tractions, by_tiles = memory.by_strains, memory.by_tractions, memory.by_tiles
    error, last = 0.0, len(memory.tiles) - 1
    for step in range(last, -1, -1):
        tiles, kept, strains = memory.tiles[step], memory.kept[step], memory.strains[step]
        norms, means = memory.norms[step], memory.means[step]
        for flow in range(len(wholes)):
            for s in range(L):
                distance = means[flow, 0, s] / memory.targets[step, flow, s] - 1
                weight = memory.shares[flow, s] / total
                error += weight * distance * distance
                by_mean[flow, s] = 2 * weight * distance / memory.targets[step, flow, s]
        for leaf in range(k):
            flow = flows[leaf]
            if flow >= 0:
                by_norm[leaf] = 0.0
                if step < last:  # of the factors that follow from this step
                    kernels.factor_adjoint(
                        points,
                        (norms, leaf),
                        (means, flow),
                        (by_factor, leaf),
                        (by_norm, leaf),
                        (by_mean, flow),
                    )
        for leaf in range(k):
            flow = flows[leaf]
            if flow >= 0:
                whole = wholes[flow]
                for s in range(L):
                    by = by_mean[flow, s]
                    by_weights[leaf] += by * (norms[leaf, 0, s] - means[flow, 0, s]) / whole
                    by_norm[leaf, 0, s] += by * weights[leaf] / whole
                kernels.norm_adjoint(points, (strains, leaf), (by_norm, leaf), (by_strains, leaf))
            else:
                by_strains[leaf] = 0.0
        for number in range(len(children)):
            row, below = rows[k + number], (children[number, 0], children[number, 1])
            shared = (fractions, number), (normals, number)
            stiffnesses = (tiles, rows[below[0]]), (tiles, rows[below[1]])
            block = *shared, *stiffnesses, (kept, row), (strains, k + number)
            given = (by_strains, below[0]), (by_strains, below[1])
            found = (
                (by_strains, k + number),
                (by_tractions, number),
                (by_fractions, number),
                (by_normals, number),
            )
            if structure.hollow:
                kernels.hollow_strains_adjoint(points, *block, *given, *found)
            else:
                kernels.strains_adjoint(points, *block, *given, *found)
        by_tiles[parts - 1] = 0.0
        for number in range(len(children) - 1, -1, -1):
            first, second, row = children[number, 0], children[number, 1], rows[k + number]
            kernels.laminate_strains_adjoint(
                points,
                (fractions, number),
                (normals, number),
                (tiles, rows[first]),
                (tiles, rows[second]),
                (kept, row),
                (by_tiles, k + number),
                (by_tractions, number),
                (strains, first),
                (strains, second),
                (by_tiles, first),
                (by_tiles, second),
                (by_fractions, number),
                (by_normals, number),
            )
        for leaf in range(k):
            if flows[leaf] >= 0:
                kernels.softened_adjoint(
                    points, (tiles, phases[leaf]), (by_tiles, leaf), (by_factor, leaf)
                )
            elif structure.turned:
                kernels.torque(
                    points,
                    (tiles, rows[leaf]),
                    (by_tiles, leaf),
                    (workspace.by_turns, leaf),
                )
    return error


@compiled
def moments_slopes(
    lanes, network: Parameters, pairs: Pairs, chosen, workspace: Workspace, memory: Memory, slopes
):
    """Mean square of the relative errors of chosen pairs' moments; its slopes are written.

    See `training.first_moments`. Slopes are derivatives by all z (2^N,) and angles; without a base
    node of a phase that yields, all are zero. The workspace is in double precision.
    """
    (_, angles, structure), (by_z, by_angles) = network, slopes
    scratch, points = make_scratch(structure), (lanes, 1, 1.0)
    set_up(network, workspace, scratch)
    base, nodes, k, weights = structure.base, structure.nodes, len(structure.base), scratch[0]
    by_z[:], by_angles[:] = 0.0, 0.0
    wholes, total = np.zeros(len(memory.shares)), 0.0
    for leaf in range(k):
        if memory.flows[leaf] >= 0:
            wholes[memory.flows[leaf]] += weights[leaf]
    for pair in chosen:
        for flow in range(len(wholes)):
            total += pairs.shares[pair, flow] * len(memory.tiles)
    if not wholes.max() > 0:
        return 0.0
    by_weights, error, materials = np.zeros(k), 0.0, structure.materials
    for start in range(0, len(chosen), len(lanes)):
        _gather(lanes, materials, pairs, chosen[start : start + len(lanes)], memory)
        _forward(points, wholes, weights, structure, workspace, memory)
        error += _backward(points, wholes, weights, total, structure, workspace, memory, by_weights)
    active = np.empty(k), np.empty((len(nodes), angles.shape[1]))
    set_up_adjoint(lanes, 1.0, network, workspace, scratch, 0.0, active)
    by_z[base], by_angles[nodes] = active[0] + by_weights, active[1]
    return error
