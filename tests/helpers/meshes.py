"""Meshes and materials that the tests build without the code under test."""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rve.errors import DoubtfulConstants
from rve.homogenisation.cell import Cell, discretise
from rve.homogenisation.components import assemble_components, homogenise
from rve.loads.load_path import LoadPath
from rve.materials.elastic_constants import Orthotropic
from rve.materials.material import Material
from rve.microstructure.mesh import Mesh

Array = NDArray[np.float64]


def layered_mesh(
    axis: int, widths: Sequence[float], phases: Sequence[int], across: int = 3
) -> Mesh:
    """Layers of phases normal to an axis of the unit square, their interfaces on element edges.

    Args:
        axis: 0 or 1, the normal of the layers.
        widths: of the layers, of sum 1.
        phases: of the layers.
        across: number of elements along the layers, not of equal size.
    """
    normal = np.concatenate([[0.0], np.cumsum(widths)])
    normal[-1] = 1.0
    along = np.linspace(0, 1, across + 1)
    along[1:-1] += 0.1 / across
    ticks = (normal, along) if axis == 0 else (along, normal)
    first, second = len(ticks[0]) - 1, len(ticks[1]) - 1
    layer = np.indices((first, second))[axis]
    return rectangular_mesh(*ticks, np.asarray(phases)[layer])


def rectangular_mesh(x: Array, y: Array, phase: NDArray[np.int64]) -> Mesh:
    """Rectangles between grid lines x (a + 1,) and y (b + 1,), of phases (a, b), each halved."""
    fine = [np.sort(np.concatenate([t, (t[1:] + t[:-1]) / 2])) for t in (x, y)]
    nodes = np.stack(np.meshgrid(*fine, indexing="ij"), axis=-1).reshape(-1, 2)
    number = np.arange(len(nodes)).reshape(len(fine[0]), len(fine[1]))
    triangles = []
    for i in range(0, number.shape[0] - 1, 2):
        for j in range(0, number.shape[1] - 1, 2):
            n = number[i : i + 3, j : j + 3]
            triangles.append([n[0, 0], n[2, 0], n[2, 2], n[1, 0], n[2, 1], n[1, 1]])
            triangles.append([n[0, 0], n[2, 2], n[0, 2], n[1, 1], n[1, 2], n[0, 1]])
    return Mesh(nodes, np.array(triangles), np.repeat(np.asarray(phase).ravel(), 2))


def ringed_mesh(
    radii: Sequence[float],
    phases: Sequence[int],
    names: tuple[str, ...],
    sectors: int = 32,
    rows: int = 3,
) -> Mesh:
    """Concentric rings in the unit square, one phase each, the last one outside; curved elements.

    Args:
        radii: outer radii of the rings, below 0.5.
        phases: of the rings, and of the rest of the square.
        names: of the phases.
        sectors: number of elements around, a multiple of 8.
        rows: of elements in each ring; those of the rest are twice as many.
    """
    ends = [0.0, *radii]
    inner = [np.linspace(a, b, rows + 1)[:-1] for a, b in zip(ends, radii, strict=False)]
    steps = np.concatenate([*inner, radii[-1] + np.linspace(0, 1, 2 * rows + 1)])
    number = np.concatenate([np.repeat(np.arange(len(radii)), rows), [len(radii)] * 2 * rows])
    mesh = rectangular_mesh(
        steps, np.linspace(0, 2 * np.pi, sectors + 1), np.repeat(number[:, None], sectors, axis=1)
    )
    r, angle = mesh.nodes.T
    # In the innermost row one triangle of each pair is flat; the middle of its edge moves onto it.
    halfway = np.isclose(r, steps[1] / 2) & (np.round(angle * sectors / np.pi) % 2 == 1)
    angle = angle + halfway * np.pi / sectors
    direction = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    outside = np.clip(r - radii[-1], 0, 1)[:, None]
    edge = direction / np.abs(direction).max(axis=1, keepdims=True) / 2
    nodes = (1 - outside) * np.minimum(r, radii[-1])[:, None] * direction + outside * edge
    same = joined(nodes + 0.5, mesh.triangles, np.asarray(phases)[mesh.phase])
    whole = np.array([len(set(triangle)) == 6 for triangle in same.triangles])
    return Mesh(same.nodes, same.triangles[whole], same.phase[whole], names)


def corrugated(even: bool) -> Mesh:
    """A row of squares whose upper and lower sides rise and fall: rows could lie with an offset."""
    ticks = np.linspace(0, 4, 5) if even else np.array([0, 1, 2, 3.1, 4])
    mesh = rectangular_mesh(ticks, np.linspace(0, 1, 2), np.array([[0], [1], [0], [0]]))
    middles = np.isin(mesh.nodes[:, 0], (ticks[1:] + ticks[:-1]) / 2)
    return replace(mesh, nodes=mesh.nodes + np.outer(middles, [0, 0.1]))


