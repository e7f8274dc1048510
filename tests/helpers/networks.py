"""Networks, materials and references that the tests build without the code under test.

The references work one block and one sample at a time and leave dead children out; only formulas
that the paper prints or a textbook derives stand here.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import root
from scipy.spatial.transform import Rotation

from rve.loads.curve import Curve
from rve.loads.load_path import Control, LoadPath, monotonic
from rve.materials.composite import materials
from rve.materials.material import Material
from training import arrays
from training import laminate as block
from training.network import Kind, MaterialNetwork
from training.tree import Tree

Array = NDArray[np.float64]
States = tuple[Array, ...]

STRAIN_SCALE = 1e-2
"""Of the unknowns of a nonlinear reference solution."""

STRESS_RESIDUAL = 1e-13
"""Of such a solution, GPa."""

# 11, 22, 33, 23, 31, 12
PAIRS = ((0, 0), (1, 1), (2, 2), (1, 2), (2, 0), (0, 1))


def laminate(C1, C2, f1, H):
    """Stiffness (n, s, 6, 6) of blocks; phases likewise, fractions (n,), interfaces (n, 6, 3)."""
    return block.laminate(C1, C2, f1[:, None, None, None], H, arrays)[0]


def composite(name: str = "composite_1") -> tuple[Material, Material]:
    """Matrix and fibre of a composite of the paper's study."""
    config = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
    return materials(**config["composites"][name])


def random_stiffness(rng: np.random.Generator, scale: float = 1.0) -> Array:
    """Stiffness (6, 6) without any symmetry, eigenvalues within [0.2, 5] times a scale."""
    axes = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    stiffness = axes @ np.diag(scale * np.exp(rng.uniform(np.log(0.2), np.log(5), 6))) @ axes.T
    return (stiffness + stiffness.T) / 2


def random_network(
    kind: Kind, layers: int, rng: np.random.Generator, dead: Iterable[int] = ()
) -> MaterialNetwork:
    """A network of random weights in (0.1, 1) and orientations, some of its base nodes dead."""
    z = rng.uniform(0.1, 1, 2**layers)
    for number, node in enumerate(dead):
        z[node] = (-0.3, 0.0)[number % 2]
    if kind == "IMN":
        return MaterialNetwork(kind, z, rng.uniform(-1, 1, (2**layers - 1, 2)))
    return MaterialNetwork(kind, z, rng.uniform(-np.pi, np.pi, (2 ** (layers + 1) - 1, 3)))


def distance(result: Array, expected: Array) -> float:
    """Norm of a difference, relative to the norm of what is expected."""
    return float(np.linalg.norm(result - expected) / np.linalg.norm(expected))


def curve_of(stress: list[list[float]]) -> Curve:
    """A curve of given stresses (n, 6)."""
    return unhalved(np.zeros_like(stress), np.array(stress))


def unhalved(strain: Array, stress: Array) -> Curve:
    """A curve of given strains and stresses (n, 6), a second and an iteration an increment."""
    counted = np.arange(len(strain)) > 0
    return Curve(strain, stress, np.arange(len(strain), dtype=float), *2 * [counted.astype(int)])


def dyad(a: Array, b: Array) -> Array:
    """Mandel vector (6,) of the symmetric part of the dyad of two vectors (3,)."""
    factor = np.where([i == j for i, j in PAIRS], 0.5, np.sqrt(0.5))
    return factor * np.array([a[i] * b[j] + a[j] * b[i] for i, j in PAIRS])


def traction_matrix(normal: Array) -> Array:
    """H of Eq. 18 (6, 3) in Mandel form: its transpose gives the traction on the normal."""
    return np.array([dyad(axis, normal) for axis in np.eye(3)]).T


def mandel_rotation(rotation: Array) -> Array:
    """Mandel matrix (6, 6) of a rotation (3, 3), from the images of the basis dyads."""
    Q = rotation
    columns = [
        dyad(Q[:, i], Q[:, j]) * (1 if i == j else np.sqrt(2)) for i, j in PAIRS
    ]  # a shear's unit tensor is sqrt(2) times its symmetric dyad
    return np.array(columns).T


