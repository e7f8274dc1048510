"""Panels that several figures draw: measures of networks, training histories, stresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from evaluation.figures.style import (
    DASHES,
    MOST_DOTS,
    Band,
    figure_of,
    legend_above,
    panels,
    plain_logarithm,
)
from evaluation.measures.histories import History

Array = NDArray[np.float64]

MEASURE_PANEL_SIZE = (4.0, 2.9)
STRESS_PANEL_SIZE = (3.1, 2.5)
_EPOCHS_DRAWN = 400


@dataclass(frozen=True)
class Measure:
    """A column of `StudyTables.errors`, how it is named and in what unit it is drawn."""

    column: str
    title: str
    label: str
    scale: float = 1.0


ERROR = Measure("e_sigma", "Prediction error", "$\\mathregular{e_\\sigma}$ [%]", 100)
TIME = Measure("online_seconds", "Online time, all loads", "time [s]")
ITERATIONS = Measure("iterations_per_increment", "Iterations", "mean iterations per increment")
NODES = Measure("active_nodes", "Active base nodes", "active base nodes")
COST = Measure("microseconds", "Time per iteration and node", "time [µs]")


@dataclass(frozen=True)
class Line:
    """Networks that make one line: label, colour, rows of `StudyTables.errors`, and dashes."""

    label: str
    colour: str
    rows: pd.DataFrame
    dash: Any = "solid"


def measure_panels(
    measures: Sequence[Measure], lines: Sequence[Line], x: str, xlabel: str, logarithmic: bool
) -> Figure:
    """A panel a measure, against a parameter of the networks.

    Lines: means over the networks of a value of x, with bands of one standard deviation; dots: the
    single networks.
    """
    columns = 3 if len(measures) > 4 else 2
    axes = panels([measure.title for measure in measures], columns, MEASURE_PANEL_SIZE)
    for axis, measure in zip(axes, measures, strict=True):
        for line in lines:
            draw_line(axis, line, x, measure.column, measure.scale)
        axis.set(xlabel=xlabel, ylabel=measure.label)
        mark_values(axis, [value for line in lines for value in line.rows[x]], logarithmic)
        from_zero(axis)
        if measure is NODES:
            axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    if len(lines) > 1:
        legend_above(axes)
    return figure_of(axes)


def draw_line(axes: Axes, line: Line, x: str, column: str, scale: float) -> None:
    """Mean, band and dots of a measure against x."""
    rows = line.rows.dropna(subset=column)
    rows = rows[rows[x] > 0] if x in ("eta", "xi") else rows
    groups = rows.groupby(x)[column]
    mean = scale * groups.mean()
    deviation = scale * groups.std().fillna(0)
    at = mean.index.to_numpy(float)
    band = Band(at, mean, mean - deviation, mean + deviation)
    band.draw(axes, line.colour, line.label, line.dash)
    look: Any = {"s": 9, "alpha": 0.55, "linewidths": 0, "rasterized": len(rows) > MOST_DOTS}
    axes.scatter(rows[x], scale * rows[column], color=line.colour, **look)


def mark_values(axes: Axes, values: Sequence[float], logarithmic: bool) -> None:
    """Ticks at the values of a parameter, and nowhere else."""
    ticks = sorted({float(value) for value in values if value > 0 or not logarithmic})
    if logarithmic:
        axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())


def from_zero(axes: Axes) -> None:
    """Begin the vertical axis at zero, so that lengths compare."""
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])


def lines_by(
    rows: pd.DataFrame, column: str, colours: Mapping[str, str], names: Mapping[str, str]
) -> list[Line]:
    """A line for each value of a column that has a colour, in the order of the colours.

    Schemes that end in equilibrium have the same errors: dashes let the lines below show.

    Args:
        rows: of `StudyTables.errors`.
        column: kind or scheme.
        colours: value -> colour.
        names: value -> label; the value itself where there is none.
    """
    present = set(rows[column])
    return [
        Line(names.get(value, value), colours[value], rows[rows[column] == value], DASHES[place])
        for place, value in enumerate(value for value in colours if value in present)
    ]


def draw_histories(
    axes: Axes, members: Sequence[History], colour: str, label: str, validated: bool
) -> None:
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
    mean, deviation = training.mean(axis=0), _deviation(training)
    low = np.maximum(mean - deviation, mean / 10)
    Band(epochs, mean, low, mean + deviation).draw(axes, colour, label)
    if validated:
        axes.plot(epochs, validation.mean(axis=0), color=colour, linestyle=":", linewidth=1.1)


def name_error_axes(axes: Axes) -> None:
    """Epochs, and e_C in percent on a logarithmic scale."""
    axes.set(yscale="log", xlabel="epoch", ylabel="$\\mathregular{e_C}$ [%]", xlim=(0, None))
    plain_logarithm(axes.yaxis)


def _deviation(values: Array) -> Array:
    """Standard deviation (n,) over the rows (m, n); zero for a single one."""
    return values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])


def stress_panels(loads: list[str]) -> list[Axes]:
    """A panel for each load."""
    return panels([f"load {load}" for load in loads], 3, STRESS_PANEL_SIZE)


def name_stress_axes(axes: Axes, load: str) -> None:
    """Name and unit of the loaded strain (shear: engineering) and of its stress."""
    symbol = "\\varepsilon" if load[0] == load[1] else "\\gamma"
    axes.set(xlabel=f"$\\mathregular{{{symbol}_{{{load}}}}}$ [%]")
    axes.set(ylabel=f"$\\mathregular{{\\sigma_{{{load}}}}}$ [GPa]")


def cost_panels(size: tuple[float, float]) -> list[Axes]:
    """Two panels of this size, for the error against active base nodes and against online time."""
    axes = panels(["Error against size", "Error against online time"], 2, size)
    for axis, label in zip(axes, (NODES.label, "online time, all loads [s]"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel=label, ylabel=ERROR.label)
        plain_logarithm(axis.xaxis, whole=label == NODES.label)
        plain_logarithm(axis.yaxis)
    return axes
