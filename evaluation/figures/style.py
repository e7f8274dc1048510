"""The looks of all figures: colours, panels, bands, and files that equal data make equal."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import product
from math import ceil
from pathlib import Path
from string import ascii_lowercase
from textwrap import fill
from typing import Any, ParamSpec

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from evaluation.online.schemes.registry import SCHEMES, scheme_of
from rve.files import replacing
from rve.loads.load_path import DIRECTIONS

P = ParamSpec("P")
Limits = tuple[ArrayLike, ArrayLike]

LOADS = sorted(DIRECTIONS, key=lambda load: DIRECTIONS[load].panel)
"""In the order of the panels (a) to (f)."""

INK, MUTED, GRID = "#1f2933", "#52606d", "#e4e7eb"
KIND_COLOURS = {"DMN": "#0072b2", "IMN": "#d55e00"}
SCHEME_COLOURS = {name: scheme_of(name).colour for name in SCHEMES}
COMPOSITE_COLOURS = ("#0f766e", "#7c3aed", "#b45309", "#be185d", "#4d7c0f", "#475569")
DEPTH_COLOURS = ("#c7b8ea", "#a48fd9", "#8065c5", "#5d40a8", "#3b2280", "#1d0d4f")
GROUP_COLOURS = ("#2a6fbb", "#e08a00", "#1b9e77", "#b5457f", "#6b5bb0", "#8c6d46")

# Lines that lie on each other need to let through those below.
DASHES: Any = ("solid", (0, (7, 1.5)), (0, (3, 2)), (0, (1, 1.5)))

MOST_DOTS = 500
"""Of a cloud in a figure; a dot takes a hundred bytes, and more are a picture inside the SVG."""

_MOST_COLUMNS = 6
_MOST_TICKS = 4
_LONGEST_LABEL = 95
"""Of a legend: characters of a line, which the narrowest figures have room for."""

# On matplotlib's defaults: what a user's matplotlibrc says does not count.
_STYLE: Any = [
    "default",
    {
        "figure.facecolor": "white",
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.08,
        "figure.constrained_layout.w_pad": 0.08,
        "font.family": "DejaVu Sans",
        "font.size": 9.0,
        "text.color": INK,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10.0,
        "axes.titlelocation": "left",
        "axes.titleweight": "bold",
        "grid.color": GRID,
        "grid.linewidth": 0.7,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "lines.linewidth": 1.6,
        "legend.frameon": False,
        "legend.fontsize": 9.0,
        "legend.handlelength": 2.8,
        "svg.fonttype": "path",
        "svg.hashsalt": "material-network-study",
    },
]


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a figure in the style of the study."""

    @wraps(draw)
    def styled_draw(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with style.context(_STYLE):
            return draw(*args, **kwargs)

    return styled_draw


def save(figure: Figure, path: Path) -> None:
    """Write a figure, as SVG without a date, so that equal data give equal bytes."""
    kind = path.suffix[1:]
    with style.context(_STYLE), replacing(path) as temporary:
        figure.savefig(temporary, format=kind, metadata={"Date": None} if kind == "svg" else None)


def panels(titles: Iterable[str], columns: int, size: tuple[float, float]) -> list[Axes]:
    """Axes in rows; where there are several, lettered (a), (b), ... before their titles.

    `size` is the width and height of a panel, inches.
    """
    names = list(titles)
    columns = min(columns, len(names))
    rows = ceil(len(names) / columns)
    figure = Figure(figsize=(columns * size[0], rows * size[1]))
    axes = [figure.add_subplot(rows, columns, i + 1) for i in range(len(names))]
    letters = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
    for axis, letter, name in zip(axes, letters, names, strict=False):
        axis.set_title(f"({letter}) {name}" if len(names) > 1 else name)
    return axes


def empty(reason: str) -> Figure:
    """A figure of a sentence, where there is nothing to draw."""
    figure = Figure(figsize=(5.4, 1.2))
    figure.text(0.5, 0.5, reason, ha="center", va="center", color=MUTED)
    return figure


def figure_of(axes: list[Axes]) -> Figure:
    """The figure that holds the panels."""
    figure = axes[0].figure
    assert isinstance(figure, Figure)
    return figure


def assign_colours(labels: Iterable[str], colours: tuple[str, ...]) -> dict[str, str]:
    """A colour for each distinct label, in the order in which they first appear."""
    return {
        label: colours[index % len(colours)] for index, label in enumerate(dict.fromkeys(labels))
    }


def draw_band(
    axes: Axes, x: ArrayLike, mean: ArrayLike, limits: Limits, colour: str, **line: Any
) -> None:
    """A mean (n,) as a line over x (n,), and what lies between its limits, shaded."""
    axes.fill_between(x, *limits, color=colour, alpha=0.18, linewidth=0)
    alone = "o" if np.size(x) == 1 else ""  # a line of one point would not be seen
    axes.plot(x, mean, color=colour, marker=alone, **line)


def legend_above(axes: list[Axes]) -> Figure:
    """The figure of the panels, with one legend for all above them: every label once.

    It has as many columns as the width has room for.
    """
    figure = figure_of(axes)
    lines = {str(line.get_label()): line for axis in axes for line in axis.get_lines()}
    shown = {label: line for label, line in lines.items() if not label.startswith("_")}
    handles, labels = list(shown.values()), [fill(label, _LONGEST_LABEL) for label in shown]
    renderer = FigureCanvasAgg(figure).get_renderer()
    for columns in range(min(len(labels), _MOST_COLUMNS), 0, -1):
        legend = figure.legend(handles, labels, loc="outside upper center", ncols=columns)
        if columns == 1 or legend.get_window_extent(renderer).width <= figure.bbox.width:
            break
        legend.remove()
    return figure


def text_below(axes: list[Axes], lines: Sequence[str]) -> None:
    """Lines of small text below the panels, which make room for them."""
    wrapped = [fill(line, _LONGEST_LABEL, subsequent_indent="    ") for line in lines]
    look: Any = {"x": 0.02, "ha": "left", "fontsize": 7.5, "color": MUTED}
    figure, text = figure_of(axes), "\n".join(wrapped)
    figure.set_figheight(figure.get_figheight() + 0.14 * len(text.splitlines()))
    figure.supxlabel(text, **look)


class _Logarithmic(LogLocator):
    """Ticks at 1, 2 and 5 times powers of ten; evenly spread where fewer than two lie in sight.

    Matplotlib's own locator puts the latter anywhere, at 23.2 base nodes too.
    """

    def __init__(self, whole: bool) -> None:
        super().__init__(subs=(1, 2, 5))
        self._whole = whole
        self._even = MaxNLocator(_MOST_TICKS, steps=[1, 2, 5, 10])

    def tick_values(self, vmin: float, vmax: float) -> list[float]:
        """Places of the ticks."""
        low, high = sorted((vmin, vmax))
        if low <= 0 or high > 20 * low:
            return list(super().tick_values(vmin, vmax))
        decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.log10(high))
        ticks = [tick for tick in np.outer(decades, (1, 2, 5)).ravel() if low <= tick <= high]
        if len(ticks) > 1:
            return ticks
        if self._whole:
            counts = np.arange(np.ceil(low), high)
            return list(counts[:: 1 + len(counts) // _MOST_TICKS])
        return [tick for tick in self._even.tick_values(low, high) if tick > 0]


def plain_logarithm(axis: Axis, whole: bool = False) -> None:
    """A logarithmic axis with ticks at 1, 2 and 5 times powers of ten, written out.

    With `whole` it counts something, so that its ticks are whole numbers.
    """
    axis.set_major_locator(_Logarithmic(whole))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())
