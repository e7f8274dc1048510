"""The cell and the order of its fibres: Fig. 5."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from evaluation.figures.style import INK, MUTED, figure_of, panels, styled
from rve.mesh import FIBRE, Mesh

Array = NDArray[np.float64]

_FIBRE_COLOUR, _MATRIX_COLOUR, _EDGE_COLOUR = "#7fb3d5", "#f4f1ea", "#3e5c76"
# Corners of a quadratic triangle's three edges and the node in the middle of each.
_EDGES = ((0, 3, 1), (1, 4, 2), (2, 5, 0))


@styled
def cell(mesh: Mesh, statistics: Mapping[str, Any]) -> Figure:
    """The meshed fibres, and Ripley's function of their centres beside them.

    Args:
        mesh: of the cell, lengths in cell edges.
        statistics: the content of statistics.json.
    """
    axes = panels(["Fibres and mesh", "Order of the fibre centres"], 2, (4.4, 4.3))
    _draw_mesh(axes[0], mesh)
    _draw_ripley(axes[1], statistics)
    return figure_of(axes)


def _draw_mesh(axes: Axes, mesh: Mesh) -> None:
    edges = mesh.triangles[:, _EDGES]
    fibres = _curves(mesh.nodes[edges[mesh.phase == FIBRE]])
    ends = np.sort(edges[..., [0, 2]].reshape(-1, 2), axis=1)
    first = np.unique(ends, axis=0, return_index=True)[1]
    outlines = _curves(mesh.nodes[edges.reshape(-1, 1, 3)[first]])
    axes.set_facecolor(_MATRIX_COLOUR)
    axes.add_patch(PathPatch(fibres, facecolor=_FIBRE_COLOUR, linewidth=0))
    axes.add_patch(PathPatch(outlines, fill=False, edgecolor=_EDGE_COLOUR, linewidth=0.35))
    axes.set(aspect="equal", xlim=(0, 1), ylim=(0, 1), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    axes.set(xlabel="$x_1$ [cell edges]", ylabel="$x_2$ [cell edges]")
    axes.spines[["top", "right"]].set_visible(True)
    axes.grid(False)


def _curves(nodes: Array) -> Path:
    """One path of parabolic outlines; nodes (n, e, 3, 2): start, middle and end of e edges each.

    A parabola through the middle node has its Bezier control point twice as far from the chord.
    """
    start, middle, end = nodes[..., 0, :], nodes[..., 1, :], nodes[..., 2, :]
    control = 2 * middle - (start + end) / 2
    tail = np.stack([control, end], axis=2).reshape(len(nodes), -1, 2)
    vertices = np.concatenate([start[:, :1], tail], axis=1)
    codes = np.repeat([Path.MOVETO, Path.CURVE3], [1, tail.shape[1]])
    return Path(vertices.reshape(-1, 2), np.tile(codes, len(nodes)))


def _draw_ripley(axes: Axes, statistics: Mapping[str, Any]) -> None:
    radii, k = np.array(statistics["ripley_radii"]), np.array(statistics["ripley_k"])
    axes.axhline(0, color=MUTED, linestyle="--", linewidth=1.1, label="points without order")
    axes.axvline(
        2 * statistics["fibre_radius"],
        color=MUTED,
        linestyle=":",
        linewidth=1.1,
        label="fibre diameter",
    )
    axes.plot(radii, np.sqrt(k / np.pi) - radii, color=INK, label="this cell")
    axes.set(xlabel="distance $r$ [cell edges]", ylabel="$L(r) - r$ [cell edges]", xlim=(0, None))
    axes.legend(loc="best")
