"""How the references depend on mesh and packing: not in the paper."""

from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.figure import Need, StudyFigure
from evaluation.figures.panels import mark_values
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    MUTED,
    legend_above,
    panels,
    plain_logarithm,
)
from evaluation.formatting import spaced
from evaluation.measures.convergence import STIFFNESS

_PANEL_SIZE = (3.1, 2.7)


@partial(
    StudyFigure,
    "convergence",
    "Dependence of the references on mesh and packing",
    section="references",
    caption="Above: one packing, meshed finer and finer. Shown is the relative distance from the "
    "finest mesh, of the homogenised stiffness (as in Eq. 33) and of the stresses along a load (as "
    "in Eq. 32). Below: the root mean square distance of single packings from the mean over all "
    "packings with as many fibres. Dotted: the cell of this study.",
    source="convergence",
    needs=Need("a convergence study", lambda study: study.convergence is not None),
    place=2,
)
def convergence(
    mesh: pd.DataFrame, packing: pd.DataFrame, element_size: float, fibres: int
) -> Figure:
    """Error against element size above, scatter against number of fibres below.

    Element size and number of fibres of the study's own cell are marked.
    """
    composites = list(dict.fromkeys(mesh["composite"]))
    titles = [f"{what}, {spaced(name)}" for what in ("mesh", "packing") for name in composites]
    axes = panels(titles, len(composites), _PANEL_SIZE)
    upper, lower = axes[: len(composites)], axes[len(composites) :]
    for axis, composite in zip(upper, composites, strict=True):
        _draw(axis, mesh[mesh["composite"] == composite], "element_size", "error", element_size)
        axis.set(xlabel="element size [cell edges]", ylabel="distance from finest mesh [%]")
    for axis, composite in zip(lower, composites, strict=True):
        _draw(axis, packing[packing["composite"] == composite], "fibres", "scatter", fibres)
        axis.set(xlabel="fibres in the cell", ylabel="scatter of packings [%]")
    for row in (upper, lower):
        for axis in row[1:]:
            axis.sharey(row[0])
        row[0].autoscale(axis="y")
    return legend_above(axes)


def _draw(axes: Axes, rows: pd.DataFrame, x: str, y: str, own: float) -> None:
    """A line a quantity on logarithmic axes, its points marked, and x of the study's own cell."""
    loads = [quantity for quantity in rows["quantity"].unique() if quantity != STIFFNESS]
    colours = {STIFFNESS: INK} | dict(zip(loads, GROUP_COLOURS, strict=False))
    for quantity, colour in colours.items():
        line = rows[rows["quantity"] == quantity].sort_values(x)
        label = quantity if quantity == STIFFNESS else f"load {quantity}"
        axes.loglog(line[x], 100 * line[y], "o-", color=colour, markersize=3.5, label=label)
    axes.axvline(own, color=MUTED, linestyle=":", linewidth=1)
    mark_values(axes, rows[x], logarithmic=True)
    plain_logarithm(axes.yaxis)
