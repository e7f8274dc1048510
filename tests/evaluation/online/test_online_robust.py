"""Random trees under random loads: every one finds its equilibrium, or fails with its message."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from meshes import orthotropic

from evaluation.online.prediction import SchemeName, predict
from rve.errors import ConvergenceError
from rve.loads.load_path import LoadPath, monotonic
from rve.mandel import COMPONENTS
from rve.materials.drucker_prager import DruckerPrager
from rve.materials.elastic import Elastic
from rve.materials.j2 import J2Plasticity
from rve.materials.law import Law
from rve.materials.stiffness import isotropic
from training.network import MaterialNetwork, initialise
from training.tree import Tree, prune

TREES = 1000
MESSAGE = "failed after 8 bisections: no equilibrium of the network; "


def random_tree(rng: np.random.Generator) -> Tree:
    """Of depth 1 to 10, most base nodes dead in deep ones, weights down to 1e-12 of the largest."""
    kind, layers = ("DMN", "IMN")[rng.integers(2)], int(rng.integers(1, 11))
    network = initialise(kind, layers, rng)
    z = network.z * 10.0 ** rng.uniform(-12 * rng.random(), 0, len(network.z))
    alive = rng.random(len(z)) < min(1, rng.uniform(2, 60) / len(z))
    alive[rng.integers(len(z))] = True
    return prune(MaterialNetwork(kind, np.where(alive, z, -z), network.angles))


def random_laws(rng: np.random.Generator) -> tuple[Law, Law]:
    """A plastic matrix, and a fibre up to 1e4 times stiffer or softer, elastic or plastic."""
    modulus, strength = 10.0 ** rng.uniform(-4, -2), 10.0 ** rng.uniform(-3, -1.5)
    contrast = 10.0 ** rng.uniform(-4, 4)
    hardening = modulus * 10.0 ** rng.uniform(-4, -1) * (rng.random() < 0.8)
    matrix: Law = J2Plasticity(
        modulus, rng.uniform(0, 0.45), strength * modulus, hardening, strength * modulus, 100
    )
    if rng.random() < 0.3:
        angle = rng.uniform(5, 40)
        # At 40 degrees the compressive strength is 4.3 times the cohesion.
        cohesion = strength * modulus / 2
        matrix = DruckerPrager(modulus, rng.uniform(0, 0.4), cohesion, angle, hardening)
    fibre: Law = Elastic(isotropic(contrast * modulus, rng.uniform(0, 0.45)))
    if rng.random() < 0.3:
        limit = strength * contrast * modulus
        fibre = J2Plasticity(contrast * modulus, 0.3, limit, 1e-2 * contrast * modulus)
    return matrix, fibre


def random_path(rng: np.random.Generator) -> LoadPath:
    """Up to 10 % strain and perhaps back, some components of the stress held at zero."""
    controlled = rng.random(6) < rng.uniform(0.2, 1)
    controlled[rng.integers(6)] = True
    end = rng.normal(size=6) * controlled
    end *= rng.uniform(0.001, 0.1) / np.linalg.norm(end)
    increments = int(rng.integers(3, 12))
    factors = np.linspace(0, 1, increments + 1)[1:]
    if rng.random() < 0.4:
        factors = np.concatenate([factors, factors[::-1] - rng.uniform(0, 2)])
    return LoadPath(controlled, factors[:, None] * end)


def outcomes(trees: int, seed: int) -> Counter[str]:
    """How many converged, and how many failed with the message."""
    rng, counts = np.random.default_rng(seed), Counter[str]()
    for _ in range(trees):
        tree, laws, path = random_tree(rng), random_laws(rng), random_path(rng)
        try:
            prediction = predict(tree, laws, path)
        except ConvergenceError as error:
            assert MESSAGE in str(error)
            counts["failed"] += 1
            continue
        assert np.isfinite(prediction.curve.stress).all()
        assert np.isfinite(prediction.tangent).all()
        assert prediction.traction_defect <= 1e-6
        free = ~path.strain_controlled[0]
        assert np.allclose(
            prediction.curve.strain[1:, ~free], path.targets[:, ~free], rtol=1e-9, atol=1e-12
        )
        # Out of balance by the last change of strain at most, times a stiffness.
        largest = max(np.abs(law.stiffness).max() for law in laws)
        assert np.abs(prediction.curve.stress[1:, free]).max(initial=0) < 1e-8 * largest
        counts["converged"] += 1
    return counts


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:strains are not small")
def test_every_tree_converges_or_says_why_not() -> None:
    counts = outcomes(TREES, seed=0)
    print(dict(counts))
    assert counts.total() == TREES
    assert counts["failed"] <= 2


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["residual_stress", "newton", "tree_newton"])
@pytest.mark.parametrize("load", ["11", "22"])
def test_a_network_near_its_limit_load_stays_in_equilibrium(load: str, scheme: SchemeName) -> None:
    """A trained network whose matrix, hardly hardening any more, can almost flow alone.

    A step of Newton's method then may lead to strains of 1e16, beside which all further ones are
    small: such a rest is no equilibrium.
    """
    path = Path(__file__).parent / "data" / "collapsing_network.npz"
    with np.load(path, allow_pickle=False) as file:
        tree = prune(MaterialNetwork("IMN", file["z"], file["angles"]))
    matrix = J2Plasticity(3.8, 0.387, 0.03, H=0, Q=0.05, b=100)
    fibre = orthotropic(19.8, 19.8, 245, 5.9, 29.2, 29.2, 0.67, 0.02, 0.02)
    prediction = predict(
        tree, (matrix, Elastic(fibre)), monotonic(load, 0.04, 40, "stress"), scheme
    )
    stress = prediction.curve.stress[:, COMPONENTS.index(load)]
    assert prediction.traction_defect < 1e-9
    assert np.diff(stress).min() > -1e-3 * stress[-1]
    assert stress[-1] == pytest.approx(0.115, abs=0.001)
