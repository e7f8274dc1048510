"""The compiled loops of training: a tree over tiles of samples, its adjoint, and Adam's steps.

This module is imported by `training.fused.compiled` alone, from a copy beside the kernels. Arrays
of tiles have the precision of the dataset; parameters, their derivatives and their steps are
float64.
"""

import material_network_kernels as kernels
import numpy as np
from numba import njit

from rve.tile import ENTRIES, UPPER
from training.fused.source import LANES
from training.fused.workspace import GROUP

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8
_TIMES = np.array([1.0 if i == j else 2.0 for i, j in UPPER])  # an entry stands in its matrix


@njit(cache=True)
def orient(angles, structure, orientations, mandel, blocks):
    """Normals of the blocks into `blocks` (m, 4), and for a DMN the rotations of its nodes.

    `orientations` are cosines (r, 3), sines (r, 3), and for a DMN the turns of the nodes (r, 9) and
    these accumulated from the top; `mandel` (k, 36) turn the base materials.
    """
    cosines, sines, turns, rotations = orientations
    if not structure.turned:
        for place in range(len(structure.nodes)):
            theta, phi = angles[structure.nodes[place]]
            for i, angle in enumerate((2 * np.pi * theta, np.pi * phi)):
                cosines[place, i], sines[place, i] = np.cos(angle), np.sin(angle)
            kernels.normal(1.0, cosines[place], sines[place], blocks[place, 1:])
        return
    for place in range(len(structure.nodes)):
        for i in range(3):
            angle = angles[structure.nodes[place], i]
            cosines[place, i], sines[place, i] = np.cos(angle), np.sin(angle)
        kernels.euler_rotation(1.0, cosines[place], sines[place], turns[place])
        parent = structure.parents[place]
        for i in range(3):
            for j in range(3):
                # Times the transposed turn.
                if parent < 0:
                    rotations[place, 3 * i + j] = turns[place, 3 * j + i]
                else:
                    total = 0.0
                    for k in range(3):
                        total += rotations[parent, 3 * i + k] * turns[place, 3 * j + k]
                    rotations[place, 3 * i + j] = total
    for number in range(len(structure.base_node)):
        kernels.mandel_rotation(1.0, rotations[structure.base_node[number]], mandel[number])
    for number in range(len(structure.block_node)):
        for i in range(3):
            blocks[number, 1 + i] = rotations[structure.block_node[number], 3 * i + 2]


@njit(cache=True)
def orient_adjoint(structure, orientations, by_turns, by_blocks, by_angles):
    """Derivatives by the angles (r, 2 or 3) from those by normals and base rotations."""
    cosines, sines, turns, rotations = orientations
    by_cosine, by_sine, by_turn = np.empty(3), np.empty(3), np.empty(9)
    if not structure.turned:
        for place in range(len(structure.nodes)):
            cosine, sine = cosines[place], sines[place]
            by_cosine[:], by_sine[:] = 0.0, 0.0
            kernels.normal_adjoint(1.0, cosine, sine, by_blocks[place, 1:], by_cosine, by_sine)
            for i in range(2):
                slope = cosine[i] * by_sine[i] - sine[i] * by_cosine[i]
                by_angles[place, i] = (2 - i) * np.pi * slope
        return
    by_rotations = np.zeros((len(structure.nodes), 9))
    for number in range(len(structure.base_node)):
        # A turn t changes a rotation by t x its columns.
        place, (t0, t1, t2) = structure.base_node[number], by_turns[number]
        for j in range(3):
            q0, q1, q2 = rotations[place, j], rotations[place, 3 + j], rotations[place, 6 + j]
            by_rotations[place, j] += (t1 * q2 - t2 * q1) / 2
            by_rotations[place, 3 + j] += (t2 * q0 - t0 * q2) / 2
            by_rotations[place, 6 + j] += (t0 * q1 - t1 * q0) / 2
    for number in range(len(structure.block_node)):
        for i in range(3):
            by_rotations[structure.block_node[number], 3 * i + 2] += by_blocks[number, 1 + i]
    for place in range(len(structure.nodes) - 1, -1, -1):
        parent = structure.parents[place]
        for i in range(3):
            for j in range(3):
                if parent < 0:
                    by_turn[3 * j + i] = by_rotations[place, 3 * i + j]
                else:
                    total, passed = 0.0, 0.0
                    for k in range(3):
                        total += rotations[parent, 3 * k + i] * by_rotations[place, 3 * k + j]
                        passed += by_rotations[place, 3 * i + k] * turns[place, 3 * k + j]
                    by_turn[3 * j + i] = total
                    by_rotations[parent, 3 * i + j] += passed
        cosine, sine = cosines[place], sines[place]
        by_cosine[:], by_sine[:] = 0.0, 0.0
        kernels.euler_rotation_adjoint(1.0, cosine, sine, by_turn, by_cosine, by_sine)
        for i in range(3):
            by_angles[place, i] = cosine[i] * by_sine[i] - sine[i] * by_cosine[i]


