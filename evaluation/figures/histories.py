"""Training histories of networks with different batch sizes: Fig. 7."""

from collections.abc import Mapping
from functools import partial

from matplotlib.figure import Figure

from evaluation.figures.captions import BAND, mixed, sizes_and_counts
from evaluation.figures.figure import StudyFigure, compared
from evaluation.figures.panels import draw_histories, name_error_axes
from evaluation.figures.style import (
    GROUP_COLOURS,
    INK,
    assign_colours,
    legend_above,
    panels,
)
from evaluation.formatting import spaced
from evaluation.measures.histories import History
from evaluation.measures.tables import StudyTables


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

    Args:
        tables: of the study.
        found: network -> history, of those whose training did not fail.
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
                draw_histories(axis, members, colours[label], label, True)
        name_error_axes(axis)
    return legend_above(axes)
