"""Algorithms 1 to 3 as printed, in plain numpy: level by level, a DMN with rotations at every node.

They give the same increments as the compiled schemes of `evaluation.online.prediction` and are some
hundred times slower. They can be read beside the paper, and they are timed like its code.
Strains and stresses of base nodes are in the frames of these.
"""

import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from evaluation.online.limits import RESOLUTION, ROUNDING
from evaluation.online.schemes.newton import interaction_matrix, least_squares
from rve.arrays import Array, Integers
from rve.errors import ConvergenceError, InputError
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath, Target, follow
from rve.mandel import interface_matrix, rotation_matrix
from rve.materials.law import Law
from rve.microstructure.phases import VOID
from training.homogenise import algebra_of
from training.laminate import interface
from training.tree import Tree

PrintedScheme = Literal["residual_stress", "fixed_point", "newton"]
States = tuple[Array, ...]

_NO_EQUILIBRIUM = "no equilibrium of the network"


class PrintedPrediction(NamedTuple):
    """A curve that a network follows."""

    curve: Curve  # macroscopic strain, stress and the iterations of each increment
    strain: Array  # (n, 6), of the base nodes at its end
    states: States  # theirs there
    seconds: float  # wall time of following the path, without the set-up of the network


class _Now(NamedTuple):
    """An iteration, or the equilibrium that it ends in."""

    strain: Array  # (n, 6), of the base nodes
    stress: Array
    tangent: Array  # (n, 6, 6)
    macro: Array  # strain (6,) of the top
    macro_stress: Array  # (6,), that of the last equilibrium
    states: States  # of the base nodes in the last equilibrium, for each base material
    iterations: int = 0  # since the path began, likewise
    steps: int = 0


class _Linearised(NamedTuple):
    """The top's tangent (6, 6) and stress (6,); its strain -> those of the base nodes (n, 6)."""

    tangent: Array
    stress: Array
    localise: Callable[[Array], Array]


class _Network(NamedTuple):
    """A tree as its kind has it."""

    tree: Tree
    interfaces: list[Array]  # H of each level's blocks (m, 6, 3), in their own frames
    turns: Array | None  # Mandel rotations (nodes, 6, 6), node's frame -> its parent's; of a DMN
    matrix: Array  # A of Eq. 26, for Algorithm 3 alone


def predict(
    tree: Tree,
    materials: Sequence[Law],
    path: LoadPath,
    scheme: PrintedScheme,
    tolerance: float = 1e-8,
    max_iterations: int = 50,
    balance: float | None = None,
) -> PrintedPrediction:
    """Follow a load path with a network; arguments of `evaluation.online.prediction.predict`.

    Args:
        balance: for Algorithm 3 under strain control, norm of the tractions' jumps R of Eq. 28 at
            which an increment is done, GPa. Then it also begins as printed: every base node has
            the macroscopic strain increment. Without it all schemes begin from no increment, and
            end by the change of strain.

    Raises:
        InputError: Algorithm 3 is asked for with a DMN, or `balance` with another one or control.
        ConvergenceError: an increment did not converge, even halved eight times.
    """
    if balance is not None and not (scheme == "newton" and path.strain_controlled.all()):
        raise InputError(f"balance is for Algorithm 3 under strain control; got {scheme}")
    network = _network(tree, scheme)
    solid = [phase for phase, name in enumerate(tree.names) if name != VOID]
    phases = [
        (law, np.flatnonzero(tree.phases == phase))
        for law, phase in zip(materials, solid, strict=True)
    ]
    iterations = 0

    def solve(target: Target, last: _Now, _step: float, duration: float) -> _Now:
        nonlocal iterations
        begin = last.strain if balance is None else last.strain + target.value - last.macro
        stress, tangent, states = _respond(phases, begin, last.states, duration)
        now = last._replace(tangent=tangent)
        if balance is not None:
            now = now._replace(strain=begin, stress=stress, macro=target.value)
        for _ in range(max_iterations):
            iterations += 1
            if balance is not None and _out_of_balance(network, now) <= balance:
                break
            linearised = SCHEMES[scheme](network, now, last)
            macro = now.macro + target.strain_step(linearised.tangent, linearised.stress, now.macro)
            strain = linearised.localise(macro)
            change = _change(strain, now, last)
            stress, tangent, states = _respond(phases, strain, last.states, duration)
            now = now._replace(strain=strain, stress=stress, tangent=tangent, macro=macro)
            if balance is None and change <= tolerance:
                break
        else:
            raise ConvergenceError(_NO_EQUILIBRIUM)
        stress = _average(network, now.stress)
        return now._replace(
            macro_stress=stress, states=states, iterations=iterations, steps=last.steps + 1
        )

    clock = time.perf_counter()
    zero, local = np.zeros(6), np.zeros((len(tree.weights), 6))
    virgin = tuple(np.zeros((len(nodes), law.state_size)) for law, nodes in phases)
    start = _Now(local, local, np.empty((0, 6, 6)), zero, zero, virgin)
    ends = [start, *follow(path, start, lambda now: (now.macro, now.macro_stress), solve)]
    seconds = time.perf_counter() - clock
    strains, stresses, spent, steps = (
        np.array([getattr(end, name) for end in ends])
        for name in ("macro", "macro_stress", "iterations", "steps")
    )
    counted = np.diff(spent, prepend=0), np.diff(steps, prepend=0)
    curve = Curve(strains, stresses, path.times, *counted)
    return PrintedPrediction(curve, ends[-1].strain, ends[-1].states, seconds)


