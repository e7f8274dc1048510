"""The picture of a predicted curve, as `python -m evaluation.online` draws it; none of a study."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from evaluation.figures.panels import STRESS_PANEL_SIZE, Quantity, label
from evaluation.figures.style import KIND_COLOURS, draw_band, legend_above, panels, styled
from evaluation.online.curve_table import Columns

_COLOUR = KIND_COLOURS["IMN"]


@styled
def response(columns: Columns, components: Sequence[str], unit: str, over_time: bool) -> Figure:
    """Stress against strain, a panel a component; and both over time, if that is asked for.

    Deviations of the stresses are a band of two to both sides.
    """
    time = columns["time [s]"]
    titles = [f"component {c}" for c in components]
    if over_time:
        titles += [f"{what} {c} over time" for what in ("stress", "strain") for c in components]
    axes = panels(titles, min(3, len(components)), STRESS_PANEL_SIZE)
    name = "mean of the networks, ± 2 deviations"
    for place, component in enumerate(components):
        own = axes[place :: len(components)]
        strain, stress = 100 * columns[f"eps_{component} [-]"], columns[f"sig_{component} [{unit}]"]
        deviation = columns.get(f"deviation_{component} [{unit}]")
        x_axes: Sequence[tuple[Quantity, Any]] = (("strain", strain), ("time", time))
        for axis, (quantity, x) in zip(own[:2], x_axes, strict=False):
            if deviation is None:
                axis.plot(x, stress, color=_COLOUR)
            else:
                limits = stress - 2 * deviation, stress + 2 * deviation
                draw_band(axis, x, stress, limits, _COLOUR, label=name)
            axis.set(xlabel=label(quantity, component), ylabel=label("stress", component, unit))
        if over_time:
            own[2].plot(time, strain, color=_COLOUR)
            own[2].set(xlabel=label("time", component), ylabel=label("strain", component))
    return legend_above(axes)
