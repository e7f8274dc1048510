"""Prediction error by direction of the load: not in the paper."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from evaluation.figures.figure import StudyFigure
from evaluation.figures.style import (
    GROUP_COLOURS,
    LOADS,
    assign_colours,
    empty,
    legend_above,
    panels,
    plain_logarithm,
)
from evaluation.formatting import spaced
from evaluation.measures.choice import choose
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import shown_groups

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
            axis.errorbar(
                np.arange(len(loads)) + step * (place - (len(found) - 1) / 2),
                mean,
                yerr=[np.minimum(deviation, 0.9 * mean), deviation],
                fmt=mark,
                markersize=4,
                capsize=2,
                color=colours[label],
            )
            axis.plot([], [], mark, markersize=4, color=colours[label], label=label)
        axis.set(xlabel="load", ylabel="relative stress error [%]", yscale="log")
        axis.set_xticks(range(len(loads)), loads)
        plain_logarithm(axis.yaxis)
    return legend_above(axes)
