"""The compiled loops of training: a tree over tiles of samples, its adjoint, and Adam's steps.

This module is imported by `training.fused.compiled` alone, from a copy beside the kernels. Arrays
of tiles have the precision of the dataset; parameters, their derivatives and their steps are
float64.
"""

import material_network_kernels as kernels
import numpy as np
from numba import njit

from rve.tile import ENTRIES
from training.fused.source import KEPT, LANES

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8
_TILE = ENTRIES * LANES
_DIAGONAL = np.array([0, 6, 11, 15, 18, 20])


@njit(cache=True)
def _turn(row, cosine, sine):
    for i in range(3):
        cosine[i], sine[i] = np.cos(row[i]), np.sin(row[i])


@njit(cache=True)
def _tilt(row, cosine, sine):
    cosine[0], sine[0] = np.cos(2 * np.pi * row[0]), np.sin(2 * np.pi * row[0])
    cosine[1], sine[1] = np.cos(np.pi * row[1]), np.sin(np.pi * row[1])


@njit(cache=True)
def orient(angles, structure, rotations, mandel, blocks):
    """Normals of the blocks into `blocks` (m, 4), and for a DMN the rotations of its nodes.

    `rotations` (r, 9) are those accumulated from the top; `mandel` (k, 36) turn the base materials.
    """
    cosine, sine, turn = np.empty(3), np.empty(3), np.empty(9)
    if not structure.turned:
        for number in range(len(structure.nodes)):
            _tilt(angles[structure.nodes[number]], cosine, sine)
            kernels.normal(1.0, cosine, sine, blocks[number, 1:])
        return
    for place in range(len(structure.nodes)):
        _turn(angles[structure.nodes[place]], cosine, sine)
        kernels.euler_rotation(1.0, cosine, sine, turn)
        parent = structure.parents[place]
        for i in range(3):
            for j in range(3):
                # Times the transposed turn.
                if parent < 0:
                    rotations[place, 3 * i + j] = turn[3 * j + i]
                else:
                    total = 0.0
                    for k in range(3):
                        total += rotations[parent, 3 * i + k] * turn[3 * j + k]
                    rotations[place, 3 * i + j] = total
    for number in range(len(structure.base_node)):
        kernels.mandel_rotation(1.0, rotations[structure.base_node[number]], mandel[number])
    for number in range(len(structure.block_node)):
        for i in range(3):
            blocks[number, 1 + i] = rotations[structure.block_node[number], 3 * i + 2]


@njit(cache=True)
def orient_adjoint(angles, structure, rotations, by_mandel, by_blocks, by_angles):
    """Derivatives by the angles (r, 2 or 3) from those by normals and base rotations."""
    cosine, sine, by_cosine, by_sine = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    if not structure.turned:
        for number in range(len(structure.nodes)):
            _tilt(angles[structure.nodes[number]], cosine, sine)
            by_cosine[:], by_sine[:] = 0.0, 0.0
            kernels.normal_adjoint(1.0, cosine, sine, by_blocks[number, 1:], by_cosine, by_sine)
            for i in range(2):
                slope = cosine[i] * by_sine[i] - sine[i] * by_cosine[i]
                by_angles[number, i] = (2 - i) * np.pi * slope
        return
    by_rotations, turn, by_turn = np.zeros((len(structure.nodes), 9)), np.empty(9), np.empty(9)
    for number in range(len(structure.base_node)):
        place = structure.base_node[number]
        kernels.mandel_rotation_adjoint(
            1.0, rotations[place], by_mandel[number], by_rotations[place]
        )
    for number in range(len(structure.block_node)):
        for i in range(3):
            by_rotations[structure.block_node[number], 3 * i + 2] += by_blocks[number, 1 + i]
    for place in range(len(structure.nodes) - 1, -1, -1):
        _turn(angles[structure.nodes[place]], cosine, sine)
        kernels.euler_rotation(1.0, cosine, sine, turn)
        parent = structure.parents[place]
        for i in range(3):
            for j in range(3):
                if parent < 0:
                    by_turn[3 * j + i] = by_rotations[place, 3 * i + j]
                else:
                    total, passed = 0.0, 0.0
                    for k in range(3):
                        total += rotations[parent, 3 * k + i] * by_rotations[place, 3 * k + j]
                        passed += by_rotations[place, 3 * i + k] * turn[3 * k + j]
                    by_turn[3 * j + i] = total
                    by_rotations[parent, 3 * i + j] += passed
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
    for number in range(len(structure.children_weight)):
        first, second = structure.children_weight[number]
        total = weights[first] + weights[second]
        weights[k + number] = total
        blocks[number, 0] = weights[first] / total if total > 0 else 0.5


