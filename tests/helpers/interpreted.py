"""The online schemes and J2 plasticity in plain numpy, to test the compiled ones against.

Whole levels of the tree at once, the formulas as in the paper; some hundred times slower. The laws
keep their states in the frames of the base nodes, which the compiled ones do not.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluation.online.interaction import interaction_matrix
from rve.errors import ConvergenceError
from rve.homogenisation.curve import Curve
from rve.homogenisation.load_path import LoadPath, follow
from rve.mandel import DEVIATORIC_PROJECTION, IDENTITY
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.material import Response
from training.laminate import interface
from training.tree import Tree

Array = NDArray[np.float64]


def respond(law: Any, strain: Array, state: Array) -> Response:
    """Response of a law at n points; see `rve.materials.material.Material`."""
    if isinstance(law, Elastic):
        tangent = np.broadcast_to(law.stiffness, (len(strain), 6, 6))
        return Response(strain @ law.stiffness, state, tangent)
    assert isinstance(law, J2Plasticity)
    return _j2(law, strain, state)


def flow_stress(law: J2Plasticity, p: Array) -> Array:
    return law.yield_stress + law.H * p + law.Q * -np.expm1(-law.b * p)


def hardening_modulus(law: J2Plasticity, p: Array) -> Array:
    return law.H + law.Q * law.b * np.exp(-law.b * p)


def _j2(law: J2Plasticity, strain: Array, state: Array) -> Response:
    bulk = law.youngs_modulus / (3 * (1 - 2 * law.poisson_ratio))
    shear = law.youngs_modulus / (2 * (1 + law.poisson_ratio))
    plastic_strain, p = state[:, :6], state[:, 6]
    deviator = 2 * shear * (strain @ DEVIATORIC_PROJECTION - plastic_strain)
    norm = np.linalg.norm(deviator, axis=1)
    equivalent = np.sqrt(1.5) * norm
    yielding = equivalent * (1 - 1e-12) > flow_stress(law, p)

    growth = np.zeros_like(p)
    growth[yielding] = _return_map(law, equivalent[yielding], p[yielding], shear)
    direction = deviator / np.where(norm > 0, norm, 1)[:, None]
    kept = np.ones_like(p)
    kept[yielding] -= 3 * shear * growth[yielding] / equivalent[yielding]

    stress = kept[:, None] * deviator + bulk * (strain @ IDENTITY)[:, None] * IDENTITY
    new = np.column_stack([plastic_strain + np.sqrt(1.5) * growth[:, None] * direction, p + growth])
    softening = kept - 1 + yielding / (1 + hardening_modulus(law, p + growth) / (3 * shear))
    tangent = (
        bulk * np.outer(IDENTITY, IDENTITY)
        + 2 * shear * kept[:, None, None] * DEVIATORIC_PROJECTION
        - 2 * shear * softening[:, None, None] * direction[:, :, None] * direction[:, None, :]
    )
    return Response(stress, new, tangent)


def _return_map(law: J2Plasticity, equivalent: Array, p: Array, shear: float) -> Array:
    growth = np.zeros_like(p)
    for _ in range(50):
        excess = equivalent - 3 * shear * growth - flow_stress(law, p + growth)
        if (np.abs(excess) <= 1e-13 * equivalent).all():
            return growth
        growth += excess / (3 * shear + hardening_modulus(law, p + growth))
    raise ConvergenceError("the return mapping of J2 plasticity did not converge")


class BaseNodes:
    """Material laws at the base nodes, each in the frame of its node."""

    def __init__(self, tree: Tree, materials: Sequence[Any]) -> None:
        self.tree, self.materials = tree, materials
        self.members = [np.flatnonzero(tree.phases == i) for i in range(len(materials))]

    def virgin(self) -> tuple[Array, ...]:
        return tuple(
            np.zeros((len(members), material.state_size))
            for members, material in zip(self.members, self.materials, strict=True)
        )

    def respond(
        self, strain: Array, states: tuple[Array, ...]
    ) -> tuple[Array, Array, tuple[Array, ...]]:
        """Stress (n, 6), tangent (n, 6, 6) and new states for the strains (n, 6)."""
        stress, tangent = np.empty_like(strain), np.empty((len(strain), 6, 6))
        new_states = []
        for members, material, state in zip(self.members, self.materials, states, strict=True):
            turn = np.broadcast_to(np.eye(6), (len(members), 6, 6))
            if self.tree.rotations is not None:
                turn = self.tree.rotations[members]
            local = (turn.mT @ strain[members][..., None])[..., 0]
            response = respond(material, local, state)
            stress[members] = (turn @ response.stress[..., None])[..., 0]
            tangent[members] = turn @ response.tangent @ turn.mT
            new_states.append(response.state)
        return stress, tangent, tuple(new_states)


class Now(NamedTuple):
    """Base nodes in an iteration: strains (n, 6), stresses (n, 6), tangents (n, 6, 6); the top."""

    macro: Array
    strain: Array
    stress: Array
    tangent: Array


class Linearised(NamedTuple):
    """Homogenised tangent (6, 6), stress (6,) now, and macroscopic strain -> local (n, 6)."""

    tangent: Array
    stress: Array
    localise: Callable[[Array], Array]


def newton(tree: Tree, now: Now, _last: Now) -> Linearised:
    """Algorithm 3, Eqs. 24-31."""
    nodes, A = len(now.strain), interaction_matrix(tree)
    weights = tree.weights / tree.weights.sum()
    WK = weights[:, None, None] * now.tangent
    Wstress = weights[:, None] * now.stress
    R = A.T @ Wstress.ravel()
    WKA = (WK @ A.reshape(nodes, 6, -1)).reshape(A.shape)
    J = A.T @ WKA
    coupling = WKA.reshape(nodes, 6, -1).sum(axis=0).T
    solved = np.linalg.solve(J, np.column_stack([R, coupling]))

    def localise(macro: Array) -> Array:
        change = macro - now.macro
        jump = solved[:, 0] + solved[:, 1:] @ change
        return now.strain + change - (A @ jump).reshape(nodes, 6)

    return Linearised(
        WK.sum(axis=0) - coupling.T @ solved[:, 1:],
        Wstress.sum(axis=0) - coupling.T @ solved[:, 0],
        localise,
    )


def _affine(tree: Tree, tangent: Array, offset: Array) -> tuple[Array, Array, Callable]:
    """Top of a tree of materials sigma = C eps + offset; and its strain -> local ones (n, 6).

    A block has the jump b = f1 f2 M^-1 (G eps + H^T (offset_2 - offset_1)), and Eq. 11 reads
    offset = f1 offset_1 + f2 offset_2 - f1 f2 G^T M^-1 H^T (offset_2 - offset_1).
    """
    base = len(tangent)
    stiffness, residual = np.empty((tree.nodes, 6, 6)), np.empty((tree.nodes, 6))
    stiffness[:base], residual[:base] = tangent, offset
    jumps = []
    for level in tree.levels:
        first, second = level.children.T
        f1 = level.f1[:, None]
        G, M = interface(stiffness[first, None], stiffness[second, None], level.f1, level.H)
        G, M = G[:, 0], M[:, 0]
        traction = level.H.mT @ (residual[second] - residual[first])[..., None]
        jump = (f1 * (1 - f1))[..., None] * np.linalg.solve(
            M, np.concatenate([G, traction], axis=2)
        )
        correction = G.mT @ jump
        mean = f1[..., None] * stiffness[first] + (1 - f1)[..., None] * stiffness[second]
        stiffness[level.nodes] = mean - correction[..., :6]
        residual[level.nodes] = (
            f1 * residual[first] + (1 - f1) * residual[second] - correction[..., 6]
        )
        jumps.append(level.H @ jump)

    def localise(strain: Array) -> Array:
        strains = np.empty((tree.nodes, 6))
        strains[-1] = strain
        for level, jump in zip(reversed(tree.levels), reversed(jumps), strict=True):
            first, second = level.children.T
            parent, f1 = strains[level.nodes], level.f1[:, None]
            Hb = (jump[..., :6] @ parent[..., None])[..., 0] + jump[..., 6]
            strains[first] = parent + Hb / f1
            strains[second] = parent - Hb / (1 - f1)
        return strains[:base]

    return stiffness[-1], residual[-1], localise


def _times(tangent: Array, strain: Array) -> Array:
    return (tangent @ strain[..., None])[..., 0]


def residual_stress(tree: Tree, now: Now, last: Now) -> Linearised:
    """Algorithm 1, Eqs. 10-12, with increments since the last equilibrium."""
    offset = now.stress - _times(now.tangent, now.strain - last.strain)
    C, top, localise = _affine(tree, now.tangent, offset)
    return Linearised(
        C,
        C @ (now.macro - last.macro) + top,
        lambda macro: last.strain + localise(macro - last.macro),
    )


def fixed_point(tree: Tree, now: Now, last: Now) -> Linearised:
    """Algorithm 2: no stress takes part in the jumps; the mean stress meets the load."""
    C, _, localise = _affine(tree, now.tangent, np.zeros_like(now.stress))
    weights = tree.weights / tree.weights.sum()
    return Linearised(
        C, weights @ now.stress, lambda macro: last.strain + localise(macro - last.macro)
    )


SCHEMES = {"residual_stress": residual_stress, "fixed_point": fixed_point, "newton": newton}


class Predicted(NamedTuple):
    """The curve, and strains (n, 6) and states of the base nodes at its end."""

    curve: Curve
    strain: Array
    states: tuple[Array, ...]


def predict(
    tree: Tree,
    materials: Sequence[Any],
    path: LoadPath,
    scheme: str,
    tolerance: float = 1e-8,
    max_iterations: int = 50,
) -> Predicted:
    """As `evaluation.online.predict`."""
    base, spent = BaseNodes(tree, materials), 0
    weights = tree.weights / tree.weights.sum()

    def solve(target: Array, last: tuple, _step: float, _duration: float) -> tuple:
        nonlocal spent
        start, states, _ = last
        now = start._replace(tangent=base.respond(start.strain, states)[1])
        for _ in range(max_iterations):
            spent += 1
            linearised = SCHEMES[scheme](tree, now, start)
            macro = now.macro + path.strain_step(
                target, linearised.tangent, linearised.stress, now.macro
            )
            strain = linearised.localise(macro)
            grown = np.linalg.norm(strain - start.strain)
            change = np.linalg.norm(strain - now.strain)
            change = change / grown if change > 1e-12 * np.linalg.norm(strain) else 0.0
            if not np.isfinite(change):
                break
            stress, tangent, new_states = base.respond(strain, states)
            now = Now(macro, strain, stress, tangent)
            if change <= tolerance:
                return now, new_states, weights @ stress
        raise ConvergenceError("no equilibrium of the network")

    zero, local = np.zeros(6), np.zeros((len(weights), 6))
    virgin = Now(zero, local, local, np.empty((len(weights), 6, 6))), base.virgin(), zero
    increments, iterations = [virgin], [0]
    for increment in follow(path, virgin, solve):
        increments.append(increment)
        iterations.append(spent)
        spent = 0
    curve = Curve(
        np.array([now.macro for now, _, _ in increments]),
        np.array([stress for _, _, stress in increments]),
        np.array(iterations),
    )
    return Predicted(curve, increments[-1][0].strain, increments[-1][1])