def spherical_frame(azimuth: float, inclination: float) -> Array:
    """Two tangents and the normal, columns (3, 3), of a direction; analytic in its angles."""
    ca, sa = np.cos(azimuth), np.sin(azimuth)
    ci, si = np.cos(inclination), np.sin(inclination)
    return np.array([[ca * ci, -sa, ca * si], [sa * ci, ca, sa * si], [-si, 0, ci]])


def frame_of(normal: Array) -> Array:
    """Two tangents and the normal, columns (3, 3)."""
    return spherical_frame(np.arctan2(normal[1], normal[0]), np.arccos(np.clip(normal[2], -1, 1)))


def layered_medium(C1: Array, C2: Array, f1: float, frame: Array) -> Array:
    """Exact stiffness (6, 6) of alternating layers: one linear system for both phases' strains.

    The twelve equations: the mean strain is given (6), the strains in the plane of the layers (3)
    and the traction on them (3) are continuous. Complex arguments give derivatives by a complex
    step.
    """
    first, second, normal = frame.T
    in_plane = np.array([dyad(first, first), dyad(second, second), dyad(first, second)])
    traction = traction_matrix(normal).T
    f2 = 1 - f1
    system = np.block(
        [
            [f1 * np.eye(6), f2 * np.eye(6)],
            [in_plane, -in_plane],
            [traction @ C1, -traction @ C2],
        ]
    )
    strains = np.linalg.solve(system, np.eye(12, 6))
    return f1 * C1 @ strains[:6] + f2 * C2 @ strains[6:]


def dmn_block(C1: Array, C2: Array, f1: float) -> Array:
    """Eq. 5: the strain concentration A of the first child for the interface normal e3.

    The strains 11, 22, 12 of the child are the parent's; 33, 23, 31 follow from equal tractions.
    """
    across, along = [2, 3, 4], [0, 1, 5]
    mixed = (1 - f1) * C1 + f1 * C2
    A = np.eye(6)
    A[across] = C2[across]
    A[np.ix_(across, along)] -= mixed[np.ix_(across, along)]
    A[across] = np.linalg.solve(mixed[np.ix_(across, across)], A[across])
    return C2 - f1 * (C2 - C1) @ A


def stiffness_by_recursion(network: MaterialNetwork, p1: Array, p2: Array) -> Array:
    """Stiffness (6, 6) of a network, as the paper writes it: Eqs. 1-6, or 1-4 and 13-22."""

    def finish(mean: Array, place: int) -> Array:
        if network.kind == "IMN":
            return mean
        R = mandel_rotation(Rotation.from_euler("XYZ", network.angles[place]).as_matrix())
        return R.T @ mean @ R

    def node(layer: int, n: int) -> tuple[float, Array]:
        place = 2**layer - 1 + n
        if layer == network.layers:
            return max(network.z[n], 0.0), finish((p1, p2)[n % 2], place)
        (w1, C1), (w2, C2) = node(layer + 1, 2 * n), node(layer + 1, 2 * n + 1)
        if w1 == 0 or w2 == 0:
            return w1 + w2, finish(C2 if w1 == 0 else C1, place)
        f1 = w1 / (w1 + w2)
        if network.kind == "DMN":
            return w1 + w2, finish(dmn_block(C1, C2, f1), place)
        theta, phi = network.angles[place]
        frame = spherical_frame(2 * np.pi * theta, np.pi * phi)
        return w1 + w2, layered_medium(C1, C2, f1, frame)

    return node(0, 0)[1]


def random_walk(rng: np.random.Generator, steps: int, size: float) -> LoadPath:
    """Controlled strains, each a normal step of this size from the last."""
    return LoadPath(np.ones(6, dtype=bool), np.cumsum(rng.normal(scale=size, size=(steps, 6)), 0))


def there_and_back(control: Control) -> LoadPath:
    """Shear 12 to 4 % and back to zero, which yields in reverse."""
    path = monotonic("12", 0.04, 1, control)
    factors = np.append(np.linspace(0, 1, 17)[1:], np.linspace(1, 0, 17)[1:])
    return LoadPath(path.strain_controlled[0], factors[:, None] * path.targets)


def material_point(law: Material, path: LoadPath) -> tuple[Array, Array]:
    """Strains and stresses (n, 6) of one point of a law along a load path."""

    def respond(strain: Array, states: States) -> tuple[Array, States]:
        response = law.respond(strain[None], states[0])
        return response.stress[0], (response.state,)

    return drive(respond, (np.zeros((1, law.state_size)),), path)


