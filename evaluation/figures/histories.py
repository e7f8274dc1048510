"""Training histories by batch size, Fig. 7, and training of DMN and IMN by depth, Fig. 14."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluation.figures.captions import BAND, mixed, per_depth, sizes_and_counts
from evaluation.figures.figure import DEPTH, StudyFigure, compared
from evaluation.figures.panels import mark_values
from evaluation.figures.style import (
    DEPTH_COLOURS,
    GROUP_COLOURS,
    INK,
    KIND_COLOURS,
    assign_colours,
    draw_band,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
)
from evaluation.formatting import spaced
from evaluation.measures.histories import History
from evaluation.measures.statistics import AS_PRINTED, training_rows
from evaluation.measures.tables import StudyTables

_EPOCHS_DRAWN = 400
_DASHES = {"fused": "-", "torch": "--", AS_PRINTED: ":"}
_BACKENDS = {"fused": "compiled", "torch": "PyTorch", AS_PRINTED: "PyTorch, as printed"}


def _told(tables: StudyTables) -> str:
    sweeps = [
        f"{spaced(sweep)}: {sizes_and_counts(tables, groups)}"
        for sweep, groups in tables.comparisons.batches.items()
    ]
    return mixed(tables, tables.comparisons.batch_networks) + " ".join(sweeps)


@partial(
    StudyFigure,
    "fig07",
    "Training histories by batch size",
    section="data",
    caption="Mean relative error of the homogenised stiffness, e_C of Eq. 33, after each epoch. "
    f"Solid: training; dotted: validation. {BAND}",
    told=_told,
    source="histories",
    needs=compared("batches", "a sweep over batch sizes"),
)
def histories(tables: StudyTables, found: Mapping[str, History]) -> Figure:
    """Error e_C against epoch, a panel a sweep, a colour a batch size.

    `found` has the networks whose training did not fail.
    """
    sweeps = tables.comparisons.batches
    size = (5.4, 3.6) if len(sweeps) == 1 else (3.7, 3.2)
    axes = panels([spaced(sweep) for sweep in sweeps], 3, size)
    colours = assign_colours(
        [label for groups in sweeps.values() for label in groups], GROUP_COLOURS
    )
    for axis, groups in zip(axes, sweeps.values(), strict=True):
        axis.plot([], [], color=INK, label="training")
        axis.plot([], [], color=INK, linestyle=":", linewidth=1.1, label="validation")
        for label, ids in groups.items():
            if members := [found[id] for id in ids if id in found]:
                _draw(axis, members, colours[label], label, True)
        _name_axes(axis)
    return legend_above(axes)


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

    `found` has the networks whose training did not fail.
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
                _draw(axis, members, colours[str(layers)], f"{layers} layers", False)
        _name_axes(axis)
        if axis.get_legend_handles_labels()[0]:
            axis.legend(loc="upper right")
    limits = [axis.get_ylim() for axis in drawn]
    for axis in drawn:
        axis.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))
    times = training_rows(tables.timing).sort_values("layers")
    times = times[(times["backend"] != AS_PRINTED) | (times["kind"] == "DMN")]
    for (backend, kind), rows in times.groupby(["backend", "kind"], sort=False):
        style: Any = {"marker": ".", "color": KIND_COLOURS[str(kind)]}
        style |= {"linestyle": _DASHES[str(backend)], "label": f"{kind}, {_BACKENDS[str(backend)]}"}
        axes[-1].plot(rows["layers"], 1e3 * rows["median_seconds"], **style)
    axes[-1].set(yscale="log", xlabel="layers", ylabel="time an epoch [ms]")
    plain_logarithm(axes[-1].yaxis)
    mark_values(axes[-1], list(times["layers"]), logarithmic=False)
    if len(times):
        axes[-1].legend(loc="best")
    return figure_of(axes)


def _draw(axes: Axes, members: Sequence[History], colour: str, label: str, validated: bool) -> None:
    """Mean and band of the training error, and the mean validation error if it is asked for.

    A training that ended keeps its last error.
    """
    longest = max((history.epochs for history in members), key=len)
    epochs = longest[np.linspace(0, len(longest) - 1, _EPOCHS_DRAWN).astype(np.int64)]
    training, validation = (
        100
        * np.stack([np.interp(epochs, member.epochs, getattr(member, name)) for member in members])
        for name in ("training", "validation")
    )
    mean = training.mean(axis=0)
    deviation = training.std(axis=0, ddof=1) if len(members) > 1 else np.zeros_like(mean)
    limits = np.maximum(mean - deviation, mean / 10), mean + deviation
    draw_band(axes, epochs, mean, limits, colour, label=label)
    if validated:
        axes.plot(epochs, validation.mean(axis=0), color=colour, linestyle=":", linewidth=1.1)


def _name_axes(axes: Axes) -> None:
    """Epochs, and e_C in percent on a logarithmic scale."""
    axes.set(yscale="log", xlabel="epoch", ylabel="$\\mathregular{e_C}$ [%]", xlim=(0, None))
    plain_logarithm(axes.yaxis)
