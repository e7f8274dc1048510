"""DMN against IMN, online, by depth: Fig. 17 (a) to (d)."""

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.style import (
    KIND_COLOURS,
    Band,
    figure_of,
    legend_above,
    panels,
    styled,
)
from evaluation.summary import depth_measures

_PANELS = {
    "e_sigma": ("Prediction error", "$\\mathregular{e_\\sigma}$ [%]", 100),
    "online_seconds": ("Online time, all loads", "time [s]", 1),
    "iterations_per_increment": ("Iterations", "mean iterations per increment", 1),
    "active_nodes": ("Active base nodes", "active base nodes", 1),
}


@styled
def comparison(values: pd.DataFrame) -> Figure:
    """Four measures against the number of layers.

    Lines: means over the networks of a kind and depth, with bands of one standard deviation; dots:
    the single networks.

    Args:
        values: as from `evaluation.summary.depth_values`.
    """
    measures = depth_measures(values)
    axes = panels([title for title, *_ in _PANELS.values()], 2, (4.0, 2.9))
    for axis, (quantity, (_, label, scale)) in zip(axes, _PANELS.items(), strict=True):
        for kind, colour in KIND_COLOURS.items():
            rows = _chosen(measures, quantity, kind)
            mean = scale * rows["mean"].to_numpy()
            deviation = scale * rows["std"].fillna(0).to_numpy()
            x = rows["layers"].to_numpy()
            Band(x, mean, mean - deviation, mean + deviation).draw(axis, colour, kind)
            dots = _chosen(values, quantity, kind)
            axis.scatter(
                dots["layers"],
                scale * dots["value"],
                s=12,
                color=colour,
                alpha=0.6,
                linewidths=0,
            )
        axis.set(xlabel="layers", ylabel=label, xticks=sorted(measures["layers"].unique()))
        axis.set_ylim(0, 1.05 * axis.get_ylim()[1])
    legend_above(axes)
    return figure_of(axes)


def _chosen(table: pd.DataFrame, quantity: str, kind: str) -> pd.DataFrame:
    rows = table[(table["quantity"] == quantity) & (table["kind"] == kind)]
    return rows.sort_values("layers")
