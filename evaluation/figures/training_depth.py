"""Training of DMN and IMN by depth: Fig. 14."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from evaluation.figures.panels import draw_histories, mark_values, name_error_axes
from evaluation.figures.style import (
    DEPTH_COLOURS,
    KIND_COLOURS,
    assign_colours,
    figure_of,
    panels,
    plain_logarithm,
    styled,
)
from evaluation.measures.histories import History
from evaluation.measures.statistics import AS_PRINTED, training_rows

_DASHES = {"fused": "-", "torch": "--", AS_PRINTED: ":"}
_BACKENDS = {"fused": "compiled", "torch": "PyTorch", AS_PRINTED: "PyTorch, as printed"}


@styled
def training_depth(
    histories: Mapping[str, Mapping[int, Sequence[History]]], timing: pd.DataFrame
) -> Figure:
    """Histories of the training error of each kind, and the training time an epoch.

    Args:
        histories: kind -> layers -> histories of the networks.
        timing: timing.csv.
    """
    titles = [f"{kind}, training" for kind in histories]
    axes = panels([*titles, "Training time, one thread"], 3, (3.7, 3.4))
    depths = sorted({layers for by_layers in histories.values() for layers in by_layers})
    colours = assign_colours([str(layers) for layers in depths], DEPTH_COLOURS)
    drawn = axes[: len(histories)]
    for axis, by_layers in zip(drawn, histories.values(), strict=True):
        for layers, members in sorted(by_layers.items()):
            if members:
                draw_histories(axis, members, colours[str(layers)], f"{layers} layers", False)
        name_error_axes(axis)
        if any(by_layers.values()):
            axis.legend(loc="upper right")
    limits = [axis.get_ylim() for axis in drawn]
    for axis in drawn:
        axis.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    times = training_rows(timing).sort_values("layers")
    times = times[(times["backend"] != AS_PRINTED) | (times["kind"] == "DMN")]
    for (backend, kind), rows in times.groupby(["backend", "kind"], sort=False):
        axes[-1].plot(
            rows["layers"],
            1e3 * rows["median_seconds"],
            linestyle=_DASHES[str(backend)],
            marker=".",
            color=KIND_COLOURS[str(kind)],
            label=f"{kind}, {_BACKENDS[str(backend)]}",
        )
    axes[-1].set(yscale="log", xlabel="layers", ylabel="time an epoch [ms]")
    plain_logarithm(axes[-1].yaxis)
    mark_values(axes[-1], list(times["layers"]), logarithmic=False)
    if len(times):
        axes[-1].legend(loc="best")
    return figure_of(axes)
