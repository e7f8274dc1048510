"""Accuracy and cost against data size, regularisation and depth: Figs. 11 to 13 and 15 to 17."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from evaluation.figures import captions
from evaluation.figures.figure import DEPTH, Need, StudyFigure, compared
from evaluation.figures.panels import (
    COST,
    ERROR,
    ITERATIONS,
    NODES,
    TIME,
    Measure,
    draw_means,
    from_zero,
    mark_values,
)
from evaluation.figures.style import (
    DASHES,
    GROUP_COLOURS,
    INK,
    KIND_COLOURS,
    MOST_DOTS,
    SCHEME_COLOURS,
    assign_colours,
    empty,
    figure_of,
    legend_above,
    panels,
)
from evaluation.formatting import scheme_name
from evaluation.measures.tables import StudyTables, of_networks
from training.network import Kind

_COLOURS = KIND_COLOURS | SCHEME_COLOURS
_STOPPING = (
    f"{captions.DOTS} All schemes stop by the same rule. Schemes that end in equilibrium solve "
    "the same linearised problem, so they need equally many iterations on the same network."
)


def _told(tables: StudyTables) -> str:
    ids = tables.comparisons.depth_networks
    return captions.per_depth(tables) + captions.unconverged(tables, tables.composite, ids)


@partial(
    StudyFigure,
    "fig11",
    "Prediction error by data size",
    section="data",
    caption="e_σ, the mean over the loads of the relative stress error, Eq. 32. Line and band: "
    "mean and standard deviation over all batch sizes, initialisations and composites. A dot is "
    "one network, the mean over the composites.",
    told=captions.counts(lambda tables: tables.comparisons.batch_networks),
    needs=Need(
        "sweeps over batch sizes with several numbers of samples",
        lambda study: len(study.samples) > 1,
    ),
)
def data_size(tables: StudyTables) -> Figure:
    """e_sigma of all networks of the sweeps over batch sizes, a colour a batch size."""
    ids = tables.comparisons.batch_networks
    every = of_networks(tables.first_scheme_errors, ids)
    single = of_networks(tables.composite_means, ids)
    if every.empty:
        return empty("No network of the sweeps over batch sizes predicted a composite.")
    (axes,) = panels(["Prediction error, all composites"], 1, (5.4, 3.6))
    draw_means(axes, every.groupby("samples")["e_sigma"], 100, INK, label="mean of all")
    colours = assign_colours(
        [str(size) for size in sorted(set(single["batch_size"]))], GROUP_COLOURS
    )
    for place, (size, colour) in enumerate(colours.items()):
        rows = single[single["batch_size"] == int(size)]
        # Batch sizes beside each other, so that none hides another.
        x_beside = rows["samples"] * (1 + 0.03 * (place - (len(colours) - 1) / 2))
        style: Any = {"color": colour, "alpha": 0.8, "label": f"batch size {size}"}
        axes.plot(x_beside, 100 * rows["e_sigma"], ".", **style)
    axes.set(xlabel="training samples", ylabel=ERROR.label)
    mark_values(axes, every["samples"], logarithmic=True)
    from_zero(axes)
    return legend_above([axes])


def _effects(name: str, parameter: str, symbol: str, logarithmic: bool) -> StudyFigure:
    """Four measures of the timed composite against the weight or the target."""

    def networks(tables: StudyTables) -> Sequence[str]:
        return getattr(tables.comparisons, parameter)

    def draw(tables: StudyTables) -> Figure:
        rows = of_networks(tables.first_scheme_timed_errors, networks(tables))
        measures = ERROR, TIME, ITERATIONS, NODES
        return _measure_panels(measures, rows, "kind", parameter, symbol, logarithmic)

    return StudyFigure(
        name,
        f"Effects of {symbol}",
        draw,
        section="regularisation",
        caption=f"{captions.PANELS} {captions.NODES_PANEL}. {captions.BAND} {captions.DOTS}",
        told=captions.counts(networks),
        needs=compared(parameter, f"a sweep over {symbol} alone"),
    )


def _schemes(name: str, kind: Kind, section: str) -> StudyFigure:
    """The schemes of a kind: of DMN with and without residual stress, of IMN with Newton."""

    def draw(tables: StudyTables) -> Figure:
        rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
        rows = rows[rows["kind"] == kind]
        return _measure_panels((ERROR, TIME, ITERATIONS, COST), rows, "scheme", "layers", "layers")

    words = f"{DEPTH.words}, and two schemes of {kind}"
    return StudyFigure(
        name,
        f"Online schemes of {kind}",
        draw,
        section,
        caption=f"{captions.PANELS} (d) {captions.COST_PANEL}. {captions.BAND} {_STOPPING}",
        told=_told,
        needs=Need(words, lambda study: DEPTH.met(study) and len(study.schemes[kind]) > 1),
    )


eta_effects = _effects("fig12", "eta", "η", logarithmic=True)
xi_effects = _effects("fig13", "xi", "ξ", logarithmic=False)
dmn_schemes = _schemes("fig15", "DMN", "residual")
imn_schemes = _schemes("fig16", "IMN", "newton")


@partial(
    StudyFigure,
    "fig17",
    "DMN and IMN online",
    section="online",
    caption=f"{captions.PANELS} {captions.NODES_PANEL}; (e) {captions.COST_PANEL}. Each kind uses "
    f"its first scheme. {captions.BAND} {_STOPPING}",
    told=_told,
    needs=DEPTH,
)
def kinds(tables: StudyTables) -> Figure:
    """DMN against IMN, each with its first scheme."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.depth_networks)
    measures = ERROR, TIME, ITERATIONS, NODES, COST
    return _measure_panels(measures, rows, "kind", "layers", "layers")


def _measure_panels(
    measures: Sequence[Measure],
    rows: pd.DataFrame,
    by: str,
    x: str,
    xlabel: str,
    logarithmic: bool = False,
) -> Figure:
    """A panel a measure against a parameter x, a line a kind or scheme, in the column `by`.

    A line is a mean with a band of one standard deviation, a dot a network.
    Schemes that end in equilibrium have the same errors: dashes let the lines below show.
    """
    lines = {value: rows[rows[by] == value] for value in _COLOURS if value in set(rows[by])}
    axes = panels(
        [measure.title for measure in measures], 3 if len(measures) > 4 else 2, (4.0, 2.9)
    )
    for axis, measure in zip(axes, measures, strict=True):
        for (value, of_line), dash in zip(lines.items(), DASHES, strict=False):
            name = value if by == "kind" else scheme_name(value, of_line["kind"].iloc[0])
            drawn = of_line.dropna(subset=measure.column)
            drawn = drawn[drawn[x] > 0] if x in ("eta", "xi") else drawn
            means, colour = drawn.groupby(x)[measure.column], _COLOURS[value]
            draw_means(axis, means, measure.scale, colour, label=name, linestyle=dash)
            dots: Any = {"s": 9, "alpha": 0.55, "linewidths": 0}
            dots |= {"color": colour, "rasterized": len(drawn) > MOST_DOTS}
            axis.scatter(drawn[x], measure.scale * drawn[measure.column], **dots)
        axis.set(xlabel=xlabel, ylabel=measure.label)
        mark_values(axis, [value for line in lines.values() for value in line[x]], logarithmic)
        from_zero(axis)
        if measure is NODES:
            axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    return legend_above(axes) if len(lines) > 1 else figure_of(axes)
