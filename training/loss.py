"""The training loss, Eq. 9, and the mean relative error of the stiffness, Eq. 33.

The error of a stiffness C_hat against C is | S^1/2 (C_hat - C) S^1/2 | in the Frobenius norm and in
Mandel form, where it does not depend on the frame. The metric S is one of two:

frobenius: S = I / |C|, Eqs. 9 and 33. A stiff direction outweighs the others.

energy: S = C^-1 / sqrt(6). Every direction is weighted by its own stiffness: the error is the
    relative error of the strain energy, over all strains of the same energy. It is the distance of
    positive definite matrices that does not depend on a linear change of variables, to first order
    (Moakher & Norris 2006, J. Elasticity 85, 215-263).
"""

from collections.abc import Sequence
from typing import Literal

from array_api_compat import array_namespace

from training.homogenise import base_weights
from training.network import MaterialNetwork

LossName = Literal["frobenius", "energy"]


def metric(reference, name: LossName):
    """Metric S (s, 6, 6) of the errors of stiffnesses (s, 6, 6), 1/GPa."""
    xp = array_namespace(reference)
    if name == "energy":
        return xp.linalg.inv(reference) / 6**0.5
    norms = xp.sqrt((reference**2).sum(axis=(-2, -1)))
    return xp.eye(6, dtype=reference.dtype) / norms[:, None, None]


def squared_errors(predicted, reference, name: LossName = "frobenius"):
    """Squared relative error (s,) of homogenised stiffnesses (s, 6, 6)."""
    S, difference = metric(reference, name), predicted - reference
    return (S @ difference @ S * difference).sum(axis=(-2, -1))


def loss(
    network: MaterialNetwork,
    predicted,
    reference,
    eta: float,
    xi: float,
    name: LossName = "frobenius",
    of_phases: Sequence[float] = (),
):
    """Loss of Eq. 9 with its regularisation of the base nodes' weights.

    Beyond the paper it can hold the volume fraction of each phase.

    Args:
        network: its parameters.
        predicted: stiffnesses (s, 6, 6) of the network.
        reference: stiffnesses (s, 6, 6) of the cell.
        eta: strength of the regularisation.
        xi: sum of the weights that it prescribes.
        name: of the metric.
        of_phases: sum of the weights of each phase that it prescribes; none: only that of all.
    """
    weights = base_weights(network)
    excesses = [weights.sum() - xi]
    for phase, prescribed in enumerate(of_phases):
        excesses.append(weights[network.phases == phase].sum() - prescribed)
    fit = squared_errors(predicted, reference, name).mean() / 2
    return fit + eta * sum(excess**2 for excess in excesses)


def mean_relative_error(predicted, reference) -> float:
    """Mean relative error e_C of Eq. 33."""
    xp = array_namespace(predicted)
    return float(xp.sqrt(squared_errors(predicted, reference)).mean())
