"""Training histories of networks with different batch sizes: Fig. 7."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from evaluation.figures.panels import draw_histories, name_error_axes
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    assign_colours,
    figure_of,
    legend_above,
    panels,
    styled,
)
from evaluation.measures.histories import History


@styled
def histories(sweeps: Mapping[str, Mapping[str, Sequence[History]]]) -> Figure:
    """Error e_C against epoch, a panel a sweep, a colour a batch size.

    Solid: mean training error of the networks, with a band of one standard deviation, whose lower
    limit stays above a tenth of the mean for the sake of the logarithm. Dotted: mean validation
    error. Long histories are drawn at evenly spread epochs; a training that ended keeps its error.

    Args:
        sweeps: sweep -> batch size -> histories of its networks.
    """
    size = (5.4, 3.6) if len(sweeps) == 1 else (3.7, 3.2)
    axes = panels([sweep.replace("_", " ") for sweep in sweeps], 3, size)
    colours = assign_colours(
        [label for groups in sweeps.values() for label in groups], GROUP_COLOURS
    )
    for axis, groups in zip(axes, sweeps.values(), strict=True):
        axis.plot([], [], color=INK, label="training")
        axis.plot([], [], color=INK, linestyle=":", linewidth=1.1, label="validation")
        for label, members in groups.items():
            if members:
                draw_histories(axis, members, colours[label], label, True)
        name_error_axes(axis)
    legend_above(axes)
    return figure_of(axes)
