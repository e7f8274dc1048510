"""The documented examples of networks in use."""

import re
from dataclasses import make_dataclass
from pathlib import Path
from typing import Any

import network_path
import numpy as np
import pictures
import plate_with_hole
import pytest
from networks import random_network

from rve.dataset.dataset import Dataset
from rve.dataset.moments import Moments
from rve.dataset.moments import save as save_moments
from rve.materials.elastic import Elastic
from rve.materials.stiffness import isotropic
from training.store import save

EXAMPLES = Path(__file__).parents[1] / "docs/examples"


@pytest.fixture(scope="module")
def network_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("network") / "network.npz"
    network = random_network("IMN", 4, np.random.default_rng(0), range(0, 16, 3))
    save(network, make_dataclass("NoHistory", [])(), {"status": "ok"}, path)
    return path


def test_network_follows_a_path(network_file: Path, capsys: pytest.CaptureFixture) -> None:
    prediction = network_path.main(network_file)
    assert prediction.curve.stress[-1, 1] == pytest.approx(-0.02, abs=1e-8)
    assert prediction.states[0][:, 6].max() > 1e-3
    assert "largest plastic strain" in capsys.readouterr().out


def python_of_the_page() -> list[str]:
    """docs/online.md."""
    return re.findall(
        r"```python\n(.*?)```", (EXAMPLES.parent / "online.md").read_text(), re.DOTALL
    )


def test_five_lines_of_the_documentation(network_file: Path) -> None:
    """docs/online.md, with another network."""
    code, *_ = python_of_the_page()
    lines = code.split("\n\n")[1].splitlines()
    assert len(lines) == 5
    names: dict[str, Any] = {}
    exec(re.sub(r'load\("[^"]+"\)', f'load("{network_file}")', code), names)
    assert names["stress"].shape == (41, 6)
    assert names["tangent"].shape == (6, 6)
    assert names["states"][0].shape[1] == 7
    assert names["path"].durations.sum() == pytest.approx(3)


def test_spread_of_the_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments that are far from those of both networks need a factor above one."""
    monkeypatch.chdir(tmp_path)
    for seed in range(2):
        network = random_network("IMN", 3, np.random.default_rng(seed))
        path = tmp_path / f"results/demo/networks/imn_d5_coated_s0{seed}.npz"
        save(network, make_dataclass("NoHistory", [])(), {"status": "ok"}, path)
    phases = np.array([[np.eye(6), 3 * np.eye(6)]])
    values, shares = np.full((1, 1, 6, 3), 0.1), np.ones((1, 1, 6))
    moments = Moments(Dataset(phases, phases.mean(axis=1)), (0,), values, shares)
    save_moments(moments, tmp_path / "results/demo/dataset/moments_validation.npz")
    first, second = python_of_the_page()
    names: dict[str, Any] = {}
    exec(first.replace("results/demo/network.npz", str(path)), names)
    exec(second, names)
    assert names["factor"] > 1
    assert np.array_equal(names["band"], 2 * names["factor"] * names["found"].deviation)


def test_plate_with_a_hole(network_file: Path, capsys: pytest.CaptureFixture) -> None:
    """Fibres stiffen the plate; both yield."""
    found = plate_with_hole.main(network_file, around=6, outwards=5, steps=3)
    assert (found["network"] > 1.2 * found["matrix alone"]).all()
    for force in found.values():
        growth = np.diff(force, prepend=0)
        assert growth[-1] < 0.95 * growth[0]
    assert capsys.readouterr().out.count("integration points, 3 steps") == 2


def test_stress_concentrates_at_the_hole_as_in_elasticity() -> None:
    """An isotropic plate much larger than its hole would have three; ours, 0.3 of it, has more."""
    mesh = plate_with_hole.quarter_plate(16, 16)
    force, strain = plate_with_hole.pull(mesh, Elastic(isotropic(3.0, 0.3)), 1e-4, 1)
    stress = np.einsum("ij,jek->iek", isotropic(3.0, 0.3), strain)
    assert 3.0 < stress[0].max() / force[0] < 4.5


@pytest.mark.slow
def test_pictures_of_the_gallery(network_file: Path, tmp_path: Path) -> None:
    pictures.main(network_file, tmp_path)
    shown = re.findall(r"images/(example_\w+\.svg)", (EXAMPLES / "README.md").read_text())
    assert {path.name for path in tmp_path.iterdir()} == set(shown)
    plate = (tmp_path / "example_plate.svg").read_text()
    assert plate.count("<path") > 2 * 2 * 16 * 12  # a triangle each, in two plates
