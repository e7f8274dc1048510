"""The cell, its mesh and the order of its fibres: Fig. 5, and a picture for other reports."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from evaluation.figures.figure import COMPOSITE, NOTHING, StudyFigure
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    MUTED,
    assign_colours,
    figure_of,
    panels,
)
from rve.microstructure.mesh import Mesh
from rve.microstructure.phases import INTERPHASE, PHASES, VOID
from rve.microstructure.statistics import element_quality

Array = NDArray[np.float64]

_COLOURS = {"matrix": "#f4f1ea", "fibre": "#7fb3d5", INTERPHASE: "#e0995e", VOID: "#46505c"}
_EDGE_COLOUR = "#3e5c76"
# Of phases with names of their own.
_FURTHER = ("#7fb3d5", "#8d99ae", "#9bc53d", "#c98bb9", "#d8b365", "#5ab4ac")
# Corners of a quadratic triangle's three edges and the node in the middle of each.
_EDGES = ((0, 3, 1), (1, 4, 2), (2, 5, 0))
_MARK: Any = {"color": MUTED, "linestyle": ":", "linewidth": 1.1}
_SECOND_MARK: Any = {"color": MUTED, "linestyle": "--", "linewidth": 1.1}
_OPAQUE: Any = {"frameon": True, "framealpha": 1, "edgecolor": "none"}


_CAPTION = (
    "(a) Fibres (blue) and matrix, or the phases of the legend, with the curved quadratic "
    "elements. (b) Quality of the elements "
    "without their curvature: 4√3 times the area over the sum of the squared edges. It is 1 for an "
    "equilateral triangle and 0 for a flat one."
)
_PACKING = (
    " (c) Gap between each fibre, or void, and its nearest neighbour, also across the edges of the "
    "cell. (d) Ripley's function of the centres as L(r) − r with L = √(K/π). It is zero for points "
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
    kinds = _kinds(statistics)
    titles = ["Fibres and mesh", "Quality of the elements"]
    if list(kinds) == ["fibre"]:
        titles += ["Gaps between nearest fibres", "Order of the fibre centres"]
    elif kinds:
        titles[0] = "Phases and mesh"
        titles += ["Gaps to nearest neighbours", "Order of the centres"]
    axes = panels(titles, 2, (4.4, 4.0))
    _draw_mesh(axes[0], mesh, statistics)
    _draw_quality(axes[1], mesh)
    if kinds:
        _draw_gaps(axes[2], kinds)
        _draw_ripley(axes[3], kinds, np.array(statistics["ripley_radii"]))
    return figure_of(axes)


@partial(
    StudyFigure,
    "cell",
    "Phases and finite elements",
    section=COMPOSITE,
    caption="Fibres are blue, unless a legend names the phases. The cell repeats in all "
    "directions, and the fibres run along axis 3, out of the page.",
    source="cell",
    needs=NOTHING,
)
def picture(mesh: Mesh, statistics: Mapping[str, Any]) -> Figure:
    """The mesh alone."""
    axes = panels([""], 1, (3.6, 3.4))
    _draw_mesh(axes[0], mesh, statistics)
    return figure_of(axes)


def _draw_mesh(axes: Axes, mesh: Mesh, statistics: Mapping[str, Any]) -> None:
    """Phases and the edges of the elements, in cell edges or the unit of a mesh file."""
    scale = np.sqrt(np.linalg.det(np.array(statistics["lattice_vectors"])))
    unit = "cell edges" if _kinds(statistics) else "unit of the mesh file"
    nodes = scale * (mesh.nodes.round(9) + 0.0)
    edges = mesh.triangles[:, _EDGES]
    drawn = edges[np.array([phase != VOID for phase in mesh.phases])[mesh.phase]]
    ends = np.sort(drawn[..., [0, 2]].reshape(-1, 2), axis=1)
    first = np.unique(ends, axis=0, return_index=True)[1]
    outlines = _curves(nodes[drawn.reshape(-1, 1, 3)[first]])
    colours = _colours(mesh.phases)
    width = 0.35 if mesh.phases == PHASES else 0.12  # which leaves of a ring its colour
    for number, phase in enumerate(mesh.phases):
        filled = _curves(nodes[edges[mesh.phase == number]])
        axes.add_patch(PathPatch(filled, facecolor=colours[phase], linewidth=0))
    axes.add_patch(PathPatch(outlines, fill=False, edgecolor=_EDGE_COLOUR, linewidth=width))
    low, high = nodes.min(axis=0), nodes.max(axis=0)
    x, y = np.linspace(low, high, 3).T
    axes.set(aspect="equal", xlim=x[[0, -1]], ylim=y[[0, -1]], xticks=x, yticks=y)
    axes.xaxis.set_major_formatter("{x:.3g}")
    axes.yaxis.set_major_formatter("{x:.3g}")
    axes.set(xlabel=f"$x_1$ [{unit}]", ylabel=f"$x_2$ [{unit}]")
    axes.grid(False)
    if mesh.phases != PHASES:
        mark = partial(Patch, edgecolor=_EDGE_COLOUR, linewidth=0.5)
        handles = [mark(facecolor=colours[phase], label=phase) for phase in mesh.phases]
        axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)


def _colours(phases: Sequence[str]) -> dict[str, str]:
    """The colour of each phase."""
    named = [phase for phase in phases if phase not in _COLOURS]
    return _COLOURS | assign_colours(named, _FURTHER)


def _kinds(statistics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What is known of each kind of packed discs, by phase; nothing of a mesh of the user's."""
    if "centres" in statistics:
        radius = statistics["fibre_radius"]
        gaps = np.array(statistics["nearest_neighbour_distances"]) / radius - 2
        known = {"radius": radius, "gaps_over_radius": gaps, "ripley_k": statistics["ripley_k"]}
        return {"fibre": known}
    return dict(statistics.get("inclusions", {}))


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
    quality = {"fibre": element_quality(mesh)}
    _histogram(axes, quality, np.linspace(0, 1, 41), "least, {:.2f}", "mean, {:.2f}")
    axes.set(xlabel="element quality [-]", ylabel="elements", xlim=(0, 1))
    axes.legend(loc="upper left", **_OPAQUE)


