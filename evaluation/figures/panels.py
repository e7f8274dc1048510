"""Panels that several figures draw, and the measures of networks in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from evaluation.figures.style import draw_band, panels, plain_logarithm

if TYPE_CHECKING:
    from pandas.api.typing import SeriesGroupBy

STRESS_PANEL_SIZE = (3.1, 2.5)


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


def mark_values(axes: Axes, values: Iterable[float], logarithmic: bool) -> None:
    """Ticks at the values of a parameter, and nowhere else."""
    ticks = sorted({float(value) for value in values if value > 0 or not logarithmic})
    if logarithmic:
        axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())


def from_zero(axes: Axes) -> None:
    """Begin the vertical axis at zero, so that lengths compare."""
    axes.set_ylim(0, 1.05 * axes.get_ylim()[1])


def stress_panels(loads: list[str]) -> list[Axes]:
    """A panel for each load."""
    return panels([f"load {load}" for load in loads], 3, STRESS_PANEL_SIZE)


def name_stress_axes(axes: Axes, load: str, unit: str = "GPa") -> None:
    """Name and unit of the loaded strain (shear: engineering) and of its stress."""
    symbol = "\\varepsilon" if load[0] == load[1] else "\\gamma"
    axes.set(xlabel=f"$\\mathregular{{{symbol}_{{{load}}}}}$ [%]")
    axes.set(ylabel=f"$\\mathregular{{\\sigma_{{{load}}}}}$ [{unit}]")


def name_load_axes(axes: Axes, loads: Sequence[str]) -> None:
    """Label axes that show an error of each load."""
    axes.set(xlabel="load", ylabel="relative stress error [%]", yscale="log")
    axes.set_xticks(range(len(loads)), loads)
    plain_logarithm(axes.yaxis)


def draw_means(
    axes: Axes, values: "SeriesGroupBy", scale: float, colour: str, x: Any = None, **line: Any
) -> None:
    """The mean of each group over its name, or over x, with a band of one standard deviation."""
    mean, deviation = scale * values.mean(), scale * values.std().fillna(0)
    at = mean.index.to_numpy(float) if x is None else x
    draw_band(axes, at, mean, (mean - deviation, mean + deviation), colour, **line)


def logarithmic(axes: Axes, xlabel: str, ylabel: str) -> None:
    """Make both axes logarithmic and name them; active base nodes are counted."""
    axes.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)
    plain_logarithm(axes.xaxis, whole=xlabel == NODES.label)
    plain_logarithm(axes.yaxis)


def cost_panels(size: tuple[float, float]) -> list[Axes]:
    """Two panels of this size, for the error against active base nodes and against online time."""
    axes = panels(["Error against size", "Error against online time"], 2, size)
    for axis, label in zip(axes, (NODES.label, "online time, all loads [s]"), strict=True):
        logarithmic(axis, label, ERROR.label)
    return axes
