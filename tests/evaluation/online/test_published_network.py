"""A network that others trained, against the finite elements that it was trained for.

Data: B. Wei, DMN-Online-Prediction-Solver (2026), DNS/2d/demo: an interaction-based network of five
layers in plane strain, and the cyclic response of its cell by finite elements. Only the in-plane
angle of a normal is given; that it is theta of Section 2.2 of the paper, with phi = 1/2, is tested.
"""

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluation.online.prediction import predict
from rve.loads.load_path import LoadPath
from rve.materials.composite import materials
from training.network import MaterialNetwork
from training.tree import prune

Array = NDArray[np.float64]

Z = [
    -0.01735,
    0.43999,
    0.03931,
    0.66140,
    0.20782,
    -0.73486,
    0.13392,
    -0.52927,
    0.22375,
    0.70885,
    0.98170,
    -0.59353,
    0.25786,
    0.78325,
    0.39461,
    -0.59028,
    1.50310,
    -0.71583,
    1.68011,
    -0.71866,
    1.01736,
    -0.62638,
    0.29483,
    0.48936,
    0.14766,
    0.46473,
    0.04195,
    0.14828,
    0.76549,
    -0.58258,
    0.75595,
    -0.57938,
]
THETA = [
    1.00199,
    0.76532,
    0.13283,
    1.33817,
    1.52277,
    0.76049,
    1.00228,
    0.52376,
    0.90934,
    0.16355,
    0.67521,
    0.29467,
    1.08697,
    1.10795,
    -0.09594,
    1.62640,
    1.62658,
    1.15056,
    0.83506,
    0.33347,
    1.20158,
    0.81526,
    1.19705,
    1.01877,
    0.99504,
    1.06447,
    0.94010,
    1.78452,
    1.78352,
    0.99098,
    0.99010,
]
# The cell under eps_11 of 0.5 %, 0.2 % and 1 % one after the other, otherwise free of stress in the
# plane: every fifth of 100 increments. Stress in GPa, strain in thousandths.
SIGMA_11 = [
    0.11833,
    0.13363,
    0.14531,
    0.15668,
    0.16795,
    0.17918,
    0.10080,
    0.02241,
    -0.05597,
    -0.12982,
    -0.16779,
    -0.18124,
    -0.02448,
    0.13161,
    0.19301,
    0.20816,
    0.22184,
    0.23525,
    0.24861,
    0.26193,
]
EPSILON_22 = [
    -0.36041,
    -1.09743,
    -1.86621,
    -2.64303,
    -3.42266,
    -4.20322,
    -4.00957,
    -3.81592,
    -3.62227,
    -3.42499,
    -3.13550,
    -2.73394,
    -3.12124,
    -3.50930,
    -4.19252,
    -5.09391,
    -6.01876,
    -6.95145,
    -7.88702,
    -8.82376,
]

EPSILON_11 = 1e-3 * np.concatenate(
    [np.linspace(a, b, n + 1)[1:] for a, b, n in ((0, 5, 30), (5, 2, 30), (2, 10, 40))]
)


def followed(theta: Array) -> tuple[float, float]:
    """Relative errors of sigma_11 and eps_22, in the mean over the increments."""
    angles = np.stack([theta, np.full_like(theta, 0.5)], axis=-1)
    network = MaterialNetwork("IMN", np.array(Z), angles)
    matrix = {
        "law": "j2",
        "youngs_modulus": 100.0,
        "poisson_ratio": 0.3,
        "yield_stress": 0.1,
        "H": 100 * 5 / (100 - 5),  # a tangent modulus of 5 GPa
    }
    fibre = {"law": "isotropic", "youngs_modulus": 500.0, "poisson_ratio": 0.19}
    targets = np.zeros((100, 6))
    targets[:, 0] = EPSILON_11
    strain_controlled = np.array([True, False, True, True, True, False])
    laws = materials(matrix=matrix, fibre=fibre)
    curve = predict(prune(network), laws, LoadPath(strain_controlled, targets)).curve
    pairs = (curve.stress[5::5, 0], SIGMA_11), (1e3 * curve.strain[5::5, 1], EPSILON_22)
    errors = [np.linalg.norm(ours - theirs) / np.linalg.norm(theirs) for ours, theirs in pairs]
    return float(errors[0]), float(errors[1])


def test_the_network_follows_its_cell_through_the_cycle() -> None:
    """The volume fraction of the network is 30.4 %, that of the cell 30.0 %."""
    stress, strain = followed(np.array(THETA))
    assert stress < 0.03
    assert strain < 0.005


@pytest.mark.parametrize(
    "convention", [lambda theta: theta / 2, lambda theta: theta + 0.25], ids=["pi", "turned"]
)
def test_no_other_convention_of_the_angle_fits_better(convention) -> None:
    printed, other = followed(np.array(THETA)), followed(convention(np.array(THETA)))
    assert other[0] > 1.05 * printed[0]
    assert other[1] > 1.5 * printed[1]
