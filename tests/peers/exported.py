"""A network, and the law that it is exported as."""

import subprocess
import sys
from dataclasses import make_dataclass
from pathlib import Path

import numpy as np
import yaml
from calculix import Array, Law, read_law
from networks import composite, random_network

from training import MaterialNetwork, prune, save

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "config.yaml").read_text())
COMPOSITE = "composite_1"
LAWS = composite(COMPOSITE)
NETWORK = random_network("IMN", 5, np.random.default_rng(0), range(0, 32, 3))  # 21 base nodes
NETWORK.angles[:, 1] = 0.5  # interfaces along axis 3, as between fibres and matrix
TREE = prune(NETWORK)


HOLLOW = MaterialNetwork(
    "IMN",
    NETWORK.z,
    NETWORK.angles,
    np.select([np.arange(32) % 8 == 4, np.arange(32) % 8 == 7], [2, 3], NETWORK.phases),
    ("matrix", "fibre", "interphase", "void"),
)
"""The same with an interphase and voids."""
THREE_PHASES = "workflow/studies/three_phases.yaml"


def export(
    folder: Path,
    fibres_along: int,
    network: MaterialNetwork = NETWORK,
    config: str = "config.yaml",
    composite: str = COMPOSITE,
) -> Law:
    """Write and build a network's law for CalculiX, in MPa."""
    path, output = folder / "network.npz", folder / "ply"
    save(network, make_dataclass("NoHistory", [])(), {"status": "ok"}, path)
    command = f"-m evaluation.export {path} --config {config} --composite {composite}"
    command += f" --interface umat --output {output} --fibres-along {fibres_along}"
    subprocess.run([sys.executable, *command.split()], cwd=ROOT, check=True)
    subprocess.run(["sh", output / "build.sh"], check=True)
    return read_law(output)


def ply_axes(angle: float) -> Array:
    """From the cell's axes (3 along the fibres) to the laminate's (1 along the fibres, turned)."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    return turn @ np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
