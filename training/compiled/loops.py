"""The compiled loops of training: a tree over tiles of samples, its adjoint, and Adam's steps.

Arrays of tiles have the precision of the dataset; parameters, their derivatives and their steps are
float64. `points` are the tuple `lanes`, as long as a tile has points, the number of tiles, and the
number one in the precision of the tiles. For what a `network` is see `structure.Parameters`.
"""

import numpy as np

from rve.kernels.tile import ENTRIES
from training.compiled import kernels
from training.compiled.kernels import LIBRARY, borrowing, compiled, inlined
from training.compiled.parameter_loops import orient, orient_adjoint, weigh, weigh_adjoint
from training.compiled.structure import Parameters, Structure
from training.compiled.workspace import Workspace

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


@inlined
def turn(points, structure: Structure, workspace: Workspace, leaf, phase, at):
    """Write the stiffness of a base node, that of its rotated phase, from there to its row."""
    if structure.orthotropic:
        kernels.turned_orthotropic(points, (workspace.mandel, leaf), phase, at)
    else:
        kernels.turned(points, (workspace.mandel, leaf), phase, at)


@inlined
def block_of(structure: Structure, rows, workspace: Workspace, tiles, number):
    """What a kernel reads of a block: its fraction, its normal and its children's stiffnesses."""
    first, second = structure.children[number, 0], structure.children[number, 1]
    shared = (workspace.fractions, number), (workspace.normals, number)
    return *shared, (tiles, rows[first]), (tiles, rows[second])


@inlined
def homogenise_step(points, structure: Structure, rows, workspace: Workspace, tiles, kept, number):
    """Write the stiffness of one block into its row, and the values that the adjoint needs."""
    block, row = (
        block_of(structure, rows, workspace, tiles, number),
        rows[len(structure.base) + number],
    )
    if structure.hollow:
        kernels.hollow_laminate(points, *block, (tiles, row), (kept, row))
    else:
        kernels.laminate(points, *block, (tiles, row), (kept, row))


@borrowing
def homogenise(points, structure: Structure, rows, workspace: Workspace):
    """Write the stiffness of all parts into these rows (k + m,), and the values for the adjoint."""
    turned, children = structure.turned, structure.children
    tiles, kept, k = workspace.tiles, workspace.kept, len(structure.base)
    if turned and k == 1:
        turn(points, structure, workspace, 0, (tiles, structure.phases[0]), (tiles, rows[0]))
    for number in range(len(children)):
        if turned:
            for child in children[number]:
                if child < k:
                    phase, at = (tiles, structure.phases[child]), (tiles, rows[child])
                    turn(points, structure, workspace, child, phase, at)
        homogenise_step(points, structure, rows, workspace, tiles, kept, number)


@borrowing
def homogenise_adjoint(points, structure: Structure, workspace: Workspace):
    """Sum the derivatives by the rotations of the base nodes and by the blocks, in each lane.

    They follow from the derivatives by the top. Derivatives by the phases themselves are not
    needed, and are written to rows that nothing reads.
    """
    turned, children, k = structure.turned, structure.children, len(structure.base)
    rows, shared = structure.rows, structure.shared_rows
    tiles, by_tiles, by_turns = workspace.tiles, workspace.by_tiles, workspace.by_turns
    if turned and k == 1:
        kernels.torque(points, (tiles, rows[0]), (by_tiles, shared[0]), (by_turns, 0))
    for number in range(len(children) - 1, -1, -1):
        first, second = shared[children[number, 0]], shared[children[number, 1]]
        below = (
            (by_tiles, first if first >= structure.materials else 0),
            (by_tiles, second if second >= structure.materials else 1),
        )
        kernels.laminate_adjoint(
            points,
            *block_of(structure, rows, workspace, tiles, number),
            (workspace.kept, rows[k + number]),
            (by_tiles, shared[k + number]),
            *below,
            (workspace.by_fractions, number),
            (workspace.by_normals, number),
        )
        if turned:
            for child in children[number]:
                if child < k:
                    at, by = (tiles, rows[child]), (by_tiles, shared[child])
                    kernels.torque(points, at, by, (by_turns, child))


@LIBRARY.compiled(_nrt=False, fastmath=True)
def add_lanes(lanes, factor, values, sums):
    """Sums (n, i) over the lanes of the first n rows of values (rows, i L), times a factor."""
    L = len(lanes)
    for row in range(len(sums)):
        for i in range(sums.shape[1]):
            total = 0.0
            for s in range(L):
                total += values[row, i * L + s]
            sums[row, i] = factor * total


