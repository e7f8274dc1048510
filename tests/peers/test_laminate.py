"""Laminates of CalculiX against lamination theory with the same network, solved without tangents.

The plies share the strain in their plane and have no stress on its normal; forces of the plies add
up. `scipy.optimize.root` finds the strains from the stresses alone.
"""

from pathlib import Path

import numpy as np
import pytest
from calculix import Array, Law
from exported import LAWS, TREE, ply_axes
from scipy.optimize import root
from stack import Ply, respond

from evaluation.online import NetworkLaw
from rve.mandel import engineering_stress, from_engineering_strain, rotation_matrix

# Tension and unloading, the last increment beyond the unloaded state.
HISTORY = np.array([0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0])
STRAIN = 0.01
LAYUPS = {"cross-ply": (0, 90), "angle-ply": (45, -45), "quasi-isotropic": (45, 0, -45, 90)}
TOLERANCE = 1e-6


def lamination_theory(angles: tuple[float, ...]) -> tuple[Array, Array]:
    """Engineering strains 11, 22, 12 (n, 3) and stresses (n, plies, 6) in MPa under tension 11."""
    network = NetworkLaw(TREE, LAWS)
    turns = [rotation_matrix(ply_axes(angle)) for angle in angles]
    states = [np.zeros((1, network.state_size)) for _ in angles]
    strains, stresses = [], []

    def plies(unknowns: Array, factor: float) -> tuple[Array, list[Array]]:
        """Mandel stresses (plies, 6) in the laminate's axes and the new states."""
        e22, g12, *normal = unknowns / 1e3
        found = []
        for turn, state, (e33, g23, g31) in zip(
            turns, states, np.reshape(normal, (-1, 3)), strict=True
        ):
            strain = from_engineering_strain(np.array([factor * STRAIN, e22, e33, g23, g31, g12]))
            answer = network.respond((turn.T @ strain)[None], state)
            found.append((turn @ answer.stress[0], answer.state))
        return np.array([stress for stress, _ in found]), [state for _, state in found]

    def residual(unknowns: Array, factor: float) -> Array:
        stress, _ = plies(unknowns, factor)
        return 1e3 * np.append(stress.mean(axis=0)[[1, 5]], stress[:, [2, 3, 4]])

    unknowns = np.zeros(2 + 3 * len(angles))
    for factor in HISTORY:
        solution = root(residual, unknowns, args=(factor,), options={"xtol": 1e-12})
        assert np.abs(solution.fun).max() < 1e-8, solution.message
        unknowns = solution.x
        stress, states = plies(unknowns, factor)
        strains.append([factor * STRAIN, *unknowns[:2] / 1e3])
        stresses.append(1e3 * engineering_stress(stress))
    return np.array(strains), np.array(stresses)


@pytest.mark.parametrize("layup", LAYUPS)
def test_laminate_follows_lamination_theory(ply_law: Law, layup: str, tmp_path: Path) -> None:
    """The angles as the law's last property, and as an *ORIENTATION."""
    angles = LAYUPS[layup]
    strain, stress = lamination_theory(angles)
    ways = {
        "law": [Ply(by_law=angle) for angle in angles],
        "orientation": [Ply(by_orientation=angle) for angle in angles],
    }
    for way, plies in ways.items():
        found = respond(ply_law, plies, {"11": STRAIN}, HISTORY, tmp_path / way)
        of_stress = np.abs(found.stress - stress).max() / np.abs(stress).max()
        of_strain = np.abs(found.strain - strain).max() / STRAIN
        print(
            f"\n{layup}, angles by {way}: stresses of the plies differ by {of_stress:.1e}, "
            f"strains by {of_strain:.1e}"
        )
        assert of_stress < TOLERANCE
        assert of_strain < TOLERANCE
    assert np.abs(stress[-1]).max() > 0.02 * np.abs(stress).max(), "the matrix should have flowed"
