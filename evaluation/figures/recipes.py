"""Recipes of a training beside each other, their ingredients, and ensembles: not in the paper."""

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter
from scipy.special import erf

from evaluation.figures.captions import DOTS, TIME, counts, in_groups
from evaluation.figures.figure import RECIPES, StudyFigure, compared
from evaluation.figures.panels import ERROR, cost_panels, name_load_axes
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    LOADS,
    MUTED,
    assign_colours,
    empty,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
)
from evaluation.formatting import percent, spaced
from evaluation.measures.recipes import (
    common_networks,
    direction_errors,
    ensemble_errors,
    recipe_networks,
    usual_size,
)
from evaluation.measures.tables import DEVIATIONS, StudyTables, of_networks

_NOTHING = "No network of these recipes predicted all loads."
_MARKS = {"DMN": "o", "IMN": "s"}


_RECIPES = partial(
    StudyFigure,
    section="reliable",
    told=counts(lambda tables: in_groups(tables.comparisons.recipes)),
    needs=RECIPES,
)


@partial(
    _RECIPES,
    "recipes",
    "Recipes of a training: error against size and cost",
    caption=f"{DOTS} Marks on a line: means of one depth, e_σ as the mean over the composites. (b) "
    f"{TIME}, of {{composite}}, with the fastest scheme.",
)
def recipes(tables: StudyTables) -> Figure:
    """Error against active base nodes, and against online time: dots, and means by depth."""
    rows = recipe_networks(tables)
    if rows.empty:
        return empty(_NOTHING)
    colours = _colours(tables)
    axes = cost_panels((4.6, 3.6))
    for (recipe, kind), group in rows.groupby(["recipe", "kind"], sort=False):
        means = group.groupby("layers")[["active_nodes", "online_seconds", "e_sigma"]].mean()
        dots: Any = {"color": colours[str(recipe)], "marker": _MARKS[str(kind)]}
        line = dots | {"label": f"{spaced(str(recipe))}, {kind}", "markersize": 5.5}
        line["linestyle"] = "-" if kind == "IMN" else "--"
        dots |= {"linestyle": "", "markersize": 2.5, "alpha": 0.35}
        for axis, column in zip(axes, ("active_nodes", "online_seconds"), strict=True):
            for rows_of, style in ((group, dots), (means.sort_values(column), line)):
                axis.plot(rows_of[column], 100 * rows_of["e_sigma"], **style)
    return legend_above(axes)


@partial(
    _RECIPES,
    "recipe_directions",
    "Recipes of a training: error by direction",
    caption="Relative stress error of single loads, the mean over the composites, of the greatest "
    f"depth that all recipes have. {DOTS} Dashes: means.",
)
def recipe_directions(tables: StudyTables) -> Figure:
    """Error of each direction: a dot a network, a dash their mean."""
    rows = direction_errors(tables)
    if rows.empty:
        return empty(_NOTHING)
    kinds = sorted(set(rows["kind"]))
    axes = panels(kinds, 2, (4.6, 3.2))
    colours = _colours(tables)
    for axis, kind in zip(axes, kinds, strict=True):
        for place, (recipe, colour) in enumerate(colours.items()):
            chosen = rows[(rows["kind"] == kind) & (rows["recipe"] == recipe)]
            shift = 0.26 * (place - (len(colours) - 1) / 2)
            for x, load in enumerate(LOADS):
                errors = 100 * chosen.loc[chosen["load"] == load, "error"]
                spread = x + shift + np.linspace(-0.08, 0.08, len(errors))
                axis.plot(spread, errors, "o", color=colour, markersize=2.5, alpha=0.45)
                if len(errors):
                    ends = x + shift - 0.12, x + shift + 0.12
                    axis.plot(ends, [errors.mean()] * 2, color=colour, linewidth=2.2)
            axis.plot([], [], color=colour, linewidth=2.2, label=spaced(recipe))
        name_load_axes(axis, LOADS)
    return legend_above(axes)