def _respond(
    phases: Sequence[tuple[Law, Integers]], strain: Array, states: States, duration: float
) -> tuple[Array, Array, States]:
    """Stresses and tangents of the base nodes, and their new states."""
    stress, tangent, new_states = np.zeros_like(strain), np.zeros((len(strain), 6, 6)), []
    for (law, nodes), state in zip(phases, states, strict=True):
        response = law.respond(strain[nodes], state, duration)
        stress[nodes], tangent[nodes] = response.stress, response.tangent
        new_states.append(response.state)
    return stress, tangent, tuple(new_states)


def residual_stress(network: _Network, now: _Now, last: _Now) -> _Linearised:
    """An iteration of Algorithm 1, with increments since the last equilibrium."""
    residual = now.stress - last.stress - _times(now.tangent, now.strain - last.strain)  # Eq. 10
    C, top, localise = _forward(network, now.tangent, residual)
    return _Linearised(
        C,
        last.macro_stress + C @ (now.macro - last.macro) + top,
        lambda macro: last.strain + localise(macro - last.macro),
    )


def fixed_point(network: _Network, now: _Now, last: _Now) -> _Linearised:
    """An iteration of Algorithm 2, or of a DMN without residual stress.

    No stress takes part in the jumps; the mean stress meets the load.
    """
    C, _, localise = _forward(network, now.tangent, np.zeros_like(now.stress))
    return _Linearised(
        C,
        _average(network, now.stress),
        lambda macro: last.strain + localise(macro - last.macro),
    )


def newton(network: _Network, now: _Now, _last: _Now) -> _Linearised:
    """An iteration of Algorithm 3, Eqs. 24-31."""
    A, nodes = network.matrix, len(now.strain)
    weights = network.tree.weights / network.tree.weights.sum()
    WK = weights[:, None, None] * now.tangent
    Wstress = weights[:, None] * now.stress
    R = A.T @ Wstress.ravel()
    WKA = (WK @ A.reshape(nodes, 6, -1)).reshape(A.shape)
    J = A.T @ WKA
    coupling = WKA.reshape(nodes, 6, -1).sum(axis=0).T
    solve = least_squares if VOID in network.tree.names else np.linalg.solve
    solved = solve(J, np.column_stack([R, coupling]))

    def localise(macro: Array) -> Array:
        change = macro - now.macro
        jump = solved[:, 0] + solved[:, 1:] @ change
        return now.strain + change - (A @ jump).reshape(nodes, 6)

    return _Linearised(
        WK.sum(axis=0) - coupling.T @ solved[:, 1:],
        Wstress.sum(axis=0) - coupling.T @ solved[:, 0],
        localise,
    )


def _change(strain: Array, now: _Now, last: _Now) -> float:
    """By which rest is judged, see `evaluation.online.limits`."""
    solid = now.tangent.any(axis=(1, 2))
    strain, before, begin = strain[solid], now.strain[solid], last.strain[solid]
    change = strain - before
    stiffness = np.diagonal(now.tangent[solid], axis1=1, axis2=2).max(axis=1)
    moved = np.linalg.norm(change)
    added = np.linalg.norm(stiffness[:, None] * change)
    size = np.hypot(np.linalg.norm(strain), np.linalg.norm(begin))
    if not np.isfinite(moved + added + size):
        raise ConvergenceError(_NO_EQUILIBRIUM)
    if moved <= ROUNDING * size or added <= RESOLUTION * stiffness.max() * size:
        return 0.0
    return float(moved / np.linalg.norm(strain - begin))


def _out_of_balance(network: _Network, now: _Now) -> float:
    """Norm of R of Eq. 28, GPa."""
    weights = network.tree.weights / network.tree.weights.sum()
    return float(np.linalg.norm(network.matrix.T @ (weights[:, None] * now.stress).ravel()))


SCHEMES = {"residual_stress": residual_stress, "fixed_point": fixed_point, "newton": newton}


