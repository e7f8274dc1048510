"""Errors by direction of the load, and against size and cost: not in the paper."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.captions import TIME, all_networks, counts
from evaluation.figures.figure import StudyFigure
from evaluation.figures.panels import ERROR, cost_panels, logarithmic, name_load_axes
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    KIND_COLOURS,
    LOADS,
    MOST_DOTS,
    SCHEME_COLOURS,
    assign_colours,
    empty,
    figure_of,
    legend_above,
    panels,
    text_below,
)
from evaluation.formatting import scheme_name, spaced
from evaluation.measures.choice import choose, pareto_front
from evaluation.measures.statistics import statistics
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import configuration_labels, shown_groups

_NOTHING = "No network that predicted all loads was timed."
_WIDTH = 0.7  # of the marks of a load, over the distance of two loads
_MARKS = "os^"


@partial(
    StudyFigure,
    "directions",
    "Error by direction",
    section="beyond",
    caption="Relative stress error of single loads: mean and standard deviation over networks that "
    "differ in their random initialisation alone; a colour is one way to train.",
)
def directions(tables: StudyTables) -> Figure:
    """Error of single loads, a panel a composite: means and deviations of each way to train."""
    choice = choose(tables)
    groups = shown_groups(tables, choice.chosen if choice else None)
    rows = tables.first_scheme_predictions
    rows = rows[rows["status"] == "ok"]
    found = {label: of_networks(rows, ids) for label, ids in groups.items()}
    found = {label: errors for label, errors in found.items() if len(errors)}
    if not found:
        return empty("No network predicted a load.")
    composites = list(dict.fromkeys(rows["composite"]))
    axes = panels([spaced(name) for name in composites], 3, (3.4, 2.9))
    loads = [load for load in LOADS if load in set(rows["load"])]
    colours = assign_colours(found, GROUP_COLOURS)
    step = _WIDTH / len(found)
    for axis, composite in zip(axes, composites, strict=True):
        for place, (label, errors) in enumerate(found.items()):
            mark = _MARKS[place // len(GROUP_COLOURS) % len(_MARKS)]
            by_load = errors[errors["composite"] == composite].groupby("load")["error"]
            mean = (100 * by_load.mean()).reindex(loads)
            deviation = (100 * by_load.std()).reindex(loads).fillna(0)
            x = np.arange(len(loads)) + step * (place - (len(found) - 1) / 2)
            reach = [np.minimum(deviation, 0.9 * mean), deviation]
            style: Any = {"markersize": 4, "color": colours[label]}
            axis.errorbar(x, mean, reach, fmt=mark, capsize=2, **style)
            axis.plot([], [], mark, label=label, **style)
        name_load_axes(axis, loads)
    return legend_above(axes)


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
    axes = cost_panels((4.4, 3.4))
    for kind, colour in KIND_COLOURS.items():
        chosen = rows[rows["kind"] == kind]
        style: Any = {"markersize": 4, "alpha": 0.6, "markeredgewidth": 0}
        style |= {"color": colour, "label": kind, "rasterized": len(chosen) > MOST_DOTS}
        for axis, column in zip(axes, ("active_nodes", "online_seconds"), strict=True):
            axis.plot(chosen[column], 100 * chosen["e_sigma"], "o", **style)
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
        style: Any = {"marker": "o" if kind == "DMN" else "s", "linestyle": "", "markersize": 4.5}
        style |= {"alpha": 0.75, "rasterized": len(chosen) > MOST_DOTS}
        style |= {"label": f"{kind}, {scheme_name(str(scheme), str(kind))}"}
        colour = SCHEME_COLOURS[str(scheme)]
        axes.plot(chosen["seconds"], 100 * chosen["e_sigma"], color=colour, **style)
    names = _draw_front(axes, pareto_front(means, "seconds", "e_sigma"))
    logarithmic(axes, "online time, all loads [s]", ERROR.label)
    legend_above([axes])
    text_below([axes], names)
    return figure_of([axes])


def _draw_front(axes: Axes, best: pd.DataFrame) -> list[str]:
    """The configurations that none beats in both error and time; returns the name of each number.

    Names are too long to stand beside their marks.
    """
    line: Any = {"color": INK, "linewidth": 0.9, "linestyle": "--", "zorder": 1}
    axes.step(best["seconds"], 100 * best["e_sigma"], where="post", label="Pareto front", **line)
    names = []
    look: Any = {"textcoords": "offset points", "xytext": (4, 4), "fontsize": 8.0, "color": INK}
    for number, row in enumerate(best.to_dict("records"), start=1):
        axes.annotate(str(number), (row["seconds"], 100 * row["e_sigma"]), **look)
        names.append(f"{number}  {row['label']}")
    return names
