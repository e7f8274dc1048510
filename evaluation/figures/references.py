"""The nonlinear references of all composites: Fig. 6, and along the user's own load paths."""

from functools import partial
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.captions import LOADING
from evaluation.figures.figure import NOTHING, Need, References, StudyFigure
from evaluation.figures.panels import STRESS_PANEL_SIZE, CurvePanel, path_panels, stress_panels
from evaluation.figures.style import (
    COMPOSITE_COLOURS,
    DASHES,
    LOADS,
    assign_colours,
    legend_above,
    panels,
)
from evaluation.formatting import spaced
from evaluation.measures.comparisons import Paths
from evaluation.naming.loads import path_name
from rve.loads.load_path import DIRECTIONS

_FINITE_ELEMENTS = (
    "Homogenised stress against strain, from the finite elements of the cell. Shear strains are "
    "engineering strains."
)


@partial(
    StudyFigure,
    "fig06",
    "Reference responses",
    section="references",
    caption=f"{_FINITE_ELEMENTS} Shown is the loaded component. {LOADING}",
    source="references",
    needs=NOTHING,
)
def references(curves: References) -> Figure:
    """Stress against strain of the loaded component, a panel a load, a line a composite."""
    loads = [load for load in LOADS if any(load in table for table in curves.values())]
    axes = stress_panels(loads)
    for axis, load in zip(axes, loads, strict=True):
        _draw(axis, curves, CurvePanel(load, DIRECTIONS[load].component))
        axis.set_xlim(0, None)
    return legend_above(axes)


@partial(
    StudyFigure,
    "paths",
    "Responses along the load paths of this study",
    section="references",
    caption=f"{_FINITE_ELEMENTS} Shown are the components that the path prescribes, and over time "
    "what answers them where the path turns, holds or changes its rate.",
    source="paths",
    needs=Need("load paths of its own", lambda study: bool(study.paths)),
)
def paths(curves: References, own: Paths) -> Figure:
    """Stress against strain along load paths, and what answers over time."""
    shown = path_panels(own)
    axes = panels([fill(path_name(panel.load), 24) for panel in shown], 3, STRESS_PANEL_SIZE)
    for axis, panel in zip(axes, shown, strict=True):
        _draw(axis, curves, panel)
    return legend_above(axes)


def _draw(axes: Axes, curves: References, panel: CurvePanel) -> None:
    """A line a composite."""
    colours = assign_colours(curves, COMPOSITE_COLOURS)
    for index, (composite, by_load) in enumerate(curves.items()):
        if panel.load in by_load:
            style: Any = {"color": colours[composite], "label": spaced(composite)}
            dash = DASHES[index % len(DASHES)]
            axes.plot(*panel.of(by_load[panel.load]), linestyle=dash, **style)
    panel.name_axes(axes)
