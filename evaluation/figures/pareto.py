"""Accuracy against size and cost, over all networks: not in the paper."""

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.captions import TIME, all_networks, counts
from evaluation.figures.figure import StudyFigure
from evaluation.figures.panels import ERROR, cost_panels
from evaluation.figures.style import (
    INK,
    KIND_COLOURS,
    MOST_DOTS,
    SCHEME_COLOURS,
    empty,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
    text_below,
)
from evaluation.formatting import scheme_name
from evaluation.measures.pareto import pareto_front
from evaluation.measures.statistics import statistics
from evaluation.measures.tables import StudyTables
from evaluation.naming.names import configuration_labels

_SIZE = (4.4, 3.4)
_NOTHING = "No network that predicted all loads was timed."


@partial(
    StudyFigure,
    "costs",
    "Error against size and cost",
    section="beyond",
    caption="A dot is one network: e_σ, the mean over the composites, against (a) its active base "
    f"nodes and (b) the {TIME}, of {{composite}}. Each kind uses its first scheme.",
    told=counts(all_networks),
)
def costs(tables: StudyTables) -> Figure:
    """Error of the networks against their active base nodes, and against their online time."""
    rows = tables.composite_means.dropna(subset=["online_seconds"])
    if rows.empty:
        return empty(_NOTHING)
    axes = cost_panels(_SIZE)
    for kind, colour in KIND_COLOURS.items():
        chosen = rows[rows["kind"] == kind]
        for axis, column in zip(axes, ("active_nodes", "online_seconds"), strict=True):
            _scatter(axis, chosen[column], chosen["e_sigma"], colour, kind)
    return legend_above(axes)


@partial(
    StudyFigure,
    "pareto",
    "Error against cost of all configurations and schemes",
    section="beyond",
    caption=f"A mark is a configuration with one scheme: mean e_σ over the networks, and {TIME}, "
    "of {composite}. The line and the numbers show the Pareto front: configurations with an error "
    "at least 1 % below that of every faster one.",
    told=counts(all_networks),
)
def pareto(tables: StudyTables) -> Figure:
    """Mean error of each configuration and scheme against its online time, and the best of them."""
    rows = tables.timed_errors
    rows = rows.assign(label=rows["network"].map(configuration_labels(tables)))
    means = statistics(rows, ["label", "kind", "scheme"], ["e_sigma", "online_seconds"])
    means = means.rename(columns={"e_sigma_mean": "e_sigma", "online_seconds_mean": "seconds"})
    means = means.dropna(subset=["e_sigma", "seconds"])
    if means.empty:
        return empty(_NOTHING)
    (axes,) = panels(["Configurations and schemes"], 1, (6.6, 4.4))
    for (kind, scheme), chosen in means.groupby(["kind", "scheme"], sort=False):
        axes.plot(
            chosen["seconds"],
            100 * chosen["e_sigma"],
            "o" if kind == "DMN" else "s",
            markersize=4.5,
            alpha=0.75,
            rasterized=len(chosen) > MOST_DOTS,
            color=SCHEME_COLOURS[str(scheme)],
            label=f"{kind}, {scheme_name(str(scheme), str(kind))}",
        )
    names = _draw_front(axes, pareto_front(means, "seconds", "e_sigma"))
    axes.set(xscale="log", yscale="log", xlabel="online time, all loads [s]", ylabel=ERROR.label)
    plain_logarithm(axes.xaxis)
    plain_logarithm(axes.yaxis)
    legend_above([axes])
    text_below([axes], names)
    return figure_of([axes])


def _scatter(axes: Axes, x: pd.Series, error: pd.Series, colour: str, label: str) -> None:
    style: Any = {"markersize": 4, "alpha": 0.6, "markeredgewidth": 0}
    style |= {"color": colour, "label": label, "rasterized": len(x) > MOST_DOTS}
    axes.plot(x, 100 * error, "o", **style)


def _draw_front(axes: Axes, best: pd.DataFrame) -> list[str]:
    """The configurations that none beats in both error and time; returns the name of each number.

    Names are too long to stand beside their marks.
    """
    line: Any = {"color": INK, "linewidth": 0.9, "linestyle": "--", "zorder": 1}
    axes.step(best["seconds"], 100 * best["e_sigma"], where="post", label="Pareto front", **line)
    names = []
    for number, row in enumerate(best.to_dict("records"), start=1):
        at = row["seconds"], 100 * row["e_sigma"]
        look: Any = {"textcoords": "offset points", "xytext": (4, 4), "fontsize": 8.0, "color": INK}
        axes.annotate(str(number), at, **look)
        names.append(f"{number}  {row['label']}")
    return names
