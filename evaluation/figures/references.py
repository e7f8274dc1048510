"""The nonlinear references of all composites: Fig. 6."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.style import (
    COMPOSITE_COLOURS,
    LOADS,
    assign,
    figure_of,
    legend_above,
    panels,
    styled,
)

PANEL_SIZE = (3.1, 2.5)


@styled
def references(curves: Mapping[str, Mapping[str, pd.DataFrame]]) -> Figure:
    """Stress against strain of the loaded component, a panel a load, a line a composite.

    Args:
        curves: composite -> load -> table of a reference, columns as in its file.
    """
    loads = [load for load in LOADS if any(load in table for table in curves.values())]
    colours = assign(curves, COMPOSITE_COLOURS)
    axes = panels(loads, 3, PANEL_SIZE)
    for axis, load in zip(axes, loads, strict=True):
        for composite, by_load in curves.items():
            if load in by_load:
                table = by_load[load]
                axis.plot(
                    100 * table[f"eps_{load}"],
                    table[f"sig_{load}"],
                    color=colours[composite],
                    label=composite.replace("_", " "),
                )
        name_axes(axis, load)
    legend_above(axes)
    return figure_of(axes)


def name_axes(axes: Axes, load: str) -> None:
    """Name and unit of the loaded strain (shear: engineering) and of its stress."""
    symbol = "\\varepsilon" if load[0] == load[1] else "\\gamma"
    axes.set(xlabel=f"$\\mathregular{{{symbol}_{{{load}}}}}$ [%]", xlim=(0, None))
    axes.set(ylabel=f"$\\mathregular{{\\sigma_{{{load}}}}}$ [GPa]")
