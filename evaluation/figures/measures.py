"""Panels of one measure of the networks each, as in Figs. 11 to 17."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from evaluation.figures.style import Band, figure_of, legend_above, panels

PANEL_SIZE = (4.0, 2.9)


@dataclass(frozen=True)
class Measure:
    """A column of `Measured.errors`, how it is named and in what unit it is drawn."""

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
    """Networks that make one line: its label, its colour and their rows of `Measured.errors`."""

    label: str
    colour: str
    rows: pd.DataFrame


def measure_panels(
    measures: Sequence[Measure], lines: Sequence[Line], x: str, xlabel: str, logarithmic: bool
) -> Figure:
    """A panel a measure, against a parameter of the networks.

    Lines: means over the networks of a value of x, with bands of one standard deviation; dots: the
    single networks.

    Args:
        measures: one a panel.
        lines: in every panel.
        x: column of the parameter.
        xlabel: its name.
        logarithmic: whether its axis is.
    """
    columns = 3 if len(measures) > 4 else 2
    axes = panels([measure.title for measure in measures], columns, PANEL_SIZE)
    for axis, measure in zip(axes, measures, strict=True):
        for line in lines:
            draw_line(axis, line, x, measure.column, measure.scale)
        axis.set(xlabel=xlabel, ylabel=measure.label)
        mark_values(axis, [value for line in lines for value in line.rows[x]], logarithmic)
        from_zero(axis)
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
    Band(at, mean, mean - deviation, mean + deviation).draw(axes, line.colour, line.label)
    axes.scatter(rows[x], scale * rows[column], s=9, color=line.colour, alpha=0.55, linewidths=0)


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

    Args:
        rows: of `Measured.errors`.
        column: kind or scheme.
        colours: value -> colour.
        names: value -> label; the value itself where there is none.
    """
    present = set(rows[column])
    return [
        Line(names.get(value, value), colour, rows[rows[column] == value])
        for value, colour in colours.items()
        if value in present
    ]
