"""The nonlinear references of all composites: Fig. 6, and along the user's own load paths."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.panels import STRESS_PANEL_SIZE, name_stress_axes, stress_panels
from evaluation.figures.style import (
    COMPOSITE_COLOURS,
    DASHES,
    LOADS,
    assign_colours,
    figure_of,
    legend_above,
    panels,
    styled,
)
from evaluation.formatting import spaced
from rve.loads.load_path import DIRECTIONS


@styled
def references(curves: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure:
    """Stress against strain of the loaded component, a panel a load, a line a composite.

    Args:
        curves: composite -> load -> table of a reference, columns as in its file.
    """
    loads = [load for load in LOADS if any(load in table for table in curves.values())]
    axes = stress_panels(loads)
    for axis, load in zip(axes, loads, strict=True):
        _draw(axis, curves, load, DIRECTIONS[load].component)
        axis.set_xlim(0, None)
    legend_above(axes)
    return figure_of(axes)


@styled
def paths(
    curves: Mapping[str, Mapping[str, pd.DataFrame]], components: Mapping[str, Sequence[str]]
) -> Figure:
    """Stress against strain along load paths, a panel a path and component.

    Args:
        curves: composite -> path -> table of a reference.
        components: path -> components that it prescribes, as 11.
    """
    shown = [(path, component) for path, names in components.items() for component in names]
    titles = [f"{spaced(path)},\ncomponent {component}" for path, component in shown]
    axes = panels(titles, 3, STRESS_PANEL_SIZE)
    for axis, (path, component) in zip(axes, shown, strict=True):
        _draw(axis, curves, path, component)
    legend_above(axes)
    return figure_of(axes)


def _draw(
    axes: Axes, curves: Mapping[str, Mapping[str, pd.DataFrame]], load: str, component: str
) -> None:
    """Stress against strain of a component, a line a composite."""
    colours = assign_colours(curves, COMPOSITE_COLOURS)
    for index, (composite, by_load) in enumerate(curves.items()):
        if load in by_load:
            table = by_load[load]
            axes.plot(
                100 * table[f"eps_{component}"],
                table[f"sig_{component}"],
                color=colours[composite],
                linestyle=DASHES[index % len(DASHES)],
                label=composite.replace("_", " "),
            )
    name_stress_axes(axes, component)
