"""Online prediction: the response of a network to a load path, with any scheme.

All schemes stop by the same rule, that of Algorithm 1: the change of the base nodes' strains, over
their increment, falls below the tolerance.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.base_nodes import BaseNodes
from evaluation.newton import Newton, interaction_matrix
from evaluation.residual_stress import ResidualStress
from evaluation.scheme import Linearised, Scheme
from rve.curve import Curve
from rve.errors import ConvergenceError
from rve.loading import LoadPath, follow
from rve.material import Material
from training.tree import Tree

Array = NDArray[np.float64]

SchemeName = Literal["residual_stress", "newton"]
SCHEMES: dict[SchemeName, Callable[[Tree], Scheme]] = {
    "residual_stress": ResidualStress,
    "newton": Newton,
}


@dataclass(frozen=True)
class Prediction:
    """Response of a network along a load path.

    Attributes:
        curve: macroscopic strain, stress and the iterations of each increment.
        strain: strains (n, 6) of the base nodes at the end.
        states: their internal states at the end, for each base material.
        traction_defect: largest norm over the path of the traction residual R, Eq. 28, over that
            of the tractions themselves.
        seconds: wall time.
    """

    curve: Curve
    strain: Array
    states: tuple[Array, ...]
    traction_defect: float
    seconds: float


@dataclass(frozen=True)
class _Increment:
    macro_strain: Array
    macro_stress: Array
    strain: Array
    stress: Array
    states: tuple[Array, ...]


def predict(
    tree: Tree,
    materials: Sequence[Material],
    path: LoadPath,
    scheme: SchemeName,
    tolerance: float = 1e-8,
    max_iterations: int = 50,
) -> Prediction:
    """Follow a load path with a network.

    Args:
        tree: the active part of the network.
        materials: laws of the base materials p1 and p2.
        path: the macroscopic load.
        scheme: the online scheme.
        tolerance: relative change of the base nodes' strains at which an increment is done.
        max_iterations: of an increment, before it is halved.

    Raises:
        ConvergenceError: an increment did not converge, even halved eight times.
    """
    start = time.perf_counter()
    base = BaseNodes(tree, materials)
    prepared = SCHEMES[scheme](tree)
    zero, local = np.zeros(6), np.zeros((len(tree.weights), 6))
    virgin = _Increment(zero, zero, local, local, base.virgin())

    spent = 0

    def linearise(*state: Array) -> Linearised:
        nonlocal spent
        spent += 1
        return prepared.linearise(*state)

    def solve(target: Array, last: _Increment, _step: float) -> _Increment:
        return _equilibrium(base, linearise, path, target, last, tolerance, max_iterations)

    increments, iterations = [virgin], [0]
    for increment in follow(path, virgin, solve):
        increments.append(increment)
        iterations.append(spent)
        spent = 0
    seconds = time.perf_counter() - start
    curve = Curve(
        np.array([i.macro_strain for i in increments]),
        np.array([i.macro_stress for i in increments]),
        np.array(iterations),
    )
    last = increments[-1]
    return Prediction(curve, last.strain, last.states, _traction_defect(tree, increments), seconds)


def _equilibrium(
    base: BaseNodes,
    linearise: Callable[..., Linearised],
    path: LoadPath,
    target: Array,
    last: _Increment,
    tolerance: float,
    max_iterations: int,
) -> _Increment:
    macro_strain, strain = last.macro_strain, last.strain
    stress, tangent, states = base.respond(strain, last.states)
    weights = base.tree.weights / base.tree.weights.sum()
    change = np.inf
    for _ in range(max_iterations):
        linearised = linearise(macro_strain, strain, stress, tangent)
        macro_strain = macro_strain + path.strain_step(
            target, linearised.tangent, linearised.stress, macro_strain
        )
        previous, strain = strain, linearised.localise(macro_strain)
        increment = float(np.linalg.norm(strain - last.strain))
        change = float(np.linalg.norm(strain - previous)) / increment if increment else 0.0
        if not np.isfinite(change):
            break
        stress, tangent, states = base.respond(strain, last.states)
        if change <= tolerance:
            return _Increment(macro_strain, weights @ stress, strain, stress, states)
    raise ConvergenceError(
        f"no equilibrium of the network; relative change of strain {change:.1e} "
        f"against {tolerance:g}"
    )


def _traction_defect(tree: Tree, increments: Sequence[_Increment]) -> float:
    A = interaction_matrix(tree)
    worst = 0.0
    for increment in increments:
        weighted = (tree.weights[:, None] * increment.stress).ravel()
        scale = np.linalg.norm(np.abs(A.T) @ np.abs(weighted))
        if scale:
            worst = max(worst, float(np.linalg.norm(A.T @ weighted) / scale))
    return worst
