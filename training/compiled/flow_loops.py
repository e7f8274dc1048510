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
def _gather(lanes, pairs: Pairs, chosen, memory: Memory):
    """Copy pairs of a sample and a load into lanes; the first, with weight zero, fills the rest."""
    L, top = len(lanes), memory.strains.shape[1] - 1
    entries, targets, shares, _ = pairs
    for s in range(L):
        given = s < len(chosen)
        row = chosen[s] if given else chosen[0]
        for step in range(len(memory.tiles)):
            for phase in range(2):
                for q in range(ENTRIES):
                    memory.tiles[step, phase, 0, q * L + s] = entries[row, phase * ENTRIES + q]
            for i in range(6):
                memory.strains[step, top, 0, i * L + s] = entries[row, 2 * ENTRIES + i]
            memory.targets[step, s] = targets[row, step]
        memory.shares[s] = shares[row] if given else 0.0


@borrowing
def _forward(points, phase, weights, structure: Structure, workspace: Workspace, memory: Memory):
    """Means of the norms of the deviators, step by step, of a phase and of its whole weight."""
    flowing, whole = phase
    base, children, k = structure.base, structure.children, len(structure.base)
    fractions, normals = workspace.fractions, workspace.normals
    L, rows = len(points[0]), memory.rows
    memory.factors[0] = 1.0
    for step in range(len(memory.tiles)):
        tiles, kept, strains = memory.tiles[step], memory.kept[step], memory.strains[step]
        norms, factors, means = memory.norms[step], memory.factors[step], memory.means[step]
        for leaf in range(k):
            if base[leaf] % 2 == flowing:
                kernels.softened(points, (tiles, flowing), (factors, leaf), (tiles, rows[leaf]))
            elif structure.turned:
                other, at = (tiles, 1 - flowing), (tiles, rows[leaf])
                turn(points, structure, workspace, leaf, other, at)
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
        means[0] = 0.0
        for leaf in range(k):
            if base[leaf] % 2 == flowing:
                kernels.norm(points, (strains, leaf), (norms, leaf))
                for s in range(L):
                    means[0, 0, s] += weights[leaf] / whole * norms[leaf, 0, s]
        if step + 1 < len(memory.tiles):
            for leaf in range(k):
                if base[leaf] % 2 == flowing:
                    kernels.factor(
                        points, (norms, leaf), (means, 0), (memory.factors[step + 1], leaf)
                    )


@borrowing
def _backward(
    points,
    phase,
    weights,
    total,
    structure: Structure,
    workspace: Workspace,
    memory: Memory,
    by_weights,
):
    """Add up the derivatives, from the last step to the first; returns the sum of the errors."""
    flowing, whole = phase
    base, children, k = structure.base, structure.children, len(structure.base)
    fractions, normals = workspace.fractions, workspace.normals
    by_fractions, by_normals = workspace.by_fractions, workspace.by_normals
    L, rows, parts = len(points[0]), memory.rows, memory.strains.shape[1]
    by_norm, by_mean, by_factor = memory.by_norm, memory.by_mean, memory.by_factor
    by_strains, by_tractions, by_tiles = memory.by_strains, memory.by_tractions, memory.by_tiles
    error, last = 0.0, len(memory.tiles) - 1
    for step in range(last, -1, -1):
        tiles, kept, strains = memory.tiles[step], memory.kept[step], memory.strains[step]
        norms, means = memory.norms[step], memory.means[step]
        for s in range(L):
            distance = means[0, 0, s] / memory.targets[step, s] - 1
            weight = memory.shares[s] / total
            error += weight * distance * distance
            by_mean[0, s] = 2 * weight * distance / memory.targets[step, s]
        for leaf in range(k):
            if base[leaf] % 2 == flowing:
                by_norm[leaf] = 0.0
                if step < last:  # of the factors that follow from this step
                    kernels.factor_adjoint(
                        points,
                        (norms, leaf),
                        (means, 0),
                        (by_factor, leaf),
                        (by_norm, leaf),
                        (by_mean, 0),
                    )
        for leaf in range(k):
            if base[leaf] % 2 == flowing:
                for s in range(L):
                    by = by_mean[0, s]
                    by_weights[leaf] += by * (norms[leaf, 0, s] - means[0, 0, s]) / whole
                    by_norm[leaf, 0, s] += by * weights[leaf] / whole
                kernels.norm_adjoint(points, (strains, leaf), (by_norm, leaf), (by_strains, leaf))
            else:
                by_strains[leaf] = 0.0
        for number in range(len(children)):
            first, second, row = children[number, 0], children[number, 1], rows[k + number]
            kernels.strains_adjoint(
                points,
                (fractions, number),
                (normals, number),
                (tiles, rows[first]),
                (tiles, rows[second]),
                (kept, row),
                (strains, k + number),
                (by_strains, first),
                (by_strains, second),
                (by_strains, k + number),
                (by_tractions, number),
                (by_fractions, number),
                (by_normals, number),
            )
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
            if base[leaf] % 2 == flowing:
                kernels.softened_adjoint(
                    points, (tiles, flowing), (by_tiles, leaf), (by_factor, leaf)
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
    node of the phase that yields, all are zero. The workspace is in double precision.
    """
    (_, angles, structure), (by_z, by_angles) = network, slopes
    scratch, flowing, points = make_scratch(structure), pairs.flowing, (lanes, 1, 1.0)
    set_up(network, workspace, scratch)
    base, nodes, k, weights = structure.base, structure.nodes, len(structure.base), scratch[0]
    by_z[:], by_angles[:] = 0.0, 0.0
    whole, total = 0.0, 0.0
    for leaf in range(k):
        if base[leaf] % 2 == flowing:
            whole += weights[leaf]
    for pair in chosen:
        total += pairs.shares[pair] * len(memory.tiles)
    if not whole > 0:
        return 0.0
    by_weights, error, phase = np.zeros(k), 0.0, (flowing, whole)
    for start in range(0, len(chosen), len(lanes)):
        _gather(lanes, pairs, chosen[start : start + len(lanes)], memory)
        _forward(points, phase, weights, structure, workspace, memory)
        error += _backward(points, phase, weights, total, structure, workspace, memory, by_weights)
    active = np.empty(k), np.empty((len(nodes), angles.shape[1]))
    set_up_adjoint(lanes, 1.0, network, workspace, scratch, 0.0, active)
    by_z[base], by_angles[nodes] = active[0] + by_weights, active[1]
    return error