@njit(cache=True)
def weigh(z, structure, weights, blocks):
    """Weights (k + m,) of base nodes and blocks, and fractions of the first children, Eqs. 1-4."""
    k = len(structure.base)
    for number in range(k):
        weights[number] = max(z[structure.base[number]], 0.0)
    for number in range(len(structure.children)):
        first, second = structure.children[number]
        total = weights[first] + weights[second]
        weights[k + number] = total
        blocks[number, 0] = weights[first] / total if total > 0 else 0.5


@njit(cache=True)
def weigh_adjoint(z, structure, weights, by_top, by_blocks, by_z):
    """Derivatives by the base nodes' z (k,), from those by the fractions and the top's weight."""
    k = len(structure.base)
    by_weights = np.zeros(len(weights))
    by_weights[-1] = by_top
    for number in range(len(structure.children) - 1, -1, -1):
        first, second = structure.children[number]
        total, passed = weights[k + number], by_weights[k + number]
        if total > 0:
            # Not over the square of the total, which may be too small for a number.
            by_share = by_blocks[number, 0] / total
            by_weights[first] = passed + by_share * (weights[second] / total)
            by_weights[second] = passed - by_share * (weights[first] / total)
    for number in range(k):
        by_z[number] = by_weights[number] if z[structure.base[number]] > 0 else 0.0


@njit(cache=True)
def _turn_base(one, count, structure, mandel, number, workspace, row):
    tiles, phase = workspace.tiles, structure.base[number] % 2
    if structure.orthotropic:
        kernels.turned_orthotropic(one, count, mandel, number, tiles, phase, tiles, row)
    else:
        kernels.turned(one, count, mandel, number, tiles, phase, tiles, row)


@njit(cache=True)
def _turn_base_adjoint(one, count, structure, number, workspace):
    tiles, by_tiles = workspace.tiles, workspace.by_tiles
    row, by_row = structure.rows[number], structure.shared_rows[number]
    kernels.torque(one, count, tiles, row, by_tiles, by_row, workspace.by_turns, number)


@njit(cache=True)
def homogenise(one, count, structure, rows, mandel, blocks, workspace):
    """Stiffness of all parts into these rows (k + m,), and beside it what the adjoint needs."""
    tiles, kept, k = workspace.tiles, workspace.kept, len(structure.base)
    if structure.turned and k == 1:
        _turn_base(one, count, structure, mandel, 0, workspace, rows[0])
    for number in range(len(structure.children)):
        first, second = structure.children[number]
        for child in (first, second):
            if structure.turned and child < k:
                _turn_base(one, count, structure, mandel, child, workspace, rows[child])
        row = rows[k + number]
        kernels.laminate(
            one,
            count,
            blocks,
            number,
            tiles,
            rows[first],
            tiles,
            rows[second],
            tiles,
            row,
            kept,
            row,
        )


