"""The nonlinear references of all composites: Fig. 6, and along the user's own load paths."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.captions import LOADING
from evaluation.figures.figure import NOTHING, Need, References, StudyFigure
from evaluation.figures.panels import STRESS_PANEL_SIZE, name_stress_axes, stress_panels
from evaluation.figures.style import (
    COMPOSITE_COLOURS,
    DASHES,
    LOADS,
    assign_colours,
    legend_above,
    panels,
)
from evaluation.formatting import spaced
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
        _draw(axis, curves, load, DIRECTIONS[load].component)
        axis.set_xlim(0, None)
    return legend_above(axes)


@partial(
    StudyFigure,
    "paths",
    "Responses along the load paths of this study",
    section="references",
    caption=f"{_FINITE_ELEMENTS} Shown are the components that the path prescribes.",
    source="paths",
    needs=Need("load paths of its own", lambda study: bool(study.paths)),
)
def paths(curves: References, components: Mapping[str, Sequence[str]]) -> Figure:
    """Stress against strain along load paths, a panel a path and component.

    `components` are those that a path prescribes, as 11.
    """
    shown = [(path, component) for path, names in components.items() for component in names]
    titles = [f"{spaced(path)},\ncomponent {component}" for path, component in shown]
    axes = panels(titles, 3, STRESS_PANEL_SIZE)
    for axis, (path, component) in zip(axes, shown, strict=True):
        _draw(axis, curves, path, component)
    return legend_above(axes)


def _draw(axes: Axes, curves: References, load: str, component: str) -> None:
    """Stress against strain of a component, a line a composite."""
    colours = assign_colours(curves, COMPOSITE_COLOURS)
    for index, (composite, by_load) in enumerate(curves.items()):
        if load in by_load:
            table, dash = by_load[load], DASHES[index % len(DASHES)]
            strain, stress = 100 * table[f"eps_{component}"], table[f"sig_{component}"]
            style: Any = {"color": colours[composite], "label": spaced(composite)}
            axes.plot(strain, stress, linestyle=dash, **style)
    name_stress_axes(axes, component)
