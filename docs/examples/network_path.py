"""A network of your own under a load of your own: stresses, local states and tangent.

python docs/examples/network_path.py results/demo/network.npz
"""

import sys
from pathlib import Path

import numpy as np

from evaluation.online import Prediction, predict
from rve.loads import piecewise_linear
from rve.mandel import engineering_stress
from rve.materials import materials
from training import load, prune

EPOXY = {
    "law": "j2",
    "youngs_modulus": 3.2,
    "poisson_ratio": 0.35,
    "yield_stress": 0.03,
    "H": 0.1,
    "Q": 0.04,
    "b": 80,
}
GLASS = {"law": "isotropic", "youngs_modulus": 72, "poisson_ratio": 0.22}


def main(network: Path) -> Prediction:
    """Shear 12 there and back under a lateral pressure of 20 MPa."""
    tree = prune(load(network))
    points = [{"eps_12": 0.02, "sig_22": -0.02}, {"eps_12": -0.02, "sig_22": -0.02}]
    path = piecewise_linear(points, increments=20)
    prediction = predict(tree, materials(EPOXY, GLASS), path)
    stress = engineering_stress(prediction.curve.stress[-1])

    print("stress 11, 22, 33, 23, 31, 12 [GPa]:", np.round(stress, 4))
    print("largest plastic strain of a base node:", prediction.states[0][:, 6].max().round(4))
    print("stiffness against shear 12 now [GPa]:", (prediction.tangent[5, 5] / 2).round(3))
    print(f"{prediction.curve.iterations.sum()} iterations in {1e3 * prediction.seconds:.2f} ms")
    return prediction


if __name__ == "__main__":
    main(Path(sys.argv[1]))
