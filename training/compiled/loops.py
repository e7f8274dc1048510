"""The compiled loops of training: a tree over tiles of samples, its adjoint, and Adam's steps.

This module is imported by `training.compiled.compiled` alone, from a copy beside the kernels.
Arrays of tiles have the precision of the dataset; parameters, their derivatives and their steps are
float64.
"""

import material_network_kernels as kernels
import numpy as np
from material_network_parameters import borrowing, orient, orient_adjoint, weigh, weigh_adjoint
from numba import njit

from rve.kernels.tile import ENTRIES

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


@borrowing(inline="always")
def turn(lanes, count, one, orthotropic, mandel, number, tiles, phase, row):
    """Write the stiffness of a base node, that of its rotated phase, into its row."""
    if orthotropic:
        kernels.turned_orthotropic(lanes, count, one, mandel, number, tiles, phase, tiles, row)
    else:
        kernels.turned(lanes, count, one, mandel, number, tiles, phase, tiles, row)


@borrowing(inline="always")
def homogenise_step(lanes, count, one, structure, rows, fractions, normals, tiles, kept, number):
    """Write the stiffness of one block into its row, and the values that the adjoint needs."""
    children, row = structure.children, rows[len(structure.base) + number]
    first, second = rows[children[number, 0]], rows[children[number, 1]]
    kernels.laminate(
        lanes,
        count,
        one,
        fractions,
        number,
        normals,
        number,
        tiles,
        first,
        tiles,
        second,
        tiles,
        row,
        kept,
        row,
    )


@borrowing()
def homogenise(lanes, count, one, structure, rows, workspace):
    """Write the stiffness of all parts into these rows (k + m,), and the values for the adjoint."""
    turned, orthotropic = structure.turned, structure.orthotropic
    base, children, k = structure.base, structure.children, len(structure.base)
    tiles, kept, mandel = workspace.tiles, workspace.kept, workspace.mandel
    fractions, normals = workspace.fractions, workspace.normals
    if turned and k == 1:
        turn(lanes, count, one, orthotropic, mandel, 0, tiles, base[0] % 2, rows[0])
    for number in range(len(children)):
        if turned:
            for child in children[number]:
                if child < k:
                    row = rows[child]
                    turn(lanes, count, one, orthotropic, mandel, child, tiles, base[child] % 2, row)
        homogenise_step(lanes, count, one, structure, rows, fractions, normals, tiles, kept, number)


@borrowing()
def homogenise_adjoint(lanes, count, one, structure, workspace):
    """Sum the derivatives by the rotations of the base nodes and by the blocks, in each lane.

    They follow from the derivatives by the top. Derivatives by the phases themselves are not
    needed, and are written to rows that nothing reads.
    """
    turned, children, k = structure.turned, structure.children, len(structure.base)
    rows, shared = structure.rows, structure.shared_rows
    tiles, kept, by_tiles = workspace.tiles, workspace.kept, workspace.by_tiles
    fractions, normals = workspace.fractions, workspace.normals
    by_fractions, by_normals = workspace.by_fractions, workspace.by_normals
    by_turns = workspace.by_turns
    if turned and k == 1:
        kernels.torque(lanes, count, one, tiles, rows[0], by_tiles, shared[0], by_turns, 0)
    for number in range(len(children) - 1, -1, -1):
        first, second = children[number, 0], children[number, 1]
        kernels.laminate_adjoint(
            lanes,
            count,
            one,
            fractions,
            number,
            normals,
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
            by_fractions,
            number,
            by_normals,
            number,
        )
        if turned:
            for child in children[number]:
                if child < k:
                    row, by_row = rows[child], shared[child]
                    kernels.torque(lanes, count, one, tiles, row, by_tiles, by_row, by_turns, child)


