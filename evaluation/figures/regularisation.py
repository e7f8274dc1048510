"""Accuracy and cost against the weight and the target of the regularisation: Figs. 12 and 13."""

from functools import partial

from matplotlib.figure import Figure

from evaluation.figures.captions import BAND, DOTS, NODES_PANEL, PANELS, counts
from evaluation.figures.figure import StudyFigure, compared
from evaluation.figures.panels import ERROR, ITERATIONS, NODES, TIME, lines_by, measure_panels
from evaluation.figures.style import KIND_COLOURS
from evaluation.measures.tables import StudyTables, of_networks

_EFFECTS = partial(
    StudyFigure, section="regularisation", caption=f"{PANELS} {NODES_PANEL}. {BAND} {DOTS}"
)


@partial(
    _EFFECTS,
    "fig12",
    "Effects of η",
    told=counts(lambda tables: tables.comparisons.eta),
    needs=compared("eta", "a sweep over η alone"),
)
def eta_effects(tables: StudyTables) -> Figure:
    """Four measures of the timed composite against the weight eta."""
    return _effects(tables, "eta", "η", logarithmic=True)


@partial(
    _EFFECTS,
    "fig13",
    "Effects of ξ",
    told=counts(lambda tables: tables.comparisons.xi),
    needs=compared("xi", "a sweep over ξ alone"),
)
def xi_effects(tables: StudyTables) -> Figure:
    """Four measures of the timed composite against the target xi."""
    return _effects(tables, "xi", "ξ", logarithmic=False)


def _effects(tables: StudyTables, parameter: str, symbol: str, logarithmic: bool) -> Figure:
    ids = getattr(tables.comparisons, parameter)
    rows = of_networks(tables.first_scheme_timed_errors, ids)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    measures = ERROR, TIME, ITERATIONS, NODES
    return measure_panels(measures, lines, parameter, symbol, logarithmic)