def laminate_point(
    laws: tuple[Material, Material], f1: float, normal: Array, path: LoadPath
) -> tuple[Array, Array]:
    """Strains and stresses (n, 6) of a laminate: the jump of Eq. 20 that Eq. 17 asks for."""
    H = traction_matrix(normal)

    def respond(unknowns: Array, states: States) -> tuple[Array, States]:
        macro, Hb = unknowns[:6], H @ unknowns[6:]
        first = laws[0].respond((macro + Hb / f1)[None], states[0])
        second = laws[1].respond((macro - Hb / (1 - f1))[None], states[1])
        stress = f1 * first.stress[0] + (1 - f1) * second.stress[0]
        jump = H.T @ (first.stress - second.stress)[0]
        return np.append(stress, jump), (first.state, second.state)

    return drive(respond, tuple(np.zeros((1, law.state_size)) for law in laws), path, internal=3)


def traction_jumps(tree: Tree, stress: Array) -> Array:
    """R of Eq. 27 (blocks, 3): jumps of the traction between children of mean stress, Eq. 14."""
    weights, stresses = dict(enumerate(tree.weights)), dict(enumerate(stress))
    jumps = np.empty((len(stress) - 1, 3))
    for level in tree.levels:
        for node, (first, second), H in zip(level.nodes, level.children, level.H, strict=True):
            weights[node] = weights[first] + weights[second]
            stresses[node] = (
                weights[first] * stresses[first] + weights[second] * stresses[second]
            ) / weights[node]
            jumps[node - len(stress)] = traction_matrix(np.diag(H[:3])).T @ (
                stresses[first] - stresses[second]
            )
    return jumps


def strains_below(tree: Tree, jumps: Array) -> Array:
    """Eq. 20: strains (n, 6) of base nodes under a top at rest, for a = w b (blocks, 3)."""
    base = len(tree.weights)
    weights, strains = dict(enumerate(tree.weights)), {tree.nodes - 1: np.zeros(6)}
    for level in tree.levels:
        for node, children in zip(level.nodes, level.children, strict=True):
            weights[node] = sum(weights[child] for child in children)
    for level in reversed(tree.levels):
        for node, (first, second), H in zip(level.nodes, level.children, level.H, strict=True):
            Hb = traction_matrix(np.diag(H[:3])) @ jumps[node - base] / weights[node]
            f1 = weights[first] / weights[node]
            strains[first] = strains[node] + Hb / f1
            strains[second] = strains[node] - Hb / (1 - f1)
    return np.array([strains[node] for node in range(base)])


def drive(
    respond: Callable[[Array, States], tuple[Array, States]],
    states: States,
    path: LoadPath,
    internal: int = 0,
) -> tuple[Array, Array]:
    """Strains and stresses (n, 6) along a load path, found by MINPACK without any tangent.

    Args:
        respond: (macroscopic strain and internal unknowns, states) -> (macroscopic stress and
            internal residuals, new states).
        states: of the virgin material.
        path: the load path.
        internal: number of internal unknowns.
    """
    unknowns = np.zeros(6 + internal)
    strains, stresses = [], []
    for controlled, target in zip(path.strain_controlled, path.targets, strict=True):
        free = np.append(~controlled, np.ones(internal, dtype=bool))
        unknowns = _equilibrate(
            respond, states, np.append(target, np.zeros(internal)), free, unknowns
        )
        answer, states = respond(unknowns, states)
        strains.append(unknowns[:6])
        stresses.append(answer[:6])
    return np.array(strains), np.array(stresses)


def _equilibrate(
    respond: Callable[[Array, States], tuple[Array, States]],
    states: States,
    goal: Array,
    free: NDArray[np.bool_],
    start: Array,
) -> Array:
    """All unknowns, those that are not free taken from the goal, the others from its stresses."""

    def complete(scaled: Array) -> Array:
        unknowns = goal.copy()
        unknowns[free] = STRAIN_SCALE * scaled
        return unknowns

    def residual(scaled: Array) -> Array:
        return (respond(complete(scaled), states)[0] - goal)[free]

    if not free.any():
        return goal
    solution = root(residual, start[free] / STRAIN_SCALE, options={"xtol": 1e-14})
    assert np.abs(solution.fun).max() < STRESS_RESIDUAL, solution.message
    return complete(solution.x)