@borrowing(fastmath=True)
def add_lanes(lanes, factor, values, sums):
    """Sums (n, i) over the lanes of the first n rows of values (rows, i L), times a factor."""
    L = len(lanes)
    for row in range(len(sums)):
        for i in range(sums.shape[1]):
            total = 0.0
            for s in range(L):
                total += values[row, i * L + s]
            sums[row, i] = factor * total


@borrowing()
def _gather(lanes, data, samples, tiles, target, metric):
    """Copy samples into lanes; the first sample, with weight zero, fills lanes that are left.

    Returns:
        The number of tiles that they take.
    """
    L = len(lanes)
    count = -(-len(samples) // L)
    for number in range(count * L):
        t, s = number // L, number % L
        given = number < len(samples)
        row = samples[number] if given else samples[0]
        for q in range(ENTRIES):
            tiles[0, t, q * L + s] = data[row, q]
            tiles[1, t, q * L + s] = data[row, ENTRIES + q]
            target[0, t, q * L + s] = data[row, 2 * ENTRIES + q]
            metric[0, t, q * L + s] = data[row, 3 * ENTRIES + q] if given else 0.0
    return count


@borrowing()
def _compare(lanes, count, one, top, by_top, workspace):
    """Squared errors in their metric, and half their derivatives by the top.

    The rows are those of the top and of these derivatives.
    """
    tiles, by_tiles = workspace.tiles, workspace.by_tiles
    target, metric, errors = workspace.target, workspace.metric, workspace.errors
    kernels.compared(
        lanes, count, one, tiles, top, target, 0, metric, 0, errors, 0, by_tiles, by_top
    )


@njit(cache=True)
def make_scratch(structure):
    """Memory for what does not depend on the samples."""
    k, m, r = len(structure.base), len(structure.children), len(structure.nodes)
    turned = r if structure.turned else 0
    orientations = (
        np.empty((r, 3)),
        np.empty((r, 3)),
        np.empty((turned, 9)),
        np.empty((turned, 9)),
    )
    by_orientations = np.empty((1, 9)), np.empty((turned, 9))
    sums = np.empty((m, 1)), np.empty((m, 3)), np.empty((k, 3))
    return np.empty(k + m), orientations, np.empty(k + m), by_orientations, sums


@borrowing()
def set_up(z, angles, structure, workspace, scratch):
    """Fractions, normals and rotations of these parameters; returns the sum of the weights."""
    weights, orientations, _, _, _ = scratch
    weigh(z, structure, weights, workspace.fractions)
    orient(angles, structure, orientations, workspace.normals, workspace.mandel)
    return weights[-1]


@njit(cache=True)
def _errors(lanes, data, structure, workspace):
    """Mean squared error of samples in their metric, and the mean of its root."""
    one, samples, rows = data.dtype.type(1), np.arange(len(data)), structure.shared_rows
    tiles, target, metric = workspace.tiles, workspace.target, workspace.metric
    errors, squares, roots = workspace.errors, 0.0, 0.0
    size = len(lanes) * tiles.shape[1]
    for start in range(0, len(data), size):
        count = _gather(lanes, data, samples[start : start + size], tiles, target, metric)
        homogenise(lanes, count, one, structure, rows, workspace)
        _compare(lanes, count, one, rows[-1], rows[-1], workspace)
        for t in range(count):
            for s in range(len(lanes)):
                squares += errors[0, t, s]
                roots += np.sqrt(errors[0, t, s])
    return squares / len(data), roots / len(data)


@njit(cache=True)
def measure(lanes, samples, weighed, z, angles, structure, workspace, eta, xi):
    """Loss of Eq. 9 on samples, and e_C on them.

    Samples have the metric of Eq. 33; `weighed` are the same in the metric of the loss, empty if
    that is Eq. 33's.
    """
    excess = set_up(z, angles, structure, workspace, make_scratch(structure)) - xi
    squared, error = _errors(lanes, samples, structure, workspace)
    if len(weighed):
        squared, _ = _errors(lanes, weighed, structure, workspace)
    return squared / 2 + eta * (excess * excess), error


@borrowing()
def gradient(
    lanes, data, samples, z, angles, structure, workspace, scratch, eta, xi, by_z, by_angles
):
    """Loss of Eq. 9, and its derivatives by the active z (k,) and angles (r, 2 or 3)."""
    one, rows, by_top = data.dtype.type(1), structure.rows, structure.shared_rows[-1]
    tiles, target, metric = workspace.tiles, workspace.target, workspace.metric
    by_fractions, by_normals = workspace.by_fractions, workspace.by_normals
    errors, by_turns = workspace.errors, workspace.by_turns
    weights, orientations, by_weights, by_orientations, sums = scratch
    excess = set_up(z, angles, structure, workspace, scratch) - xi
    by_fractions[:], by_normals[:], by_turns[:] = 0.0, 0.0, 0.0
    error, size = 0.0, len(lanes) * tiles.shape[1]
    for start in range(0, len(samples), size):
        count = _gather(lanes, data, samples[start : start + size], tiles, target, metric)
        homogenise(lanes, count, one, structure, rows, workspace)
        _compare(lanes, count, one, rows[-1], by_top, workspace)
        error += errors[0, :count].sum()
        homogenise_adjoint(lanes, count, one, structure, workspace)
    share, (by_fraction, by_normal, by_turn) = 1 / len(samples), sums
    add_lanes(lanes, share, by_fractions, by_fraction)
    add_lanes(lanes, share, by_normals, by_normal)
    add_lanes(lanes, share, by_turns, by_turn)
    by_sum = 2 * eta * excess
    weigh_adjoint(z, structure, weights, by_sum, by_fraction, by_weights, by_z)
    orient_adjoint(structure, orientations, by_turn, by_normal, by_orientations, by_angles)
    return share * error / 2 + eta * (excess * excess)


@njit(cache=True)
def slopes(lanes, data, samples, z, angles, structure, workspace, eta, xi, by_z, by_angles):
    """Derivatives of the loss by all z (2^N,) and angles, into these; zero by what is cut out."""
    base, nodes, scratch = structure.base, structure.nodes, make_scratch(structure)
    by_base, by_nodes = np.empty(len(base)), np.empty((len(nodes), angles.shape[1]))
    gradient(
        lanes,
        data,
        samples,
        z,
        angles,
        structure,
        workspace,
        scratch,
        eta,
        xi,
        by_base,
        by_nodes,
    )
    by_z[:], by_angles[:] = 0.0, 0.0
    by_z[base], by_angles[nodes] = by_base, by_nodes


@borrowing()
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
def move(z, angles, structure, by_z, by_angles, rate, count, moments):
    """One step of Adam with these derivatives by all z (2^N,) and angles."""
    z_mean, z_square, angles_mean, angles_square = moments
    base, nodes, columns = structure.base, structure.nodes, z.reshape(-1, 1)
    _adam(columns, base, by_z[base].reshape(-1, 1), z_mean, z_square, rate, count)
    _adam(angles, nodes, by_angles[nodes], angles_mean, angles_square, rate, count)


@njit(cache=True)
def run_steps(
    lanes,
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
    base, nodes, scratch = structure.base, structure.nodes, make_scratch(structure)
    by_z, by_angles = np.empty((len(base), 1)), np.empty((len(nodes), angles.shape[1]))
    z_column, by_z_column = z.reshape(-1, 1), by_z[:, 0]
    while done < len(order):
        samples = order[done : done + batch_size]
        gradient(
            lanes,
            data,
            samples,
            z,
            angles,
            structure,
            workspace,
            scratch,
            eta,
            xi,
            by_z_column,
            by_angles,
        )
        count += 1
        done += len(samples)
        _adam(z_column, base, by_z, z_mean, z_square, rate, count)
        _adam(angles, nodes, by_angles, angles_mean, angles_square, rate, count)
        for node in base:
            if not z[node] > 0:
                return done, count
    return done, count