def joined(nodes: Array, triangles: NDArray[np.int64], phase: NDArray[np.int64]) -> Mesh:
    """A mesh whose nodes at one place become one."""
    _, first, number = np.unique(np.round(nodes, 9), axis=0, return_index=True, return_inverse=True)
    return Mesh(nodes[first], number.reshape(-1)[triangles], phase)


def fan(corners: Array) -> Mesh:
    """A polygon (k, 2) of straight triangles around its centre, all of the matrix."""
    following = np.roll(corners, -1, axis=0)
    centre = np.broadcast_to(corners.mean(axis=0), corners.shape)
    ends = np.stack([corners, following, centre], axis=1)
    places = np.concatenate([ends, (ends + np.roll(ends, -1, axis=1)) / 2], axis=1)
    triangles = np.arange(6 * len(corners)).reshape(-1, 6)
    return joined(places.reshape(-1, 2), triangles, np.zeros(len(corners), dtype=np.int64))


def displacement_cell(mesh: Mesh) -> Cell:
    """The cell whose phases keep the strains of the displacement though they flow."""
    cell = discretise(mesh)
    return replace(cell, averaged_dilatation=cell.strain_displacement)


def periodic_numbers(points: Array) -> NDArray[np.int64]:
    """The same number for points (n, 2) that agree modulo 1, found by rounding."""
    keys = np.round(points * 1e7).astype(np.int64) % 10**7
    return np.unique(keys, axis=0, return_inverse=True)[1].ravel()


# The quadratic triangle's nodes, the pairs of them between which refinement puts a new node (first
# along the edges, then within), and the corners of its four children.
_NODES = np.array([[0, 0], [1, 0], [0, 1], [0.5, 0], [0.5, 0.5], [0, 0.5]])
_PAIRS = ((0, 3), (3, 1), (1, 4), (4, 2), (2, 5), (5, 0), (3, 4), (4, 5), (5, 3))
_CHILDREN = ((0, 3, 5), (3, 1, 4), (5, 4, 2), (3, 4, 5))


def refined(mesh: Mesh, circle: tuple[Array, float] | None = None) -> Mesh:
    """Each curved triangle cut into four along its own coordinate lines.

    The geometry stays the same to the last digit, and the coarse finite-element space is a part of
    the fine one.

    Args:
        mesh: the coarse mesh.
        circle: centre (2,) and radius of a fibre; new nodes between two nodes of this circle are
            moved onto it, which instead lets the geometry converge.
    """
    pairs = np.array(_PAIRS)
    shapes = quadratic_shapes(*_NODES[pairs].mean(axis=1).T)[0]
    ends = np.sort(mesh.triangles[:, pairs], axis=-1)
    keys, first, number = np.unique(
        ends.reshape(-1, 2), axis=0, return_index=True, return_inverse=True
    )
    new = (shapes @ mesh.nodes[mesh.triangles]).reshape(-1, 2)[first]
    if circle is not None:
        centre, radius = circle
        on_circle = np.abs(np.linalg.norm(mesh.nodes - centre, axis=1) - radius) < 1e-9
        moved = on_circle[keys].all(axis=1) & (first % len(pairs) < 6)
        offset = new[moved] - centre
        new[moved] = centre + radius * offset / np.linalg.norm(offset, axis=1)[:, None]
    between = number.reshape(-1, len(pairs)) + len(mesh.nodes)
    place = {frozenset(pair): k for k, pair in enumerate(_PAIRS)}
    children = [
        np.column_stack(
            [
                mesh.triangles[:, [a, b, c]],
                between[:, [place[frozenset(edge)] for edge in ((a, b), (b, c), (c, a))]],
            ]
        )
        for a, b, c in _CHILDREN
    ]
    nodes = np.concatenate([mesh.nodes, new])
    phase = np.tile(mesh.phase, len(children))
    return replace(mesh, nodes=nodes, triangles=np.concatenate(children), phase=phase)


def random_orthotropic(rng: np.random.Generator, scale: float = 1.0) -> Array:
    """Stiffness (6, 6) with eigenvalues within [0.2, 5] times a scale, orthotropic in the axes."""
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    stiffness = np.diag(np.exp(rng.uniform(np.log(0.2), np.log(5), 6)))
    stiffness[:3, :3] = axes @ stiffness[:3, :3] @ axes.T
    return scale * (stiffness + stiffness.T) / 2


def orthotropic(*constants: float, **named: float) -> Array:
    """Stiffness (6, 6) of the law with these constants, whichever of its axes is stiff."""
    with warnings.catch_warnings(action="ignore", category=DoubtfulConstants):
        return Orthotropic(*constants, **named).law().stiffness


