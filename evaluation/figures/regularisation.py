"""Accuracy and cost against the weight and the target of the regularisation: Figs. 12 and 13."""

from matplotlib.figure import Figure

from evaluation.figures.panels import ERROR, ITERATIONS, NODES, TIME, lines_by, measure_panels
from evaluation.figures.style import KIND_COLOURS, styled
from evaluation.measures.tables import StudyTables, of_networks

_MEASURES = (ERROR, TIME, ITERATIONS, NODES)


@styled
def eta_effects(tables: StudyTables) -> Figure:
    """Four measures of the timed composite against the weight eta; Fig. 12."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.eta)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    return measure_panels(_MEASURES, lines, "eta", "η", logarithmic=True)


@styled
def xi_effects(tables: StudyTables) -> Figure:
    """Four measures of the timed composite against the target xi; Fig. 13."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.xi)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    return measure_panels(_MEASURES, lines, "xi", "ξ", logarithmic=False)
