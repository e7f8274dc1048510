"""The curve of a law along a load path, against closed forms and another driver."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from meshes import drive

from rve.errors import ConvergenceError, InputError
from rve.loads.load_path import monotonic, piecewise_linear
from rve.mandel import engineering_strain
from rve.materials.j2 import J2Plasticity
from rve.materials.power_laws import Ludwik
from rve.materials.viscoplastic import Viscoplastic

ALLOY = J2Plasticity(70.0, 0.33, 0.25, H=1.0, Q=0.1, b=50.0)
PERFECT = J2Plasticity(70.0, 0.33, 0.25)


@pytest.mark.parametrize("law", [ALLOY, PERFECT, Ludwik(70.0, 0.33, 0.25, A=0.4, n=0.4)])
@pytest.mark.parametrize("component", ["11", "33"])
def test_tension_follows_the_flow_stress(law: J2Plasticity, component: str) -> None:
    curve = law.curve(monotonic(component, 0.05, 20, "stress"))
    place = int(component[0]) - 1
    stress = curve.stress[:, place]
    p = curve.strain[:, place] - stress / law.youngs_modulus
    flows = p > 1e-12
    assert flows.sum() == 19
    assert stress[flows] == pytest.approx(law.flow_stress(p[flows]), rel=1e-9)
    assert np.delete(curve.stress, place, axis=1) == pytest.approx(0, abs=1e-10)
    assert np.array_equal(curve.steps, [0] + 20 * [1])


def test_unloading_to_a_stress_leaves_the_plastic_strain() -> None:
    curve = ALLOY.curve(piecewise_linear([{"eps_12": 0.03}, {"sig_12": 0.0}], 10))
    tau = curve.stress[10, 5] / np.sqrt(2)
    gamma = engineering_strain(curve.strain)[:, 5]
    assert gamma[-1] == pytest.approx(0.03 - tau / ALLOY.G, rel=1e-9)
    assert abs(curve.stress[-1]).max() < 1e-10


@pytest.mark.parametrize("law", [ALLOY, Viscoplastic(70.0, 0.33, 0.05, 5.0, 1e-3, 0.2)])
def test_mixed_control_against_another_driver(law: J2Plasticity) -> None:
    points = [{"eps_11": 0.02, "sig_22": 0.1, "eps_23": 0.0}, {"eps_11": -0.01, "sig_22": 0.0}]
    points[1]["eps_23"] = 0.02
    path = piecewise_linear(points, 15, duration=[1.0, 30.0])
    strain, stress, _ = drive(law, path)
    curve = law.curve(path)
    assert curve.strain == pytest.approx(strain, abs=1e-10)
    assert curve.stress == pytest.approx(stress, abs=1e-8)


def test_a_limit_load_is_no_curve() -> None:
    with pytest.raises(ConvergenceError, match=r"increment 5 of 5 .* more than the material bears"):
        PERFECT.curve(piecewise_linear([{"sig_11": 0.3}], 5))


def test_what_is_refused_and_warned_of() -> None:
    with pytest.raises(InputError, match="path: expected a LoadPath"):
        ALLOY.curve([0.01])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="sig_11 is 9 GPa, which would strain the material by"):
        ALLOY.curve(piecewise_linear([{"sig_11": 9.0}], 2))
    with pytest.warns(UserWarning, match="strains are not small") as caught:
        ALLOY.curve(monotonic("11", 0.2, 10, "stress"))
    assert caught[0].filename == __file__


def test_a_law_that_was_used_serves_another_process() -> None:
    """Its point functions lie at other addresses there."""
    shear = np.array([[0, 0, 0, 0, 0, 0.03]])
    expected = ALLOY.respond(shear, np.zeros((1, 7))).stress[0, 5]
    code = (
        "import pickle, sys, numpy as np; law, shear = pickle.load(sys.stdin.buffer);"
        "print(law.respond(shear, np.zeros((1, 7))).stress[0, 5].item())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        input=pickle.dumps((ALLOY, shear)),
        capture_output=True,
        check=True,
    )
    assert float(run.stdout) == expected
