"""Panels that several figures draw, and the measures of networks in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from evaluation.figures.style import draw_band, panels, plain_logarithm
from evaluation.measures.comparisons import Paths

if TYPE_CHECKING:
    import pandas as pd
    from pandas.api.typing import SeriesGroupBy

STRESS_PANEL_SIZE = (3.1, 2.5)

Quantity = Literal["time", "strain", "stress"]

_STRESS_OVER_STRAIN: tuple[Quantity, Quantity] = ("strain", "stress")


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


def label(quantity: Quantity, component: str, unit: str = "GPa") -> str:
    """Name and unit of a stress, a strain (shear: engineering) or the time, at an axis."""
    if quantity == "time":
        return "time [s]"
    shear = component[0] != component[1]
    symbol = "\\sigma" if quantity == "stress" else "\\gamma" if shear else "\\varepsilon"
    symbol = f"$\\mathregular{{{symbol}_{{{component}}}}}$"
    return f"{symbol} [{unit if quantity == 'stress' else '%'}]"


class CurvePanel(NamedTuple):
    """A panel of curves under a load: a quantity of a component over another, or over time."""

    load: str
    component: str
    x: Quantity = "strain"
    y: Quantity = "stress"

    def of(self, table: "pd.DataFrame") -> tuple["pd.Series", "pd.Series"]:
        """What it shows of the table of a curve, in the units of its axes."""
        columns = {
            "time": lambda: table["time"],
            "strain": lambda: 100 * table[f"eps_{self.component}"],
            "stress": lambda: table[f"sig_{self.component}"],
        }
        return columns[self.x](), columns[self.y]()

    def name_axes(self, axes: Axes) -> None:
        """Names and units of both."""
        axes.set(xlabel=label(self.x, self.component), ylabel=label(self.y, self.component))


def path_panels(paths: Paths) -> list[CurvePanel]:
    """Stress over strain of each component that a path prescribes, and its answer over time."""
    return [
        CurvePanel(path, component, x, y)
        for path, components in paths.items()
        for component, answers in components.items()
        for x, y in (_STRESS_OVER_STRAIN, *(("time", answer) for answer in answers))
    ]


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
