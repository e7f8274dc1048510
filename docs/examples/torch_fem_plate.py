"""A network as the material of torch-fem: the plate of plate_with_hole.py.

    pip install torch-fem
    python docs/examples/torch_fem_plate.py results/demo/network.npz

Copy `NetworkMaterial` to use any material of `rve.materials.material` in a study of your own.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from plate_with_hole import EDGE, FIBRE, MATRIX, quarter_plate, six_nodes
from torch import Tensor
from torchfem import Planar
from torchfem.materials import MechanicsMaterial

from evaluation.online import NetworkLaw
from rve.mandel import BASIS, from_tensor, to_tensor
from rve.materials import Material
from training import load, prune

Array = NDArray[np.float64]

torch.set_default_dtype(torch.float64)


class NetworkMaterial(MechanicsMaterial):
    """A law under small strains, in three dimensions or in plane strain.

    The state of a point is its strain (6,), Mandel, then the internal variables of the law.

    Attributes:
        law: a network, or any other material.
        dim: 3, or 2 for plane strain.
        duration: of each step, s.
    """

    def __init__(self, law: Material, dim: int = 3, duration: float = 1.0) -> None:
        """Prepare the material."""
        super().__init__()
        self.law, self.dim, self.duration = law, dim, duration
        self.n_state = 6 + law.state_size

    def step(
        self,
        H_inc: Tensor,
        F: Tensor,
        stress: Tensor,
        state: Tensor,
        de0: Tensor,
        cl: Tensor,
        iter: int,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Stress, state and tangent at the end of a step, of a point in each element."""
        shape, d = stress.shape[:-2], self.dim
        growth = np.zeros((*shape, 3, 3))
        growth[..., :d, :d] = (H_inc + H_inc.mT).detach().numpy() / 2 - de0.numpy()
        old = state.numpy().reshape(-1, self.n_state)
        strain = old[:, :6] + from_tensor(growth).reshape(-1, 6)
        answer = self.law.respond(strain, old[:, 6:], self.duration)
        tangent = np.einsum("Iij,nIJ,Jkl->nijkl", BASIS, answer.tangent, BASIS)
        return (
            torch.from_numpy(to_tensor(answer.stress)[:, :d, :d]).reshape(*shape, d, d),
            torch.from_numpy(np.hstack([strain, answer.state])).reshape(*shape, self.n_state),
            torch.from_numpy(tangent[:, :d, :d, :d, :d]).reshape(*shape, d, d, d, d),
        )


def pull(law: Material, around: int, outwards: int, elongation: float, steps: int) -> Array:
    """Forces at the right edge at the end of each step, GPa times lengths."""
    points, cells = map(torch.from_numpy, six_nodes(quarter_plate(around, outwards)))
    left, bottom, right = (
        torch.isclose(points[:, axis], torch.tensor(place))
        for axis, place in ((0, 0.0), (1, 0.0), (0, EDGE))
    )
    plate = Planar(points, cells, NetworkMaterial(law, dim=2))
    plate.constraints[left | right, 0] = True
    plate.constraints[bottom, 1] = True
    plate.displacements[right, 0] = elongation
    increments = torch.linspace(0, 1, steps + 1)
    _, force, *_ = plate.solve(increments, rtol=1e-10, atol=1e-12, return_intermediate=True)
    reached: Array = force[1:, right, 0].sum(dim=1).numpy()
    return reached


def main(network: Path, around: int = 10, outwards: int = 8, steps: int = 6) -> Array:
    """Pull the plate by 1 % and print the force."""
    law = NetworkLaw(prune(load(network)), (MATRIX, FIBRE))
    force = pull(law, around, outwards, 0.01 * EDGE, steps)
    print(f"torch-fem, {steps} steps: force {1e3 * force[-1]:.2f} MPa x edge")
    return force


if __name__ == "__main__":
    main(Path(sys.argv[1]))
