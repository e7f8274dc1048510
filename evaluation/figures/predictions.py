"""Predicted stresses of a composite against the reference: Figs. 8 to 10."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.panels import name_stress_axes, stress_panels
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    LOADS,
    Band,
    assign_colours,
    figure_of,
    legend_above,
    styled,
)
from rve.loads.load_path import DIRECTIONS


@styled
def predictions(
    reference: Mapping[str, pd.DataFrame], predicted: Mapping[str, pd.DataFrame]
) -> Figure:
    """Stress against strain of the loaded component, a panel a load.

    Solid: mean over the networks of a group, with a band of one standard deviation; dashed: the
    reference (DNS).

    Args:
        reference: load -> table of the composite's reference, columns as in its file.
        predicted: label of a group -> predictions of its networks: `load` and the columns of a
            curve; every network has the same strains in the loaded component.
    """
    loads = [load for load in LOADS if load in reference]
    colours = assign_colours(predicted, GROUP_COLOURS)
    axes = stress_panels(loads)
    for axis, load in zip(axes, loads, strict=True):
        component = DIRECTIONS[load].component
        strain, stress = f"eps_{component}", f"sig_{component}"
        for label, curves in predicted.items():
            by_increment = curves[curves["load"] == load].groupby("increment")
            mean = by_increment[stress].mean().to_numpy()
            deviation = by_increment[stress].std().fillna(0).to_numpy()
            x = 100 * by_increment[strain].mean().to_numpy()
            Band(x, mean, mean - deviation, mean + deviation).draw(axis, colours[label], label)
        table = reference[load]
        axis.plot(100 * table[strain], table[stress], color=INK, linestyle="--", label="DNS")
        name_stress_axes(axis, component)
        axis.set_xlim(0, None)
    legend_above(axes)
    return figure_of(axes)