@njit(cache=True)
def weigh_adjoint(z, structure, weights, by_top, by_blocks, by_z):
    """Derivatives by the base nodes' z (k,), from those by the fractions and the top's weight."""
    k = len(structure.base)
    by_weights = np.zeros(len(weights))
    by_weights[-1] = by_top
    for number in range(len(structure.children_weight) - 1, -1, -1):
        first, second = structure.children_weight[number]
        total, passed = weights[k + number], by_weights[k + number]
        if total > 0:
            # Not over the square of the total, which may be too small for a number.
            by_share = by_blocks[number, 0] / total
            by_weights[first] = passed + by_share * (weights[second] / total)
            by_weights[second] = passed - by_share * (weights[first] / total)
    for number in range(k):
        by_z[number] = by_weights[number] if z[structure.base[number]] > 0 else 0.0


@njit(cache=True)
def turn(one, structure, mandel, tiles):
    """Turn the phases' tiles into those of a DMN's base nodes."""
    for number in range(len(structure.base_node)):
        phase = structure.base[number] % 2
        if structure.orthotropic:
            kernels.turned_orthotropic(one, mandel, number, tiles, phase, tiles, 2 + number)
        else:
            kernels.turned(one, mandel, number, tiles, phase, tiles, 2 + number)


@njit(cache=True)
def homogenise(one, structure, mandel, blocks, tiles):
    """Stiffness of all blocks from the tiles of the two phases; the last tile is the top's."""
    turn(one, structure, mandel, tiles)
    bases = len(structure.base_node)
    for number in range(len(structure.children)):
        first, second = structure.children[number]
        top = 2 + bases + number
        kernels.laminate(one, blocks, number, tiles, first, tiles, second, tiles, top)


@njit(cache=True)
def homogenise_kept(one, structure, mandel, blocks, tiles, kept):
    """The same, and what the adjoint needs of each block into `kept` (m, KEPT lanes)."""
    turn(one, structure, mandel, tiles)
    bases = len(structure.base_node)
    for number in range(len(structure.children)):
        first, second = structure.children[number]
        top = 2 + bases + number
        kernels.laminate_kept(
            one, blocks, number, tiles, first, tiles, second, tiles, top, kept, number
        )


@njit(cache=True)
def homogenise_adjoint(one, structure, mandel, blocks, tiles, kept, by_tiles, by_mandel, by_blocks):
    """Add the derivatives by base rotations (k, 36 lanes) and blocks (m, 4 lanes) lane by lane.

    `by_tiles` holds the derivative by the top in its last tile. Derivatives by the phases
    themselves are not wanted: they go to tiles 0 and 1, whichever phase it is.
    """
    bases = len(structure.base_node)
    for number in range(len(structure.children) - 1, -1, -1):
        first, second = structure.children[number]
        kernels.laminate_adjoint(
            one,
            blocks,
            number,
            tiles,
            first,
            tiles,
            second,
            kept,
            number,
            by_tiles,
            2 + bases + number,
            by_tiles,
            first if first > 1 else 0,
            by_tiles,
            second if second > 1 else 1,
            by_blocks,
            number,
        )
    for number in range(bases):
        phase, node = structure.base[number] % 2, 2 + number
        if structure.orthotropic:
            kernels.turned_orthotropic_adjoint(
                one, mandel, number, tiles, phase, by_tiles, node, by_mandel, number
            )
        else:
            kernels.turned_adjoint(
                one, mandel, number, tiles, phase, by_tiles, node, by_mandel, number
            )


