"""Exported laws of any number of phases, and of voids."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from c_laws import COMPILER, SANITIZED, CLaw, compiled, exported
from networks import distance, random_network
from random_laws import examples_of

from evaluation.export import export
from evaluation.export.source import INTERFACES
from evaluation.online import NetworkLaw
from rve.errors import InputError
from rve.materials.armstrong_frederick import ArmstrongFrederick
from rve.materials.elastic_constants import Isotropic, TransverselyIsotropic
from rve.materials.j2 import J2Plasticity
from rve.materials.law import Law
from training.network import Kind, MaterialNetwork
from training.tree import Tree, prune

pytestmark = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler")

EPOXY = J2Plasticity(3.2, 0.35, 0.03, H=0.1, Q=0.04, b=80)
CARBON, GLASS = TransverselyIsotropic(230, 15, 24, 0.2, 0.3), Isotropic(72, 0.22)
RUBBER = J2Plasticity(0.5, 0.4, 0.01, H=0.05)
NAMES = ("matrix", "fibre", "glass-2", "rubber", "void")
KINDS: list[Kind] = ["DMN", "IMN"]


def of_phases(kind: Kind, phases: list[int], names: tuple[str, ...]) -> Tree:
    """A random network with these phases, turn by turn."""
    network = random_network(kind, 4, np.random.default_rng(7), dead=[3])
    own = np.resize(phases, 16)
    return prune(MaterialNetwork(kind, network.z, network.angles, own, names))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("matrix", [EPOXY, examples_of[ArmstrongFrederick]], ids=["j2", "whole"])
def test_c_equals_python_with_four_phases_and_voids(
    matrix: Law, kind: Kind, tmp_path: Path
) -> None:
    tree = of_phases(kind, [0, 1, 2, 3, 0, 4, 4], NAMES)
    assert set(tree.phases) == set(range(5))
    laws = {"matrix": matrix, "fibre": CARBON, "glass-2": GLASS, "rubber": RUBBER}
    exported(tmp_path, [tree, tree], laws)
    check = ["cc", "-O1", *SANITIZED, "check.c", "composite.c", "-o", "check", "-lm"]
    subprocess.run(check, cwd=tmp_path, check=True)
    run = subprocess.run("./check", cwd=tmp_path, capture_output=True, text=True, check=True)
    assert float(re.findall(r"differ by (\S+) of", run.stdout)[0]) < 1e-12
    in_c, in_python = CLaw(tmp_path), NetworkLaw(tree, laws)
    strain = 0.02 * np.array([0.5, -0.3, 0.2, 1.0, -0.4, 0.8])
    expected = in_python.respond(strain[None], np.zeros((1, in_python.state_size)))
    found = in_c.step(strain)
    assert distance(found.stress, expected.stress[0]) < 1e-12
    assert distance(found.tangent, expected.tangent[0]) < 1e-11
    for line in ("matrix: Young's modulus", "glass-2: Poisson's ratio", "rubber: initial yield"):
        assert line in in_c.header
    assert "void" not in in_c.header


@pytest.mark.parametrize("kind", KINDS)
def test_three_phases_of_which_two_agree_are_two_in_c(kind: Kind, tmp_path: Path) -> None:
    two = of_phases(kind, [0, 1], NAMES[:2])
    three = Tree(**vars(two) | {"phases": np.where(two.weights > 0.5, two.phases, 2 * two.phases)})
    three = Tree(**vars(three) | {"names": ("matrix", "fibre", "other")})
    answers = []
    for name, tree, laws in (
        ("two", two, (EPOXY, CARBON)),
        ("three", three, (EPOXY, CARBON, CARBON)),
    ):
        (tmp_path / name).mkdir()
        exported(tmp_path / name, [tree], laws)
        answers.append(CLaw(tmp_path / name).step(0.02 * np.arange(1.0, 7.0) / 6))
    assert distance(answers[1].stress, answers[0].stress) < 1e-12
    assert distance(answers[1].tangent, answers[0].tangent) < 1e-12


@pytest.mark.parametrize("interface", INTERFACES)
def test_every_interface_takes_three_phases_and_voids(interface: str, tmp_path: Path) -> None:
    tree = of_phases("IMN", [0, 1, 3, 4], NAMES)
    laws = {"matrix": EPOXY, "fibre": CARBON, "glass-2": GLASS, "rubber": RUBBER}
    exported(tmp_path, [tree], laws, interface=interface)
    compiled(tmp_path)  # with all warnings as errors


def test_networks_of_other_phases_are_no_ensemble(tmp_path: Path) -> None:
    trees = of_phases("IMN", [0, 1], NAMES[:2]), of_phases("IMN", [0, 1], ("matrix", "rubber"))
    message = "expected the same phases in each, got matrix, fibre and matrix, rubber"
    with pytest.raises(InputError, match=message):
        export(tmp_path / "ply", trees, (EPOXY, CARBON), interface="c")
