"""What is wrong with a figure, found from what is drawn: text, ticks, legends, hidden lines."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from evaluation.figures.style import _STYLE, INK, MUTED

_COUNTED = ("nodes", "layers", "networks", "fibres in the cell", "samples", "epoch", "elements")
_ROOM = 0.5  # pixels of rounding


def faults(figure: Figure) -> list[str]:
    """Sentences on text beyond the canvas or on other text, ticks between whole numbers of what is
    counted, legend entries without their line, and lines that lie wholly under others."""
    with style.context(_STYLE):
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        placed = [(text, text.get_window_extent(renderer)) for text in _texts(figure)]
        return [
            *_beyond(placed, figure.bbox),
            *_on_each_other(placed),
            *(fault for axes in figure.axes for fault in _ticks_of_counts(axes)),
            *_legends(figure),
            *(fault for axes in figure.axes for fault in _hidden(axes)),
        ]


def _texts(figure: Figure) -> list[Text]:
    """All text that is drawn."""
    ticks = {
        label
        for axes in figure.axes
        for axis in _axis(axes)
        for label in axis.get_ticklabels(which="both")
    }
    others = [text for text in figure.findobj(Text) if text not in ticks and _is_text(text)]
    shown = [label for axes in figure.axes for axis in _axis(axes) for label in _in_view(axis)]
    return [*others, *shown]


def _is_text(artist: object) -> bool:
    return isinstance(artist, Text) and artist.get_visible() and bool(artist.get_text().strip())


def _axis(axes: Axes) -> tuple[Axis, ...]:
    return (axes.xaxis, axes.yaxis) if axes.axison else ()


def _in_view(axis: Axis) -> Iterator[Text]:
    """Labels of the ticks between the ends of an axis."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
        if low - slack <= tick.get_loc() <= high + slack and _is_text(tick.label1):
            yield tick.label1


def _beyond(placed: list[tuple[Text, Bbox]], canvas: Bbox) -> Iterator[str]:
    for text, box in placed:
        inside = canvas.x0 - _ROOM <= box.x0 and box.x1 <= canvas.x1 + _ROOM
        if not (inside and canvas.y0 - _ROOM <= box.y0 and box.y1 <= canvas.y1 + _ROOM):
            yield f"beyond the canvas: {text.get_text()!r}"


def _on_each_other(placed: list[tuple[Text, Bbox]]) -> Iterator[str]:
    for (first, one), (second, other) in combinations(placed, 2):
        common = Bbox.intersection(one, other)
        if common is not None and min(common.width, common.height) > _ROOM:
            yield f"on each other: {first.get_text()!r} and {second.get_text()!r}"


def _ticks_of_counts(axes: Axes) -> Iterator[str]:
    for axis in _axis(axes):
        if any(word in axis.get_label_text() for word in _COUNTED):
            for label in _in_view(axis):
                if not float(label.get_text().replace("−", "-")).is_integer():
                    yield f"{axis.get_label_text()}: a tick at {label.get_text()}"


def _legends(figure: Figure) -> Iterator[str]:
    drawn = [line for axes in figure.axes for line in axes.get_lines() if _seen(line)]
    colours = {to_hex(line.get_color()) for line in drawn}
    dashes = {line.get_linestyle() for line in drawn}
    for legend in figure.findobj(Legend):
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
            if not isinstance(handle, Line2D):
                continue
            name = f"legend: {text.get_text()!r}"
            if handle.get_linestyle() == "None" and handle.get_marker() in ("None", "", None):
                yield f"{name} has neither line nor mark"
            colour = to_hex(handle.get_color())
            # An entry in ink stands for a kind of line of any colour.
            if colour not in colours and not (
                colour in (INK, MUTED) and handle.get_linestyle() in dashes
            ):
                yield f"{name} stands for nothing that is drawn"


def _seen(line: Line2D) -> bool:
    points = np.isfinite(np.asarray(line.get_ydata(), float)).sum()
    marked = line.get_marker() not in ("None", "", None)
    return bool(points > 1 or (points == 1 and marked))


def _hidden(axes: Axes) -> Iterator[str]:
    """Lines with the same points as a whole line that is drawn after them."""
    lines = [line for line in axes.get_lines() if _seen(line)]
    for below, above in combinations(lines, 2):
        one, other = (np.asarray(line.get_xydata(), float) for line in (below, above))
        alike = one.shape == other.shape and np.allclose(one, other, rtol=1e-3, equal_nan=True)
        if alike and above.get_linestyle() == "-" and below.get_linestyle() != "None":
            yield f"{below.get_label()!r} lies under {above.get_label()!r}"