@njit(cache=True, fastmath=True)
def _sum_lanes(lanes):
    """Sums (n, i) over the lanes of (n, i lanes)."""
    sums = np.zeros((lanes.shape[0], lanes.shape[1] // LANES))
    for n in range(sums.shape[0]):
        for i in range(sums.shape[1]):
            for s in range(LANES):
                sums[n, i] += lanes[n, i * LANES + s]
    return sums


@njit(cache=True)
def _gather(data, samples, tiles, target, scale):
    """Put samples into lanes; where there are fewer than lanes, the first fills up, unweighted."""
    for s in range(LANES):
        row = data[samples[s]] if s < len(samples) else data[samples[0]]
        for q in range(ENTRIES):
            tiles[0, q * LANES + s] = row[q]
            tiles[1, q * LANES + s] = row[ENTRIES + q]
            target[q * LANES + s] = row[2 * ENTRIES + q]
        scale[s] = row[3 * ENTRIES] if s < len(samples) else 0.0


@njit(cache=True)
def _difference(top, target, scale, by_top):
    """Squared relative errors (LANES,) of Eq. 9, and their halves' derivative by the top."""
    errors = np.zeros(LANES)
    for q in range(ENTRIES):
        twice = 2.0
        for d in _DIAGONAL:
            if q == d:
                twice = 1.0
        for s in range(LANES):
            difference = top[q * LANES + s] - target[q * LANES + s]
            weighted = scale[s] * difference
            errors[s] += twice * weighted * difference
            by_top[q * LANES + s] = weighted
    return errors


@njit(cache=True)
def measure(data, z, angles, structure):
    """Squared relative error (n,) of each sample, and the sum of the weights."""
    one = data.dtype.type(1)
    m, k, bases = len(structure.children), len(structure.base), len(structure.base_node)
    tiles = np.empty((2 + bases + m, _TILE), data.dtype)
    target, scale = np.empty(_TILE, data.dtype), np.empty(LANES, data.dtype)
    by_top = np.empty(_TILE, data.dtype)
    weights, blocks = np.empty(k + m), np.empty((m, 4))
    rotations, mandel = np.empty((len(structure.nodes), 9)), np.empty((bases, 36))
    weigh(z, structure, weights, blocks)
    orient(angles, structure, rotations, mandel, blocks)
    blocks_here, mandel_here = blocks.astype(data.dtype), mandel.astype(data.dtype)
    errors = np.empty(len(data))
    numbers = np.arange(len(data))
    for start in range(0, len(data), LANES):
        samples = numbers[start : start + LANES]
        _gather(data, samples, tiles, target, scale)
        homogenise(one, structure, mandel_here, blocks_here, tiles)
        top = tiles[-1] if m + bases > 0 else tiles[structure.base[0] % 2]
        errors[start : start + LANES] = _difference(top, target, scale, by_top)[: len(samples)]
    return errors, weights[-1]


@njit(cache=True)
def gradient(data, samples, z, angles, structure, eta, xi, by_z, by_angles):
    """Loss of Eq. 9, and its derivatives by the active z (k,) and angles (r, 2 or 3)."""
    one = data.dtype.type(1)
    m, k, bases = len(structure.children), len(structure.base), len(structure.base_node)
    tiles = np.empty((2 + bases + m, _TILE), data.dtype)
    by_tiles = np.empty((2 + bases + m, _TILE), data.dtype)
    kept = np.empty((m, KEPT * LANES), data.dtype)
    target, scale = np.empty(_TILE, data.dtype), np.empty(LANES, data.dtype)
    weights, blocks = np.empty(k + m), np.empty((m, 4))
    rotations, mandel = np.empty((len(structure.nodes), 9)), np.empty((bases, 36))
    by_block_lanes = np.zeros((m, 4 * LANES), data.dtype)
    by_mandel_lanes = np.zeros((bases, 36 * LANES), data.dtype)
    weigh(z, structure, weights, blocks)
    orient(angles, structure, rotations, mandel, blocks)
    blocks_here, mandel_here = blocks.astype(data.dtype), mandel.astype(data.dtype)
    error = 0.0
    share = 1.0 / len(samples)
    for start in range(0, len(samples), LANES):
        chosen = samples[start : start + LANES]
        _gather(data, chosen, tiles, target, scale)
        homogenise_kept(one, structure, mandel_here, blocks_here, tiles, kept)
        top = tiles[-1] if m + bases > 0 else tiles[structure.base[0] % 2]
        for s in range(LANES):
            scale[s] *= share
        error += _difference(top, target, scale, by_tiles[-1]).sum()
        homogenise_adjoint(
            one,
            structure,
            mandel_here,
            blocks_here,
            tiles,
            kept,
            by_tiles,
            by_mandel_lanes,
            by_block_lanes,
        )
    by_blocks, by_mandel = _sum_lanes(by_block_lanes), _sum_lanes(by_mandel_lanes)
    excess = weights[-1] - xi
    weigh_adjoint(z, structure, weights, 2 * eta * excess, by_blocks, by_z)
    orient_adjoint(angles, structure, rotations, by_mandel, by_blocks, by_angles)
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
def run_steps(data, order, done, batch_size, z, angles, structure, eta, xi, rate, count, moments):
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
        gradient(data, samples, z, angles, structure, eta, xi, by_z[:, 0], by_angles)
        count += 1
        done += len(samples)
        _adam(z.reshape(-1, 1), structure.base, by_z, z_mean, z_square, rate, count)
        _adam(angles, structure.nodes, by_angles, angles_mean, angles_square, rate, count)
        for node in structure.base:
            if not z[node] > 0:
                return done, count
    return done, count
