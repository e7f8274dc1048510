"""The training loss, Eq. 9, and the mean relative error of the stiffness, Eq. 33.

The Frobenius norm of a stiffness is taken in Mandel form, where it does not depend on the frame.
"""

from array_api_compat import array_namespace

from training.homogenise import base_weights
from training.network import MaterialNetwork


def squared_errors(predicted, reference):
    """Squared relative error (s,) of homogenised stiffnesses (s, 6, 6) in the Frobenius norm."""
    difference = predicted - reference
    return (difference**2).sum(axis=(-2, -1)) / (reference**2).sum(axis=(-2, -1))


def loss(network: MaterialNetwork, predicted, reference, eta: float, xi: float):
    """Loss of Eq. 9 with its regularisation of the base nodes' weights.

    Args:
        network: its parameters.
        predicted: stiffnesses (s, 6, 6) of the network.
        reference: stiffnesses (s, 6, 6) of the cell.
        eta: strength of the regularisation.
        xi: sum of the weights that it asks for.
    """
    fit = squared_errors(predicted, reference).mean() / 2
    return fit + eta * (base_weights(network).sum() - xi) ** 2


def mean_relative_error(predicted, reference) -> float:
    """Mean relative error e_C of Eq. 33."""
    xp = array_namespace(predicted)
    return float(xp.sqrt(squared_errors(predicted, reference)).mean())