def layered_medium(axis: int, fractions: Array, stiffnesses: Array) -> Array:
    """Exact stiffness (6, 6) of a medium layered normal to an axis (Backus 1962).

    Across the layers the stresses N = (those on the normal) and along them the strains T (all
    others) are uniform, so that the law solved for the other six quantities can be averaged.
    """
    N = [[0, 4, 5], [1, 3, 5], [2, 3, 4]][axis]
    T = sorted(set(range(6)) - set(N))
    NN, NT = stiffnesses[:, N][:, :, N], stiffnesses[:, N][:, :, T]
    TN, TT = NT.transpose(0, 2, 1), stiffnesses[:, T][:, :, T]
    soft = np.linalg.inv(NN)

    def mean(values: Array) -> Array:
        return np.einsum("p,pij->ij", fractions, values)

    effective = np.empty((6, 6))
    normal = np.linalg.inv(mean(soft))
    effective[np.ix_(N, N)] = normal
    effective[np.ix_(N, T)] = normal @ mean(soft @ NT)
    effective[np.ix_(T, N)] = effective[np.ix_(N, T)].T
    effective[np.ix_(T, T)] = mean(TT - TN @ soft @ NT) + mean(TN @ soft) @ normal @ mean(soft @ NT)
    return effective


def isotropic_stiffness(youngs_modulus: float, poisson_ratio: float) -> Array:
    """Stiffness (6, 6) of Hooke's law by Lame's constants."""
    mu = youngs_modulus / 2 / (1 + poisson_ratio)
    lame = 2 * mu * poisson_ratio / (1 - 2 * poisson_ratio)
    stiffness = 2 * mu * np.eye(6)
    stiffness[:3, :3] += lame
    return stiffness


RESIN_AND_GLASS = isotropic_stiffness(3, 0.35), isotropic_stiffness(70, 0.2)


def stiffness(mesh: Mesh, phases: tuple[Array, Array] = RESIN_AND_GLASS) -> Array:
    """Homogenised stiffness (6, 6) of a cell with phases of these stiffnesses."""
    return homogenise(assemble_components(discretise(mesh)), *phases)


def relative_difference(result: Array, reference: Array) -> float:
    """Norm of the difference over the norm of the reference."""
    return float(np.linalg.norm(result - reference) / np.linalg.norm(reference))


def quadratic_shapes(xi: Array, eta: Array) -> tuple[Array, Array]:
    """Shape functions (q, 6) of the quadratic triangle and their gradients (q, 6, 2) by xi, eta.

    Corners (0, 0), (1, 0), (0, 1), then the middles of the edges 01, 12, 20.
    """
    xi, eta = np.atleast_1d(xi), np.atleast_1d(eta)
    zero, first = np.zeros_like(xi), 1 - xi - eta
    values = [
        first * (2 * first - 1), xi * (2 * xi - 1), eta * (2 * eta - 1),
        4 * first * xi, 4 * xi * eta, 4 * eta * first,
    ]  # fmt: skip
    by_xi = [1 - 4 * first, 4 * xi - 1, zero, 4 * (first - xi), 4 * eta, -4 * eta]
    by_eta = [1 - 4 * first, zero, 4 * eta - 1, -4 * xi, 4 * xi, 4 * (first - eta)]
    return np.stack(values, -1), np.stack([np.stack(by_xi, -1), np.stack(by_eta, -1)], -1)


def curved_areas(mesh: Mesh) -> Array:
    """Exact areas (m,) of the elements: polygons of the corners and parabolic segments.

    A segment has two thirds of the area of its chord times its rise (Archimedes).
    """
    corners = mesh.nodes[mesh.triangles[:, :3]]
    middles = mesh.nodes[mesh.triangles[:, 3:]]
    chords = np.roll(corners, -1, axis=1) - corners
    rises = middles - (corners + np.roll(corners, -1, axis=1)) / 2
    return _cross(chords[:, 0], chords[:, 1]) / 2 + 2 / 3 * _cross(rises, chords).sum(axis=1)


def _cross(a: Array, b: Array) -> Array:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def drive(law: Material, path: LoadPath) -> tuple[Array, Array, Array]:
    """Strain, stress (n + 1, 6) and state (n + 1, s) of a material point, by Newton's method.

    Its iterates stop at the stresses, so that a wrong tangent cannot make the result wrong.
    """
    strain, state = np.zeros(6), np.zeros((1, law.state_size))
    history = [(strain, np.zeros(6), state[0])]
    steps = zip(~path.strain_controlled, path.targets, path.durations, strict=True)
    for free, target, duration in steps:
        strain = np.where(free, strain, target)
        for _ in range(50):
            response = law.respond(strain[None], state, duration)
            excess = (response.stress[0] - target)[free]
            if np.abs(excess).max(initial=0) <= 1e-14 * np.abs(response.stress).max():
                break
            correction = np.linalg.solve(response.tangent[0][np.ix_(free, free)], excess)
            strain = strain.copy()
            strain[free] -= correction
        else:
            # Rounding can keep the last digit from settling.
            assert np.abs(excess).max() <= 1e-12 * np.abs(response.stress).max()
        state = response.state
        history.append((strain, response.stress[0], state[0]))
    strains, stresses, states = zip(*history, strict=True)
    return np.array(strains), np.array(stresses), np.array(states)
