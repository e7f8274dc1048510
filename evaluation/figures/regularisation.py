"""Accuracy and cost against the weight and the target of the regularisation: Figs. 12 and 13."""

from matplotlib.figure import Figure

from evaluation.figures.measures import ERROR, ITERATIONS, NODES, TIME, lines_by, measure_panels
from evaluation.figures.style import KIND_COLOURS, styled
from evaluation.measures.tables import Measured, among

_MEASURES = (ERROR, TIME, ITERATIONS, NODES)


@styled
def eta_effects(measured: Measured) -> Figure:
    """Four measures of the timed composite against the weight eta; Fig. 12."""
    rows = among(measured.timed, measured.comparisons.eta)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    return measure_panels(_MEASURES, lines, "eta", "η", logarithmic=True)


@styled
def xi_effects(measured: Measured) -> Figure:
    """Four measures of the timed composite against the target xi; Fig. 13."""
    rows = among(measured.timed, measured.comparisons.xi)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    return measure_panels(_MEASURES, lines, "xi", "ξ", logarithmic=False)