@njit(cache=True)
def homogenise_adjoint(one, count, structure, blocks, workspace):
    """Add up the derivatives by base turns and blocks, lane by lane, from those by the top.

    Those by the phases themselves are not wanted, and go to rows of no use.
    """
    tiles, kept, by_tiles = workspace.tiles, workspace.kept, workspace.by_tiles
    rows, shared, k = structure.rows, structure.shared_rows, len(structure.base)
    if structure.turned and k == 1:
        _turn_base_adjoint(one, count, structure, 0, workspace)
    for number in range(len(structure.children) - 1, -1, -1):
        first, second = structure.children[number]
        kernels.laminate_adjoint(
            one,
            count,
            blocks,
            number,
            tiles,
            rows[first],
            tiles,
            rows[second],
            kept,
            rows[k + number],
            by_tiles,
            shared[k + number],
            by_tiles,
            shared[first] if shared[first] > 1 else 0,
            by_tiles,
            shared[second] if shared[second] > 1 else 1,
            workspace.by_blocks,
            number,
        )
        for child in (first, second):
            if structure.turned and child < k:
                _turn_base_adjoint(one, count, structure, child, workspace)


@njit(cache=True, fastmath=True)
def _sum_lanes(lanes, n):
    """Sums (n, i) over the lanes of the first n rows of (rows, i lanes)."""
    sums = np.zeros((n, lanes.shape[1] // LANES))
    for row in range(n):
        for i in range(sums.shape[1]):
            total = 0.0
            for s in range(LANES):
                total += lanes[row, i * LANES + s]
            sums[row, i] = total
    return sums


@njit(cache=True)
def _gather(data, samples, workspace):
    """Put samples into lanes; where there are fewer than lanes, the first fills up, unweighted.

    Returns:
        The number of tiles that they take.
    """
    tiles, target, scale = workspace.tiles, workspace.target, workspace.scale
    count = -(-len(samples) // LANES)
    for number in range(count * LANES):
        t, s = number // LANES, number % LANES
        given = number < len(samples)
        row = samples[number] if given else samples[0]
        for q in range(ENTRIES):
            tiles[0, t, q * LANES + s] = data[row, q]
            tiles[1, t, q * LANES + s] = data[row, ENTRIES + q]
            target[t, q * LANES + s] = data[row, 2 * ENTRIES + q]
        scale[t, s] = data[row, 3 * ENTRIES] if given else 0.0
    return count


@njit(cache=True)
def _compare(count, share, top, by_top, workspace, errors):
    """Squared relative errors of Eq. 9 (tiles, lanes), and the derivative by the top.

    The latter is that of half their sum times `share`; rows are given of the top and of this.
    """
    target, scale = workspace.target, workspace.scale
    tiles, by_tiles = workspace.tiles, workspace.by_tiles
    errors[:] = 0.0
    for t in range(count):
        for q in range(ENTRIES):
            for s in range(LANES):
                difference = tiles[top, t, q * LANES + s] - target[t, q * LANES + s]
                weighted = scale[t, s] * difference
                errors[t, s] += _TIMES[q] * weighted * difference
                by_tiles[by_top, t, q * LANES + s] = share * weighted


@njit(cache=True)
def _orientations(structure):
    nodes, turned = len(structure.nodes), len(structure.nodes) if structure.turned else 0
    return np.empty((nodes, 3)), np.empty((nodes, 3)), np.empty((turned, 9)), np.empty((turned, 9))


@njit(cache=True)
def measure(data, z, angles, structure, workspace):
    """Squared relative error (n,) of each sample, and the sum of the weights."""
    one = data.dtype.type(1)
    m, k, bases = len(structure.children), len(structure.base), len(structure.base_node)
    weights, blocks = np.empty(k + m), np.empty((m, 4))
    orientations, mandel = _orientations(structure), np.empty((bases, 36))
    weigh(z, structure, weights, blocks)
    orient(angles, structure, orientations, mandel, blocks)
    blocks_here, mandel_here = blocks.astype(data.dtype), mandel.astype(data.dtype)
    errors, errors_here = np.empty(len(data)), np.empty((GROUP, LANES))
    numbers, rows = np.arange(len(data)), structure.shared_rows
    for start in range(0, len(data), GROUP * LANES):
        samples = numbers[start : start + GROUP * LANES]
        count = _gather(data, samples, workspace)
        homogenise(one, count, structure, rows, mandel_here, blocks_here, workspace)
        _compare(count, one, rows[-1], rows[-1], workspace, errors_here)
        errors[start : start + len(samples)] = errors_here.ravel()[: len(samples)]
    return errors, weights[-1]


@njit(cache=True)
def gradient(data, samples, z, angles, structure, workspace, eta, xi, by_z, by_angles):
    """Loss of Eq. 9, and its derivatives by the active z (k,) and angles (r, 2 or 3)."""
    one = data.dtype.type(1)
    m, k, bases = len(structure.children), len(structure.base), len(structure.base_node)
    weights, blocks = np.empty(k + m), np.empty((m, 4))
    orientations, mandel = _orientations(structure), np.empty((bases, 36))
    weigh(z, structure, weights, blocks)
    orient(angles, structure, orientations, mandel, blocks)
    blocks_here, mandel_here = blocks.astype(data.dtype), mandel.astype(data.dtype)
    workspace.by_blocks[:m], workspace.by_turns[:bases] = 0.0, 0.0
    error, errors = 0.0, np.empty((GROUP, LANES))
    rows, by_top = structure.rows, structure.shared_rows[-1]
    share = one / len(samples)
    for start in range(0, len(samples), GROUP * LANES):
        count = _gather(data, samples[start : start + GROUP * LANES], workspace)
        homogenise(one, count, structure, rows, mandel_here, blocks_here, workspace)
        _compare(count, share, rows[-1], by_top, workspace, errors)
        error += share * errors.sum()
        homogenise_adjoint(one, count, structure, blocks_here, workspace)
    by_blocks = _sum_lanes(workspace.by_blocks, m)
    by_turns = _sum_lanes(workspace.by_turns, bases)
    excess = weights[-1] - xi
    weigh_adjoint(z, structure, weights, 2 * eta * excess, by_blocks, by_z)
    orient_adjoint(structure, orientations, by_turns, by_blocks, by_angles)
    return error / 2 + eta * excess * excess


@njit(cache=True)
def _adam(values, rows, slopes, means, squares, rate, count):
    """One step of Adam on the given rows of the values, as in torch.optim.Adam."""
    bias1, bias2 = 1 - _BETA1**count, np.sqrt(1 - _BETA2**count)
    for i in range(len(rows)):
        row = rows[i]
        for j in range(values.shape[1]):
            slope = slopes[i, j]
            means[row, j] += (1 - _BETA1) * (slope - means[row, j])
            squares[row, j] = _BETA2 * squares[row, j] + (1 - _BETA2) * slope * slope
            denominator = np.sqrt(squares[row, j]) / bias2 + _EPSILON
            values[row, j] -= rate / bias1 * means[row, j] / denominator


@njit(cache=True)
def run_steps(
    data,
    order,
    done,
    batch_size,
    z,
    angles,
    structure,
    workspace,
    eta,
    xi,
    rate,
    count,
    moments,
):
    """Adam's steps over the samples in this order, from sample `done` on.

    Returns after the last sample, or as soon as a base node died.

    Returns:
        The number of samples done, and the number of steps since the start of the training.
    """
    z_mean, z_square, angles_mean, angles_square = moments
    by_z = np.empty((len(structure.base), 1))
    by_angles = np.empty((len(structure.nodes), angles.shape[1]))
    while done < len(order):
        samples = order[done : done + batch_size]
        gradient(data, samples, z, angles, structure, workspace, eta, xi, by_z[:, 0], by_angles)
        count += 1
        done += len(samples)
        _adam(z.reshape(-1, 1), structure.base, by_z, z_mean, z_square, rate, count)
        _adam(angles, structure.nodes, by_angles, angles_mean, angles_square, rate, count)
        for node in structure.base:
            if not z[node] > 0:
                return done, count
    return done, count