@partial(
    StudyFigure,
    "ablation",
    "What makes networks reliable",
    section="reliable",
    caption="Start, norm and data of a training; all else is as in the recipe. A dot is one "
    "network, e_σ as the mean over the composites. The line is one standard deviation to either "
    "side of the mean, which is printed beside it.",
    told=counts(lambda tables: in_groups(tables.comparisons.ablation)),
    needs=compared("ablation", "a sweep over ingredients of a recipe"),
)
def ablation(tables: StudyTables) -> Figure:
    """Error by the ingredients of a recipe: a dot a network, a line the mean and one deviation."""
    groups, means = tables.comparisons.ablation, tables.composite_means
    found = {label: 100 * of_networks(means, ids)["e_sigma"] for label, ids in groups.items()}
    found = {label: errors for label, errors in found.items() if len(errors)}
    if not found:
        return empty("No network predicted all loads.")
    (axis,) = panels([""], 1, (7.4, 0.34 * len(found) + 1.0))
    starts = assign_colours([label.split(",")[0] for label in groups], GROUP_COLOURS)
    look: Any = {"xycoords": ("axes fraction", "data"), "va": "center", "color": INK}
    for place, (label, errors) in enumerate(found.items()):
        colour, mean, deviation = starts[label.split(",")[0]], errors.mean(), errors.std()
        spread = place + np.linspace(-0.15, 0.15, len(errors))
        axis.plot(errors, spread, "o", color=colour, markersize=3.5, alpha=0.5)
        low = max(mean - deviation, 0.5 * errors.min())
        axis.plot([low, mean + deviation], [place, place], color=colour, linewidth=2)
        axis.plot(mean, place, "|", color=INK, markersize=13, markeredgewidth=2)
        text = percent(mean / 100, deviation / 100)
        axis.annotate(text, (1.01, place), annotation_clip=False, **look)
    axis.set_yticks(range(len(found)), list(found))
    axis.set(xscale="log", xlabel=ERROR.label)
    axis.invert_yaxis()
    plain_logarithm(axis.xaxis)
    return figure_of([axis])


@partial(
    _RECIPES,
    "ensembles",
    "Means of several networks, and their spread",
    caption="Networks of the greatest depth that all recipes have, which differ in their "
    "initialisation alone. (a) Error of the mean of their stresses. (b) How often the "
    "finite-element stress lies within so many deviations of that mean. Dotted: the spread as it "
    "is. Solid: times a factor from first moments of linear samples that no network was trained "
    "with.",
)
def ensembles(tables: StudyTables) -> Figure:
    """Error against the number of networks that are averaged, and how honest their spread is."""
    layers = common_networks(tables)["layers"].max()
    rows = tables.ensembles[tables.ensembles["layers"] == layers]
    if rows.empty:
        return empty("No recipe has two trained networks.")
    colours, size = _colours(tables), usual_size(tables)
    axes = panels(["Mean of several networks", "Reference within the spread"], 2, (4.6, 3.4))
    trained = recipe_networks(tables)
    trained = trained[trained["layers"] == layers]
    single = trained.groupby(["recipe", "kind"])["e_sigma"].mean()
    averaged = ensemble_errors(tables)
    averaged = averaged[averaged["layers"] == layers]
    under = rows[(rows["control"] == tables.control) & (rows["networks"] == size)]
    for (recipe, kind), group in averaged.groupby(["recipe", "kind"], sort=False):
        group = group.sort_values("networks")
        numbers = [1, *group["networks"]]
        errors = [single.get((recipe, kind), np.nan), *group["error"]]
        style: Any = {"color": colours[str(recipe)], "marker": _MARKS[str(kind)]}
        style["markersize"] = 4
        axes[0].plot(numbers, 100 * np.array(errors), **style, label=f"{spaced(recipe)}, {kind}")
        chosen = under[(under["recipe"] == recipe) & (under["kind"] == kind)]
        for name, line in (("inside", ":"), ("calibrated", "-")):
            shares = [100 * chosen[f"{name}_{k:g}"].mean() for k in DEVIATIONS]
            axes[1].plot(DEVIATIONS, shares, line, **style)
    k = np.linspace(0, max(DEVIATIONS), 100)
    axes[1].plot(k, 100 * erf(k / np.sqrt(2)), color=INK, linewidth=1, label="normal distribution")
    axes[1].plot([], [], ":", color=MUTED, label="spread as it is")
    axes[1].plot([], [], "-", color=MUTED, label="spread, calibrated")
    axes[0].set(xlabel="networks", ylabel=ERROR.label, yscale="log", xscale="log")
    axes[0].set_xticks(sorted({1, *averaged["networks"]}), minor=False)
    axes[0].xaxis.set_major_formatter("{x:g}")
    axes[0].xaxis.set_minor_formatter(NullFormatter())
    plain_logarithm(axes[0].yaxis)
    axes[1].set(xlabel="deviations", ylabel="reference within [%]", ylim=(0, 102))
    return legend_above(axes)


def _colours(tables: StudyTables) -> dict[str, str]:
    return assign_colours(tables.comparisons.recipes, GROUP_COLOURS)