def _draw_gaps(axes: Axes, kinds: Mapping[str, Mapping[str, Any]]) -> None:
    gaps = {phase: np.array(kind["gaps_over_radius"]) for phase, kind in kinds.items()}
    bins = np.linspace(0, max(1.05 * max(map(np.max, gaps.values())), 0.1), 17)
    _histogram(axes, gaps, bins, "smallest, {:.3g}", "mean, {:.3g}")
    if list(kinds) == ["fibre"]:
        axes.set(xlabel="gap to the nearest fibre [fibre radii]", ylabel="fibres")
    else:
        axes.set(xlabel="gap to the nearest neighbour [own radii]", ylabel="number")
    axes.set(xlim=(0, None))
    axes.legend(loc="upper right", **_OPAQUE)


def _histogram(axes: Axes, values: Mapping[str, Array], bins: Array, least: str, mean: str) -> None:
    """Values of each phase on top of each other, and their least and mean."""
    colours = [_colours(list(values))[phase] for phase in values]
    names = list(values) if len(values) > 1 else None
    stacked = [*values.values()]
    axes.hist(
        stacked,
        bins.tolist(),
        stacked=True,
        color=colours,
        label=names,
        edgecolor="white",
        linewidth=0.5,
    )
    together = np.concatenate(stacked)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.axvline(together.min(), label=least.format(together.min()), **_MARK)
    axes.axvline(together.mean(), label=mean.format(together.mean()), **_SECOND_MARK)


def _draw_ripley(axes: Axes, kinds: Mapping[str, Mapping[str, Any]], radii: Array) -> None:
    axes.axhline(0, label="points without order", **_SECOND_MARK)
    if list(kinds) == ["fibre"]:
        axes.axvline(2 * kinds["fibre"]["radius"], label="fibre diameter", **_MARK)
    colours = (INK, *GROUP_COLOURS)
    for (phase, kind), colour in zip(kinds.items(), colours, strict=False):
        label = "this cell" if list(kinds) == ["fibre"] else phase
        k = np.array(kind["ripley_k"])
        axes.plot(radii, np.sqrt(k / np.pi) - radii, color=colour, label=label)
    axes.set(xlabel="distance $r$ [cell edges]", ylabel="$L(r) - r$ [cell edges]", xlim=(0, None))
    axes.legend(loc="best")
