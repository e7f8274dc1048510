"""Training of DMN and IMN by depth: Fig. 14."""

from collections.abc import Mapping
from functools import partial

from matplotlib.figure import Figure

from evaluation.figures.captions import BAND, mixed, per_depth
from evaluation.figures.figure import DEPTH, StudyFigure
from evaluation.figures.panels import draw_histories, mark_values, name_error_axes
from evaluation.figures.style import (
    DEPTH_COLOURS,
    KIND_COLOURS,
    assign_colours,
    figure_of,
    panels,
    plain_logarithm,
)
from evaluation.measures.histories import History
from evaluation.measures.statistics import AS_PRINTED, training_rows
from evaluation.measures.tables import StudyTables

_DASHES = {"fused": "-", "torch": "--", AS_PRINTED: ":"}
_BACKENDS = {"fused": "compiled", "torch": "PyTorch", AS_PRINTED: "PyTorch, as printed"}


@partial(
    StudyFigure,
    "fig14",
    "Training of DMN and IMN by depth",
    section="training",
    caption="(a), (b) Mean relative error of the homogenised stiffness of the training samples, "
    "e_C of Eq. 33, after each epoch. (c) Time of an epoch, alone on the machine and on one "
    "thread, median of the repeats; as printed: a DMN with a rotation at every node. " + BAND,
    told=lambda tables: mixed(tables, tables.comparisons.depth_networks) + per_depth(tables),
    source="histories",
    needs=DEPTH,
)
def training_depth(tables: StudyTables, found: Mapping[str, History]) -> Figure:
    """Histories of the training error of each kind, and the training time an epoch.

    Args:
        tables: of the study.
        found: network -> history, of those whose training did not fail.
    """
    depth = tables.comparisons.depth
    titles = [f"{kind}, training" for kind in depth]
    axes = panels([*titles, "Training time, one thread"], 3, (3.7, 3.4))
    depths = sorted({layers for by_layers in depth.values() for layers in by_layers})
    colours = assign_colours([str(layers) for layers in depths], DEPTH_COLOURS)
    drawn = axes[: len(depth)]
    for axis, by_layers in zip(drawn, depth.values(), strict=True):
        for layers, ids in sorted(by_layers.items()):
            if members := [found[id] for id in ids if id in found]:
                draw_histories(axis, members, colours[str(layers)], f"{layers} layers", False)
        name_error_axes(axis)
        if axis.get_legend_handles_labels()[0]:
            axis.legend(loc="upper right")
    limits = [axis.get_ylim() for axis in drawn]
    for axis in drawn:
        axis.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    times = training_rows(tables.timing).sort_values("layers")
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