def _forward(
    network: _Network, tangent: Array, residual: Array
) -> tuple[Array, Array, Callable[[Array], Array]]:
    """Top of a tree of materials C d(eps) + residual, and the way back to the base nodes.

    A block has the jump b = f1 f2 M^-1 (G eps + H^T (r_2 - r_1)), and Eq. 11 reads
    r = f1 r_1 + f2 r_2 - f1 f2 G^T M^-1 H^T (r_2 - r_1).
    """
    tree, turns, base = network.tree, network.turns, len(tangent)
    algebra = algebra_of(tree.names)
    C, r = np.empty((tree.nodes, 6, 6)), np.empty((tree.nodes, 6))
    C[:base], r[:base] = _turned(turns, slice(base), tangent, residual)
    jumps = []
    for level, H in zip(tree.levels, network.interfaces, strict=True):
        first, second = level.children.T
        f1 = level.f1[:, None]
        fractions = level.f1[:, None, None, None]
        G, M = interface(C[first, None], C[second, None], fractions, H, algebra)
        G, M = G[:, 0], M[:, 0]
        traction = H.mT @ (r[second] - r[first])[..., None]
        averaged = f1[..., None] * C[first] + (1 - f1)[..., None] * C[second]
        jump = (f1 * (1 - f1))[..., None] * algebra.solve(
            M, np.concatenate([G, traction], axis=2), averaged
        )
        correction = G.mT @ jump
        mean = f1 * r[first] + (1 - f1) * r[second]
        C[level.nodes], r[level.nodes] = _turned(
            turns, level.nodes, averaged - correction[..., :6], mean - correction[..., 6]
        )
        jumps.append(H @ jump)

    def localise(strain: Array) -> Array:
        strains = np.empty((tree.nodes, 6))
        strains[-1] = strain if turns is None else strain @ turns[-1]
        for level, jump in zip(reversed(tree.levels), reversed(jumps), strict=True):
            first, second = level.children.T
            parent, f1 = strains[level.nodes], level.f1[:, None]
            Hb = _times(jump[..., :6], parent) + jump[..., 6]
            for children, turned in ((first, parent + Hb / f1), (second, parent - Hb / (1 - f1))):
                strains[children] = turned if turns is None else _times(turns[children].mT, turned)
        return strains[:base]

    return C[-1], r[-1], localise


def _average(network: _Network, stress: Array) -> Array:
    """Stress (6,) of the top from those of the base nodes (n, 6): Eqs. 3 and 7 node by node."""
    tree, turns = network.tree, network.turns
    if turns is None:
        return tree.weights / tree.weights.sum() @ stress
    stresses = np.empty((tree.nodes, 6))
    stresses[: len(stress)] = _times(turns[: len(stress)], stress)
    for level in tree.levels:
        (first, second), f1 = level.children.T, level.f1[:, None]
        mean = f1 * stresses[first] + (1 - f1) * stresses[second]
        stresses[level.nodes] = _times(turns[level.nodes], mean)
    return stresses[-1]


def _turned(
    turns: Array | None, nodes: slice | Integers, stiffness: Array, stress: Array
) -> tuple[Array, Array]:
    """Eqs. 6 and 12: stiffness and stress of nodes in the frames of their parents."""
    if turns is None:
        return stiffness, stress
    R = turns[nodes]
    return R @ stiffness @ R.mT, _times(R, stress)


def _times(matrix: Array, vector: Array) -> Array:
    return (matrix @ vector[..., None])[..., 0]


def _network(tree: Tree, scheme: PrintedScheme) -> _Network:
    """Frames of the nodes: a block's normal is its third axis, a base node's frame its own."""
    if scheme == "newton":
        if tree.rotations is not None:
            raise InputError("Algorithm 3 is one of an IMN; got a DMN")
        return _Network(tree, [], None, interaction_matrix(tree))
    nothing = np.empty((0, 0))
    if tree.rotations is None:
        return _Network(tree, [level.H for level in tree.levels], None, nothing)
    base = len(tree.weights)
    frames = np.empty((tree.nodes, 6, 6))
    frames[:base] = tree.rotations
    turns = frames.copy()
    for level in tree.levels:
        frames[level.nodes] = rotation_matrix(_frames(level.H[:, range(3), range(3)]))
        for child in level.children.T:
            turns[child] = frames[level.nodes].mT @ frames[child]
        turns[level.nodes] = frames[level.nodes]
    e3 = interface_matrix(np.array([0.0, 0.0, 1.0]))
    interfaces = [np.broadcast_to(e3, (len(level.nodes), 6, 3)) for level in tree.levels]
    return _Network(tree, interfaces, turns, nothing)


def _frames(normals: Array) -> Array:
    """Rotations (m, 3, 3) that rotate the third axis into these normals (m, 3)."""
    x, y, z = normals.T
    reach = np.hypot(x, y)
    axes = np.column_stack([-y, x, np.zeros_like(z)]) / np.where(reach > 0, reach, 1)[:, None]
    axes[reach == 0, 0] = 1.0
    return Rotation.from_rotvec(np.arctan2(reach, z)[:, None] * axes).as_matrix()
