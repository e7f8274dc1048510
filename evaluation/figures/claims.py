"""All claims at a glance: our intervals against the ranges that the paper states."""

from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter

from evaluation.figures.figure import Need, StudyFigure
from evaluation.figures.style import INK, MUTED, empty
from evaluation.formatting import spaced

VERDICT_COLOURS = {
    "holds": "#00795a",
    "differs": "#c2410c",
    "negligible": "#1d5fa8",
    "inconclusive": "#8b929c",
}
_RANGE = "#cfe3f7"
_LOW, _HIGH = 1 / 16, 16
_HOLLOW: dict[str, Any] = {"markerfacecolor": "white", "linestyle": "none"}
_HEIGHT = 0.27  # of a claim, inches


@partial(
    StudyFigure,
    "claims",
    "All claims at a glance",
    section="findings",
    caption="A row is a claim, a line one of its ratios with its confidence interval, a band where "
    "the paper says that they lie. Ratios beyond 1/16 and 16 are drawn there. Hollow squares, if "
    "any: of the study beside.",
    source="claims",
    needs=Need("sweeps that the paper has", lambda study: study.comparisons.in_paper),
)
def claims(intervals: pd.DataFrame, beside: pd.DataFrame | None = None) -> Figure:
    """A row a claim, a line an interval, a band where the claim says that the ratio lies.

    Those of the study beside are drawn below with hollow squares.
    """
    rows = intervals.dropna(subset=["estimate"]).assign(beside=False)
    if beside is not None:
        other = beside[beside["id"].isin(rows["id"])].dropna(subset=["estimate"])
        order = list(rows["id"].unique())
        rows = pd.concat([rows, other.assign(beside=True)])
        rows = rows.sort_values("id", key=lambda ids: ids.map(order.index), kind="stable")
    if rows.empty:
        return empty("This study tests no claim of the paper.")
    sections = list(dict.fromkeys(rows["section"]))
    sizes = {name: rows.loc[rows["section"] == name, "id"].nunique() for name in sections}
    columns = _columns(sizes)
    tall = max(sum(sizes[name] + 2.4 for name in column) for column in columns)
    height = _HEIGHT if beside is None else 1.5 * _HEIGHT
    figure = Figure(figsize=(5.2 * len(columns), height * tall + 1.0))
    parts = figure.subfigures(1, len(columns), squeeze=False)[0]
    for part, column in zip(parts, columns, strict=True):
        rest = tall - sum(sizes[name] + 2.4 for name in column)
        ratios = [sizes[name] + 1.0 for name in column] + [rest] * (rest > 0)
        axes = part.subplots(len(ratios), 1, height_ratios=ratios, squeeze=False)[:, 0]
        for axis, name in zip(axes, column, strict=False):
            _draw(axis, rows[rows["section"] == name])
            axis.set_title(f"Section {name}")
        for axis in axes[len(column) :]:
            axis.set_axis_off()
        axes[len(column) - 1].set_xlabel("ratio")
    look: dict[str, Any] = {"xdata": [], "ydata": [], "markersize": 4}
    marks: list[Artist] = [
        Line2D(**look, color=colour, marker="o", label=verdict)
        for verdict, colour in VERDICT_COLOURS.items()
        if verdict in set(rows["verdict"])
    ]
    if beside is not None:
        marks.append(Line2D(**look, marker="s", **_HOLLOW, color=INK, label="beside"))
    marks.append(Patch(color=_RANGE, label="range of the paper"))
    figure.legend(handles=marks, loc="outside upper center", ncols=6)
    return figure


def _columns(sizes: dict[str, int]) -> list[list[str]]:
    """Sections side by side in two columns of about the same height, in their order."""
    names = list(sizes)
    if len(names) == 1:
        return [names]

    def higher(cut: int) -> int:
        return max(sum(sizes[n] + 2 for n in part) for part in (names[:cut], names[cut:]))

    cut = min(range(1, len(names)), key=higher)
    return [names[:cut], names[cut:]]


def _draw(axis: Axes, rows: pd.DataFrame) -> None:
    labels = []
    for place, (id, group) in enumerate(groupby(rows.to_dict("records"), lambda row: row["id"])):
        effects = list(group)
        labels.append(spaced(str(id)).replace("-", " "))
        low, high = (np.clip(effects[0][f"paper_{end}"], _LOW, _HIGH) for end in ("low", "high"))
        axis.barh(place, high - low, left=low, height=0.8, color=_RANGE, linewidth=0)
        shifts = np.linspace(-0.3, 0.3, len(effects) + 2)[1:-1]
        for shift, effect in zip(shifts, effects, strict=True):
            colour = VERDICT_COLOURS[effect["verdict"]]
            ends = np.clip([effect["low"], effect["high"]], _LOW, _HIGH)
            axis.plot(ends, [place + shift] * 2, color=colour, linewidth=1.1)
            dot = np.clip(effect["estimate"], _LOW, _HIGH)
            look = {"marker": "s", **_HOLLOW} if effect["beside"] else {"marker": "o"}
            axis.plot(dot, place + shift, color=colour, markersize=2.6, **look)
    axis.axvline(1, color=MUTED, linewidth=0.8)
    axis.set(xscale="log", xlim=(_LOW, _HIGH), ylim=(len(labels) - 0.4, -0.6))
    axis.set_yticks(range(len(labels)), labels, fontsize=7.5, color=INK)
    ticks = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16]
    axis.set_xticks(ticks, ["≤1/16", "1/8", "1/4", "1/2", "1", "2", "4", "8", "≥16"], fontsize=7.5)
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.minorticks_off()
    axis.grid(visible=False, axis="y")
