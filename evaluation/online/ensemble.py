"""Several networks as one: their mean, and their spread.

The errors of networks that differ in their seed alone have two parts. One differs between the
networks: the mean reduces it, and the spread shows it. The other is common to all networks, and the
spread does not show it; `spread_factor` corrects the spread for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.online.network_law import NetworkLaw
from evaluation.online.prediction import predict_many
from rve import arguments
from rve.arrays import Array
from rve.dataset.moments import Moments
from rve.loads.curve import Curve
from rve.loads.load_path import LoadPath
from rve.materials.composite import Materials
from rve.materials.material import Response, points_of
from training.first_moments import relative_errors
from training.network import MaterialNetwork
from training.tree import Tree

_COVERED = 0.95  # of a normal distribution lies within two deviations


@dataclass(frozen=True)
class EnsemblePrediction:
    """Response of an ensemble along a load path.

    Attributes:
        mean: of the networks' strains and stresses; the iterations are those of all together, the
            steps the most that a network needed.
        deviation: standard deviation (n + 1, 6) of the networks' stresses, GPa, Mandel.
        curves: those of the networks.

    Example:
        Two laminates of 40 % and 60 % of fibre, along the layers: 1.8 and 2.2 GPa, whose deviation
        is their difference over sqrt(2):

        >>> import numpy as np
        >>> from evaluation.online import predict_ensemble
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic
        >>> from training import MaterialNetwork, prune
        >>> e1 = np.array([[0.0, 0.5]])  # the angles of this normal
        >>> trees = [prune(MaterialNetwork("IMN", np.array([1 - f, f]), e1)) for f in (0.4, 0.6)]
        >>> laws = Elastic(np.eye(6)), Elastic(3 * np.eye(6))
        >>> (found,) = predict_ensemble(trees, laws, [monotonic("22", 0.01, 1, "strain")])
        >>> [round(float(curve.stress[-1, 1] / 0.01), 9) for curve in found.curves]
        [1.8, 2.2]
        >>> round(float(found.deviation[-1, 1] / 0.01), 9)
        0.282842712
    """

    mean: Curve
    deviation: Array
    curves: tuple[Curve, ...]


def predict_ensemble(
    trees: Sequence[MaterialNetwork | Tree],
    materials: Materials,
    paths: Sequence[LoadPath],
    tolerance: float = 1e-8,
    max_iterations: int = 50,
) -> list[EnsemblePrediction]:
    """Follow load paths with several networks, each on its own.

    Args:
        trees: two or more networks, or their active parts.
        materials: laws of the phases, as for `evaluation.online.predict`.
        paths: the macroscopic loads.
        tolerance: as in `evaluation.online.predict`.
        max_iterations: likewise.

    Raises:
        InputError: there are fewer than two networks.
        ConvergenceError: an increment of a network did not converge, even halved eight times.

    Example:
        Where all strains are prescribed, the mean is the answer of `EnsembleLaw`:

        >>> import numpy as np
        >>> from evaluation.online import EnsembleLaw, predict_ensemble
        >>> from rve.loads import monotonic
        >>> from rve.materials import Elastic
        >>> from training import MaterialNetwork, prune
        >>> e1 = np.array([[0.0, 0.5]])  # the angles of this normal
        >>> trees = [prune(MaterialNetwork("IMN", np.array([1 - f, f]), e1)) for f in (0.4, 0.6)]
        >>> laws = Elastic(np.eye(6)), Elastic(3 * np.eye(6))
        >>> (found,) = predict_ensemble(trees, laws, [monotonic("11", 0.01, 1, "strain")])
        >>> law = EnsembleLaw(trees, laws)
        >>> answer = law.respond(found.mean.strain[-1:], np.zeros((1, law.state_size)))
        >>> np.allclose(found.mean.stress[-1], answer.stress[0])
        True
    """
    arguments.listed("trees", trees, "networks", at_least=2)
    members = [predict_many(tree, materials, paths, tolerance, max_iterations) for tree in trees]
    return [combine(curves) for curves in zip(*members, strict=True)]


def combine(curves: Sequence[Curve]) -> EnsemblePrediction:
    """The prediction of an ensemble from those of its networks, two or more."""
    stresses = np.array([curve.stress for curve in curves])
    mean = Curve(
        np.mean([curve.strain for curve in curves], axis=0),
        stresses.mean(axis=0),
        curves[0].time,
        np.sum([curve.iterations for curve in curves], axis=0),
        np.max([curve.steps for curve in curves], axis=0),
    )
    return EnsemblePrediction(mean, stresses.std(axis=0, ddof=1), tuple(curves))


class EnsembleLaw:
    """Networks as one material: all have the same strain, and their stresses are averaged.

    The state of a point is the states of the networks, one after the other. If all strains are
    prescribed, the law gives the mean of `predict_ensemble`. If stresses are prescribed, each
    network has these stresses in `predict_ensemble`; here the mean of the networks has them.

    Attributes:
        state_size: number of internal variables of a point.
        stiffness: homogenised elastic stiffness (6, 6), GPa, of a step that takes no time.
        symmetric: as of `evaluation.online.NetworkLaw`.
        rate_dependent: whether a base material is.

    Example:
        Laminates of 40 % and 60 % of fibre; along the layers their mean is that of the phases:

        >>> import numpy as np
        >>> from evaluation.online import EnsembleLaw
        >>> from rve.materials import Elastic
        >>> from training import MaterialNetwork, prune
        >>> e1 = np.array([[0.0, 0.5]])  # the angles of this normal
        >>> trees = [prune(MaterialNetwork("IMN", np.array([1 - f, f]), e1)) for f in (0.4, 0.6)]
        >>> laws = Elastic(np.eye(6)), Elastic(3 * np.eye(6))
        >>> round(float(EnsembleLaw(trees, laws).stiffness[1, 1]), 9)
        2.0
    """

    def __init__(
        self,
        trees: Sequence[MaterialNetwork | Tree],
        materials: Materials,
        tolerance: float = 1e-8,
        max_iterations: int = 50,
    ) -> None:
        """Prepare the law; the arguments are those of `evaluation.online.NetworkLaw`.

        Raises:
            InputError: there are fewer than two networks.
        """
        arguments.listed("trees", trees, "networks", at_least=2)
        self.members = [NetworkLaw(tree, materials, tolerance, max_iterations) for tree in trees]
        self.rate_dependent = any(law.rate_dependent for law in self.members)
        self.state_size = sum(law.state_size for law in self.members)
        self.symmetric = self.members[0].symmetric
        self.stiffness = np.mean([law.stiffness for law in self.members], axis=0)

    def respond(self, strain: Array, state: Array, duration: float = 1.0) -> Response:
        """Response of the law at n points; see `rve.materials.material.Material`.

        Raises:
            InputError: strain or state do not have the shapes (n, 6) and (n, state_size).
            ConvergenceError: a point found no equilibrium.
        """
        strain, state = points_of(self, strain, state)
        ends = np.cumsum([law.state_size for law in self.members])[:-1]
        states = np.split(state, ends, axis=1)
        answers = [
            law.respond(strain, own, duration)
            for law, own in zip(self.members, states, strict=True)
        ]
        stress, new_state, tangent = zip(*answers, strict=True)
        return Response(
            np.mean(stress, axis=0), np.concatenate(new_state, axis=1), np.mean(tangent, axis=0)
        )


def spread_factor(networks: Sequence[MaterialNetwork], held_out: Moments) -> float:
    """Factor on the deviation of an ensemble with which two deviations hold 95 % of its errors.

    The spread does not show an error that all networks have in common. Linear samples on which
    none was trained show it: for 95 % of their first moments the error of the ensemble's mean is
    less than two deviations times this factor.

    Args:
        networks: two or more.
        held_out: moments that no network was trained with.

    Raises:
        InputError: there are fewer than two networks, or an argument is not as said.

    Example:
        Where one of two networks is right, their mean is wrong by half their distance d, their
        deviation is d / sqrt(2), and the factor follows as 1 / sqrt(8):

        >>> import numpy as np
        >>> from evaluation.online import spread_factor
        >>> from rve.dataset import Dataset
        >>> from rve.dataset.moments import Moments, uniaxial_strains
        >>> from training import initialise
        >>> from training.first_moments import first_moments
        >>> from training.homogenise import homogenise
        >>> right, wrong = (initialise("IMN", 2, np.random.default_rng(seed)) for seed in (0, 1))
        >>> p1, p2 = np.eye(6)[None], 3 * np.eye(6)[None]
        >>> cell = homogenise(right, p1, p2)
        >>> values = first_moments(right, (p1, p2), uniaxial_strains(cell), [0])
        >>> samples = Dataset(np.stack([p1, p2], axis=1), cell)
        >>> held_out = Moments(samples, (0,), values, shares=np.ones((1, 1, 6)))
        >>> round(spread_factor([right, wrong], held_out), 9)
        0.353553391
    """
    arguments.listed("networks", networks, "networks", at_least=2)
    for network in networks:
        arguments.instance("networks", network, MaterialNetwork, ", as load(path) gives it")
    arguments.instance("held_out", held_out, Moments, ", as load_moments(path) gives it")
    return factor_of([moment_errors(network, held_out) for network in networks])


def moment_errors(network: MaterialNetwork, held_out: Moments) -> Array:
    """Relative errors (n, STEPS) of the moments whose share is not zero."""
    errors: Array = relative_errors(network, held_out)[held_out.shares > 0]
    return errors


def factor_of(errors: Sequence[Array]) -> float:
    """As `spread_factor`, from the `moment_errors` of each network."""
    distances = np.abs(np.mean(errors, axis=0)) / np.std(errors, axis=0, ddof=1)
    return float(np.quantile(distances, _COVERED)) / 2