@borrowing
def _gather(lanes, materials, data, samples, workspace: Workspace):
    """Copy samples into lanes; the first sample, with weight zero, fills lanes that are left.

    Returns:
        The number of tiles that they take.
    """
    tiles, target, metric = workspace.tiles, workspace.target, workspace.metric
    L = len(lanes)
    count = -(-len(samples) // L)
    for number in range(count * L):
        t, s = number // L, number % L
        given = number < len(samples)
        row = samples[number] if given else samples[0]
        for phase in range(materials):
            for q in range(ENTRIES):
                tiles[phase, t, q * L + s] = data[row, phase * ENTRIES + q]
        own = materials * ENTRIES
        for q in range(ENTRIES):
            target[0, t, q * L + s] = data[row, own + q]
            metric[0, t, q * L + s] = data[row, own + ENTRIES + q] if given else 0.0
    return count


@borrowing
def _compare(points, top, by_top, workspace: Workspace):
    """Squared errors in their metric, and half their derivatives by the top, to row by_top."""
    kernels.compare(
        points,
        (workspace.tiles, top),
        (workspace.target, 0),
        (workspace.metric, 0),
        (workspace.errors, 0),
        (workspace.by_tiles, by_top),
    )


@compiled
def make_scratch(structure: Structure):
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


@borrowing
def set_up(network: Parameters, workspace: Workspace, scratch):
    """Fractions, normals and rotations of these parameters; returns the sum of the weights.

    The derivatives by them are zero then.
    """
    weights, orientations, _, _, _ = scratch
    z, angles, structure = network
    weigh(z, structure, weights, workspace.fractions)
    orient(angles, structure, orientations, workspace.normals, workspace.mandel)
    workspace.by_fractions[:], workspace.by_normals[:], workspace.by_turns[:] = 0.0, 0.0, 0.0
    return weights[-1]


@borrowing
def set_up_adjoint(
    lanes, factor, network: Parameters, workspace: Workspace, scratch, by_sum, slopes
):
    """Slopes as of `gradient`, from the derivatives in each lane times a factor, and by the sum."""
    weights, orientations, by_weights, by_orientations, sums = scratch
    z, _, structure = network
    (by_fraction, by_normal, by_turn), (by_z, by_angles) = sums, slopes
    add_lanes(lanes, factor, workspace.by_fractions, by_fraction)
    add_lanes(lanes, factor, workspace.by_normals, by_normal)
    add_lanes(lanes, factor, workspace.by_turns, by_turn)
    weigh_adjoint(z, structure, weights, by_sum, by_fraction, by_weights, by_z)
    orient_adjoint(structure, orientations, by_turn, by_normal, by_orientations, by_angles)


@borrowing
def hold_fractions(network: Parameters, eta, of_phases, by_z):
    """Part of the penalty by the weights of the phases; adds its derivatives to those by z, if any.

    The sums of the weights are to be those of the phases (p,).
    """
    (z, _, structure), squares = network, 0.0
    base, phases = structure.base, structure.phases
    for phase in range(len(of_phases)):
        excess = -of_phases[phase]
        for i in range(len(base)):
            if phases[i] == phase:
                excess += z[base[i]]
        for i in range(len(by_z)):
            if phases[i] == phase:
                by_z[i] += 2 * eta * excess
        squares += excess * excess
    return eta * squares


@compiled
def _errors(lanes, data, structure: Structure, workspace: Workspace):
    """Mean squared error of samples in their metric, and the mean of its root."""
    one, samples, rows = data.dtype.type(1), np.arange(len(data)), structure.shared_rows
    errors, squares, roots = workspace.errors, 0.0, 0.0
    size = len(lanes) * workspace.tiles.shape[1]
    for start in range(0, len(data), size):
        count = _gather(lanes, structure.materials, data, samples[start : start + size], workspace)
        points = lanes, count, one
        homogenise(points, structure, rows, workspace)
        _compare(points, rows[-1], rows[-1], workspace)
        for t in range(count):
            for s in range(len(lanes)):
                squares += errors[0, t, s]
                roots += np.sqrt(errors[0, t, s])
    return squares / len(data), roots / len(data)


@compiled
def measure(lanes, network: Parameters, samples, weighed, workspace: Workspace, penalty):
    """Loss of Eq. 9 on samples, and e_C on them.

    Samples have the metric of Eq. 33; `weighed` are the same in the metric of the loss, empty if
    that is Eq. 33's.
    """
    structure, (eta, xi, of_phases) = network.structure, penalty
    excess = set_up(network, workspace, make_scratch(structure)) - xi
    squared, error = _errors(lanes, samples, structure, workspace)
    if len(weighed):
        squared, _ = _errors(lanes, weighed, structure, workspace)
    held = hold_fractions(network, eta, of_phases, np.empty(0))
    return squared / 2 + eta * (excess * excess) + held, error


@borrowing
def gradient(
    lanes, network: Parameters, data, samples, workspace: Workspace, scratch, penalty, slopes
):
    """Loss of Eq. 9, and its slopes: derivatives by the active z (k,) and angles (r, 2 or 3).

    Data are rows of samples, of which the given ones count; the penalty is of eta, xi, and
    the sums of weights of the phases.
    """
    structure, (eta, xi, of_phases), errors = network.structure, penalty, workspace.errors
    one, rows, by_top = data.dtype.type(1), structure.rows, structure.shared_rows[-1]
    excess = set_up(network, workspace, scratch) - xi
    error, size = 0.0, len(lanes) * workspace.tiles.shape[1]
    for start in range(0, len(samples), size):
        count = _gather(lanes, structure.materials, data, samples[start : start + size], workspace)
        points = lanes, count, one
        homogenise(points, structure, rows, workspace)
        _compare(points, rows[-1], by_top, workspace)
        error += errors[0, :count].sum()
        homogenise_adjoint(points, structure, workspace)
    share, by_sum = 1 / len(samples), 2 * eta * excess
    set_up_adjoint(lanes, share, network, workspace, scratch, by_sum, slopes)
    held = hold_fractions(network, eta, of_phases, slopes[0])
    return share * error / 2 + eta * (excess * excess) + held


@compiled
def slopes(lanes, network: Parameters, data, samples, workspace: Workspace, penalty, slopes):
    """Derivatives of the loss by all z (2^N,) and angles, into these; zero by what is cut out."""
    _, angles, structure = network
    by_z, by_angles = slopes
    base, nodes, scratch = structure.base, structure.nodes, make_scratch(structure)
    active = np.empty(len(base)), np.empty((len(nodes), angles.shape[1]))
    gradient(lanes, network, data, samples, workspace, scratch, penalty, active)
    by_z[:], by_angles[:] = 0.0, 0.0
    by_z[base], by_angles[nodes] = active


@borrowing
def _adam(values, rows, slopes, averages, rate, count):
    """One step of Adam on the given rows of the values, as in torch.optim.Adam."""
    means, squares = averages
    bias1, bias2 = 1 - _BETA1**count, np.sqrt(1 - _BETA2**count)
    for i in range(len(rows)):
        row = rows[i]
        for j in range(values.shape[1]):
            slope = slopes[i, j]
            means[row, j] += (1 - _BETA1) * (slope - means[row, j])
            squares[row, j] = _BETA2 * squares[row, j] + (1 - _BETA2) * slope * slope
            denominator = np.sqrt(squares[row, j]) / bias2 + _EPSILON
            values[row, j] -= rate / bias1 * means[row, j] / denominator


@compiled
def move(network: Parameters, slopes, rate, count, averages):
    """One step of Adam with these derivatives by all z (2^N,) and angles."""
    z, angles, structure = network
    (by_z, by_angles), (of_z, of_angles) = slopes, averages
    base, nodes, columns = structure.base, structure.nodes, z.reshape(-1, 1)
    _adam(columns, base, by_z[base].reshape(-1, 1), of_z, rate, count)
    _adam(angles, nodes, by_angles[nodes], of_angles, rate, count)


@compiled
def run_steps(lanes, network: Parameters, data, batches, workspace: Workspace, penalty, adam):
    """Adam's steps over samples, until the last one or until a base node died.

    Args:
        lanes, network, data, workspace, penalty: as of `gradient`; the parameters are changed.
        batches: the order of the samples, the number of those done, and the size of a batch.
        adam: learning rate, number of steps so far, and running averages of the slopes and of their
            squares, for z and for the angles.

    Returns:
        The number of samples done, and the number of steps since the start of the training.
    """
    z, angles, structure = network
    (order, done, batch_size), (rate, count, (of_z, of_angles)) = batches, adam
    base, nodes, scratch = structure.base, structure.nodes, make_scratch(structure)
    by_z, by_angles = np.empty((len(base), 1)), np.empty((len(nodes), angles.shape[1]))
    column, slopes = z.reshape(-1, 1), (by_z[:, 0], by_angles)
    while done < len(order):
        samples = order[done : done + batch_size]
        gradient(lanes, network, data, samples, workspace, scratch, penalty, slopes)
        count += 1
        done += len(samples)
        _adam(column, base, by_z, of_z, rate, count)
        _adam(angles, nodes, by_angles, of_angles, rate, count)
        for node in base:
            if not z[node] > 0:
                return done, count
    return done, count
