"""Weights, normals and rotations of a network's parts from its parameters, and their adjoints."""

import numpy as np

from training.compiled import kernels
from training.compiled.kernels import borrowing
from training.compiled.structure import Structure


@borrowing
def orient(angles, structure: Structure, orientations, normals, mandel):
    """Normals of the blocks (m, 3), and for a DMN the rotations (k, 36) of its base materials.

    `orientations` are cosines (r, 3), sines (r, 3), and for a DMN the turns of the nodes (r, 9) and
    these accumulated from the top.
    """
    cosines, sines, turns, rotations = orientations
    nodes, parents = structure.nodes, structure.parents
    base_node, block_node = structure.base_node, structure.block_node
    if not structure.turned:
        for place in range(len(nodes)):
            for i in range(2):
                angle = (2 - i) * np.pi * angles[nodes[place], i]
                cosines[place, i], sines[place, i] = np.cos(angle), np.sin(angle)
            kernels.normal(1.0, (cosines, place), (sines, place), (normals, place))
        return
    for place in range(len(nodes)):
        for i in range(3):
            angle = angles[nodes[place], i]
            cosines[place, i], sines[place, i] = np.cos(angle), np.sin(angle)
        kernels.euler_rotation(1.0, (cosines, place), (sines, place), (turns, place))
        parent = parents[place]
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
    for number in range(len(base_node)):
        kernels.mandel_rotation(1.0, (rotations, base_node[number]), (mandel, number))
    for number in range(len(block_node)):
        for i in range(3):
            normals[number, i] = rotations[block_node[number], 3 * i + 2]


@borrowing
def orient_adjoint(
    structure: Structure, orientations, by_turns, by_normals, by_orientations, by_angles
):
    """Derivatives by the angles (r, 2 or 3) from those by normals (m, 3) and base turns (k, 3)."""
    cosines, sines, turns, rotations = orientations
    by_turn, by_rotations = by_orientations
    parents, base_node, block_node = structure.parents, structure.base_node, structure.block_node
    if not structure.turned:
        for place in range(len(by_angles)):
            kernels.normal_adjoint(
                1.0, (cosines, place), (sines, place), (by_normals, place), (by_angles, place)
            )
            for i in range(2):
                by_angles[place, i] *= (2 - i) * np.pi
        return
    by_rotations[:] = 0.0
    for number in range(len(base_node)):
        # A turn t changes a rotation by t x its columns.
        place = base_node[number]
        t0, t1, t2 = by_turns[number, 0] / 2, by_turns[number, 1] / 2, by_turns[number, 2] / 2
        for j in range(3):
            q0, q1, q2 = rotations[place, j], rotations[place, 3 + j], rotations[place, 6 + j]
            by_rotations[place, j] += t1 * q2 - t2 * q1
            by_rotations[place, 3 + j] += t2 * q0 - t0 * q2
            by_rotations[place, 6 + j] += t0 * q1 - t1 * q0
    for number in range(len(block_node)):
        for i in range(3):
            by_rotations[block_node[number], 3 * i + 2] += by_normals[number, i]
    for place in range(len(by_angles) - 1, -1, -1):
        parent = parents[place]
        for i in range(3):
            for j in range(3):
                if parent < 0:
                    by_turn[0, 3 * j + i] = by_rotations[place, 3 * i + j]
                else:
                    total, passed = 0.0, 0.0
                    for k in range(3):
                        total += rotations[parent, 3 * k + i] * by_rotations[place, 3 * k + j]
                        passed += by_rotations[place, 3 * i + k] * turns[place, 3 * k + j]
                    by_turn[0, 3 * j + i] = total
                    by_rotations[parent, 3 * i + j] += passed
        kernels.euler_rotation_adjoint(
            1.0, (cosines, place), (sines, place), (by_turn, 0), (by_angles, place)
        )


@borrowing
def weigh(z, structure: Structure, weights, fractions):
    """Weights (k + m,) of base nodes and blocks, and fractions of the first children, Eqs. 1-4."""
    base, children = structure.base, structure.children
    k = len(base)
    for number in range(k):
        weights[number] = max(z[base[number]], 0.0)
    for number in range(len(children)):
        first = weights[children[number, 0]]
        total = first + weights[children[number, 1]]
        weights[k + number] = total
        fractions[number, 0] = first / total if total > 0 else 0.5


@borrowing
def weigh_adjoint(z, structure: Structure, weights, by_top, by_fractions, by_weights, by_z):
    """Derivatives by the base nodes' z (k,), from those by the fractions and the top's weight."""
    base, children = structure.base, structure.children
    k, m = len(base), len(children)
    by_weights[: k + m - 1], by_weights[k + m - 1] = 0.0, by_top
    for number in range(m - 1, -1, -1):
        first, second = children[number, 0], children[number, 1]
        total, passed = weights[k + number], by_weights[k + number]
        if total > 0:
            # Not over the square of the total, which may underflow.
            by_share = by_fractions[number, 0] / total
            by_weights[first] = passed + by_share * (weights[second] / total)
            by_weights[second] = passed - by_share * (weights[first] / total)
    for number in range(k):
        by_z[number] = by_weights[number] if z[base[number]] > 0 else 0.0
