"""Prediction error by direction of the load: not in the paper."""

import numpy as np
from matplotlib.figure import Figure

from evaluation.figures.style import (
    KIND_COLOURS,
    LOADS,
    empty,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
    styled,
)
from evaluation.formatting import spaced
from evaluation.measures.statistics import load_errors
from evaluation.measures.tables import StudyTables


@styled
def directions(tables: StudyTables) -> Figure:
    """Error of single loads, a panel a composite: means and standard deviations over all networks.

    Args:
        tables: of the study.
    """
    rows = tables.first_scheme_predictions
    errors = load_errors(rows, ["composite", "kind", "load"])
    if errors.empty:
        return empty("No network predicted a load.")
    composites = list(dict.fromkeys(errors["composite"]))
    axes = panels([spaced(name) for name in composites], 3, (3.4, 2.9))
    loads = [load for load in LOADS if load in set(errors["load"])]
    kinds = [kind for kind in KIND_COLOURS if kind in set(errors["kind"])]
    for axis, composite in zip(axes, composites, strict=True):
        for place, kind in enumerate(kinds):
            chosen = errors[(errors["composite"] == composite) & (errors["kind"] == kind)]
            chosen = chosen.set_index("load").reindex(loads)
            mean, deviation = (100 * chosen[f"error_{name}"] for name in ("mean", "std"))
            x = np.arange(len(loads)) + 0.2 * (place - (len(kinds) - 1) / 2)
            down = np.minimum(deviation.fillna(0), 0.9 * mean)
            axis.errorbar(
                x,
                mean,
                yerr=[down, deviation.fillna(0)],
                fmt="o",
                markersize=4,
                capsize=2,
                color=KIND_COLOURS[kind],
                label=kind,
            )
            axis.plot([], [], "o", markersize=4, color=KIND_COLOURS[kind], label=kind)
        axis.set(xlabel="load", ylabel="relative stress error [%]", yscale="log")
        axis.set_xticks(range(len(loads)), loads)
        plain_logarithm(axis.yaxis)
    legend_above(axes)
    return figure_of(axes)
