"""Draw the pictures of this folder's README.

python docs/examples/pictures.py results/demo/network.npz
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.figure import Figure
from network_path import EPOXY, GLASS
from plate_with_hole import FIBRE, MATRIX, pull, quarter_plate

from evaluation.figures.style import figure_of, panels, save, styled
from evaluation.online import NetworkLaw, predict
from rve.loads import piecewise_linear
from rve.mandel import engineering_strain, engineering_stress
from rve.materials import materials
from rve.microstructure import load as load_mesh
from training import Tree, load, prune

HERE = Path(__file__).parent
IMAGES = HERE.parent / "images"


@styled
def path(tree: Tree) -> Figure:
    """The path of network_path.py: the composite's shear, and that of the network's nodes."""
    points = [{"eps_12": 0.02, "sig_22": -0.02}, {"eps_12": -0.02, "sig_22": -0.02}]
    prediction = predict(tree, materials(EPOXY, GLASS), piecewise_linear(points, increments=20))
    axes = panels(["The composite", "Nodes of the network at the end"], 2, (4.4, 3.4))
    gamma = engineering_strain(prediction.curve.strain)[:, 5]
    tau = 1e3 * engineering_stress(prediction.curve.stress)[:, 5]
    axes[0].plot(100 * gamma, tau)
    axes[0].set(xlabel="$\\gamma_{12}$ [%]", ylabel="$\\tau_{12}$ [MPa]")
    for phase, (name, colour) in enumerate((("matrix", "#e08a00"), ("fibre", "#2a6fbb"))):
        nodes = tree.phases == phase
        axes[1].scatter(
            100 * engineering_strain(prediction.strain[nodes])[:, 5],
            1e3 * engineering_stress(prediction.stress[nodes])[:, 5],
            s=400 * tree.weights[nodes] / tree.weights.sum(),
            color=colour,
            alpha=0.7,
            label=name,
        )
    axes[1].set(xlabel="$\\gamma_{12}$ [%]", ylabel="$\\tau_{12}$ [MPa]")
    axes[1].legend(loc="best")
    return figure_of(axes)


@styled
def plate(tree: Tree) -> Figure:
    """Strains in both plates of plate_with_hole.py."""
    mesh = quarter_plate(16, 12)
    laws = {"Matrix alone": MATRIX, "A network at every point": NetworkLaw(tree, (MATRIX, FIBRE))}
    axes = panels(list(laws), 2, (4.4, 3.8))
    for axis, law in zip(axes, laws.values(), strict=True):
        _, strain = pull(mesh, law, 0.01, 6)
        drawn = axis.tripcolor(
            *mesh.p, mesh.t.T, 100 * strain[0].mean(axis=1), cmap="viridis", vmin=0, vmax=4
        )
        axis.set(aspect="equal", xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        axis.grid(False)
    figure = figure_of(axes)
    figure.colorbar(drawn, ax=axes, label="$\\varepsilon_{11}$ [%]", extend="max")
    return figure


@styled
def cells() -> Figure:
    """The meshes of hexagonal_cell.py and two_fibre_sizes.py."""
    scripts = {"A hexagonal array": "hexagonal_cell.py", "Two fibre sizes": "two_fibre_sizes.py"}
    axes = panels(list(scripts), 2, (4.4, 4.0))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "cell.msh"
        for axis, script in zip(axes, scripts.values(), strict=True):
            subprocess.run([sys.executable, HERE / script, file], check=True)
            mesh, _ = load_mesh(file)
            axis.tripcolor(
                *mesh.nodes.T,
                mesh.triangles[:, :3],
                mesh.phase.astype(float),
                cmap="Blues",
                vmax=2,
                edgecolors="#3e5c76",
                linewidth=0.2,
            )
            axis.set(aspect="equal", xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
            axis.grid(False)
    return figure_of(axes)


def main(network: Path, images: Path = IMAGES) -> None:
    """Write all pictures into a folder."""
    tree = prune(load(network))
    for name, figure in {"path": path(tree), "plate": plate(tree), "cells": cells()}.items():
        save(figure, images / f"example_{name}.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
