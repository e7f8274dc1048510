"""The cell, its mesh and the order of its fibres: Fig. 5, and a picture for other reports."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from evaluation.figures.figure import COMPOSITE, NOTHING, StudyFigure
from evaluation.figures.style import INK, MUTED, figure_of, panels
from rve.microstructure.mesh import Mesh
from rve.microstructure.phases import FIBRE, MATRIX
from rve.microstructure.statistics import element_quality

Array = NDArray[np.float64]

_FIBRE_COLOUR, _MATRIX_COLOUR, _EDGE_COLOUR = "#7fb3d5", "#f4f1ea", "#3e5c76"
# Corners of a quadratic triangle's three edges and the node in the middle of each.
_EDGES = ((0, 3, 1), (1, 4, 2), (2, 5, 0))
_MARK: Any = {"color": MUTED, "linestyle": ":", "linewidth": 1.1}
_SECOND_MARK: Any = {"color": MUTED, "linestyle": "--", "linewidth": 1.1}
_OPAQUE: Any = {"frameon": True, "framealpha": 1, "edgecolor": "none"}


_CAPTION = (
    "(a) Fibres (blue) and matrix, with the curved quadratic elements. (b) Quality of the elements "
    "without their curvature: 4√3 times the area over the sum of the squared edges. It is 1 for an "
    "equilateral triangle and 0 for a flat one."
)
_PACKING = (
    " (c) Gap between each fibre and its nearest neighbour, also across the edges of the cell. (d) "
    "Ripley's function of the fibre centres as L(r) − r with L = √(K/π). It is zero for points "
    "without order, −r below the smallest distance of two centres, and positive where centres "
    "cluster."
)


@partial(
    StudyFigure,
    "fig05",
    "The cell",
    section="references",
    caption=lambda study: _CAPTION + _PACKING if study.packed else _CAPTION,
    source="cell",
    needs=NOTHING,
)
def cell(mesh: Mesh, statistics: Mapping[str, Any]) -> Figure:
    """The mesh and its quality; for packed fibres also their order and the gaps between them."""
    packed = "centres" in statistics
    titles = ["Fibres and mesh", "Quality of the elements"]
    if packed:
        titles += ["Gaps between nearest fibres", "Order of the fibre centres"]
    axes = panels(titles, 2, (4.4, 4.0))
    _draw_mesh(axes[0], mesh, statistics)
    _draw_quality(axes[1], mesh)
    if packed:
        _draw_gaps(axes[2], statistics)
        _draw_ripley(axes[3], statistics)
    return figure_of(axes)


@partial(
    StudyFigure,
    "cell",
    "Fibres, matrix and finite elements",
    section=COMPOSITE,
    caption="Fibres are blue. The cell repeats in all directions, and the fibres run along axis 3, "
    "out of the page.",
    source="cell",
    needs=NOTHING,
)
def picture(mesh: Mesh, statistics: Mapping[str, Any]) -> Figure:
    """The mesh alone."""
    axes = panels([""], 1, (3.6, 3.4))
    _draw_mesh(axes[0], mesh, statistics)
    return figure_of(axes)


def _draw_mesh(axes: Axes, mesh: Mesh, statistics: Mapping[str, Any]) -> None:
    """Fibres, matrix and the edges of the elements, in cell edges or the unit of a mesh file."""
    scale = np.sqrt(np.linalg.det(np.array(statistics["lattice_vectors"])))
    unit = "cell edges" if "centres" in statistics else "unit of the mesh file"
    nodes = scale * (mesh.nodes.round(9) + 0.0)
    edges = mesh.triangles[:, _EDGES]
    ends = np.sort(edges[..., [0, 2]].reshape(-1, 2), axis=1)
    first = np.unique(ends, axis=0, return_index=True)[1]
    outlines = _curves(nodes[edges.reshape(-1, 1, 3)[first]])
    for phase, colour in ((MATRIX, _MATRIX_COLOUR), (FIBRE, _FIBRE_COLOUR)):
        filled = _curves(nodes[edges[mesh.phase == phase]])
        axes.add_patch(PathPatch(filled, facecolor=colour, linewidth=0))
    axes.add_patch(PathPatch(outlines, fill=False, edgecolor=_EDGE_COLOUR, linewidth=0.35))
    low, high = nodes.min(axis=0), nodes.max(axis=0)
    x, y = np.linspace(low, high, 3).T
    axes.set(aspect="equal", xlim=x[[0, -1]], ylim=y[[0, -1]], xticks=x, yticks=y)
    axes.xaxis.set_major_formatter("{x:.3g}")
    axes.yaxis.set_major_formatter("{x:.3g}")
    axes.set(xlabel=f"$x_1$ [{unit}]", ylabel=f"$x_2$ [{unit}]")
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


def _draw_quality(axes: Axes, mesh: Mesh) -> None:
    _histogram(axes, element_quality(mesh), np.linspace(0, 1, 41), "least, {:.2f}", "mean, {:.2f}")
    axes.set(xlabel="element quality [-]", ylabel="elements", xlim=(0, 1))
    axes.legend(loc="upper left", **_OPAQUE)


def _draw_gaps(axes: Axes, statistics: Mapping[str, Any]) -> None:
    distances = np.array(statistics["nearest_neighbour_distances"])
    gaps = distances / statistics["fibre_radius"] - 2
    bins = np.linspace(0, max(1.05 * gaps.max(), 0.1), 17)
    _histogram(axes, gaps, bins, "smallest, {:.3g}", "mean, {:.3g}")
    axes.set(xlabel="gap to the nearest fibre [fibre radii]", ylabel="fibres", xlim=(0, None))
    axes.legend(loc="upper right", **_OPAQUE)


def _histogram(axes: Axes, values: Array, bins: Array, least: str, mean: str) -> None:
    axes.hist(values, bins.tolist(), color=_FIBRE_COLOUR, edgecolor="white", linewidth=0.5)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.axvline(values.min(), label=least.format(values.min()), **_MARK)
    axes.axvline(values.mean(), label=mean.format(values.mean()), **_SECOND_MARK)


def _draw_ripley(axes: Axes, statistics: Mapping[str, Any]) -> None:
    radii, k = np.array(statistics["ripley_radii"]), np.array(statistics["ripley_k"])
    axes.axhline(0, label="points without order", **_SECOND_MARK)
    axes.axvline(2 * statistics["fibre_radius"], label="fibre diameter", **_MARK)
    axes.plot(radii, np.sqrt(k / np.pi) - radii, color=INK, label="this cell")
    axes.set(xlabel="distance $r$ [cell edges]", ylabel="$L(r) - r$ [cell edges]", xlim=(0, None))
    axes.legend(loc="best")
