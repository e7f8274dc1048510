"""A network, and the law that it is exported as."""

import subprocess
import sys
from dataclasses import make_dataclass
from pathlib import Path

import numpy as np
import yaml
from calculix import Array, Law, read_law
from networks import composite, random_network

from training import prune, save

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
COMPOSITE = "composite_1"
LAWS = composite(COMPOSITE)
NETWORK = random_network("IMN", 5, np.random.default_rng(0), range(0, 32, 3))  # 21 base nodes
NETWORK.angles[:, 1] = 0.5  # interfaces along axis 3, as between fibres and matrix
TREE = prune(NETWORK)


def export(folder: Path, fibres_along: int) -> Law:
    """Write and build the network's law for CalculiX, in MPa."""
    network = folder / "network.npz"
    save(NETWORK, make_dataclass("NoHistory", [])(), {"status": "ok"}, network)
    output = folder / "ply"
    command = f"-m evaluation.export {network} --config config.yaml --composite {COMPOSITE}"
    command += f" --interface umat --output {output} --fibres-along {fibres_along}"
    subprocess.run([sys.executable, *command.split()], cwd=ROOT, check=True)
    subprocess.run(["sh", output / "build.sh"], check=True)
    return read_law(output)


def ply_axes(angle: float) -> Array:
    """From the cell's axes (3 along the fibres) to the laminate's (1 along the fibres, turned)."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return turn @ np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
