"""A network as the material of FElupe: the plate of plate_with_hole.py.

    pip install felupe
    python docs/examples/felupe_plate.py results/demo/network.npz

Copy `umat` to use any material of `rve.materials.material` in a study of your own.
"""

import sys
from pathlib import Path

import felupe as fem
import numpy as np
from numpy.typing import NDArray
from plate_with_hole import EDGE, FIBRE, MATRIX, quarter_plate
from skfem import MeshQuad

from evaluation.online import NetworkLaw
from rve.mandel import BASIS, from_tensor, to_tensor
from rve.materials import Material
from training import load, prune

Array = NDArray[np.float64]


def umat(law: Material, duration: float = 1.0) -> fem.MaterialStrain:
    """A law under small strains; each step takes this long, s.

    FElupe has components first and points last: strains (3, 3, points, cells).
    """

    def respond(dε, εn, σn, ζn, **_):
        points = εn.shape[2:]
        strain = from_tensor(np.moveaxis(εn + dε, (0, 1), (-2, -1))).reshape(-1, 6)
        state = ζn[0].reshape(law.state_size, len(strain)).T
        answer = law.respond(strain, state, duration)
        stress = np.moveaxis(to_tensor(answer.stress), 0, -1).reshape(3, 3, *points)
        tangent = np.einsum("Iij,nIJ,Jkl->ijkln", BASIS, answer.tangent, BASIS)
        return (
            tangent.reshape(3, 3, 3, 3, *points),
            stress,
            [answer.state.T.reshape(law.state_size, *points)],
        )

    return fem.MaterialStrain(respond, statevars=((law.state_size,),), symmetry=False)


def pull(law: Material, around: int, outwards: int, elongation: float, steps: int) -> Array:
    """Forces at the right edge at the end of each step, GPa times lengths.

    The elements are quadrilaterals of nine nodes.
    """
    corners = quarter_plate(around, outwards, MeshQuad)
    mesh = fem.Mesh(corners.p.T, corners.t.T, "quad").add_midpoints_edges().add_midpoints_faces()
    region = fem.RegionBiQuadraticQuad(mesh)
    field = fem.FieldContainer([fem.FieldPlaneStrain(region, dim=2)])
    boundaries = {
        "left": fem.Boundary(field[0], fx=0, skip=(False, True)),
        "bottom": fem.Boundary(field[0], fy=0, skip=(True, False)),
        "right": fem.Boundary(field[0], fx=EDGE, skip=(False, True)),
    }
    plate = fem.SolidBody(umat(law), field)
    goals = elongation * np.arange(1, steps + 1) / steps
    step = fem.Step([plate], ramp={boundaries["right"]: goals}, boundaries=boundaries)
    reached = []
    for substep in step.generate(x0=field, verbose=False, tol=1e-10):
        force = fem.tools.force(field, substep.fun, boundaries["right"])
        reached.append(force[0])
    return np.array(reached)


def main(network: Path, around: int = 10, outwards: int = 8, steps: int = 6) -> Array:
    """Pull the plate by 1 % and print the force."""
    law = NetworkLaw(prune(load(network)), (MATRIX, FIBRE))
    force = pull(law, around, outwards, 0.01 * EDGE, steps)
    print(f"FElupe, {steps} steps: force {1e3 * force[-1]:.2f} MPa x edge")
    return force


if __name__ == "__main__":
    main(Path(sys.argv[1]))
