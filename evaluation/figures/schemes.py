"""Online schemes and kinds against the depth of the tree: Figs. 15, 16 and 17."""

from matplotlib.figure import Figure

from evaluation.figures.measures import (
    COST,
    ERROR,
    ITERATIONS,
    NODES,
    TIME,
    lines_by,
    measure_panels,
)
from evaluation.figures.style import KIND_COLOURS, SCHEME_COLOURS, styled
from evaluation.measures.tables import Measured, among
from evaluation.report.words import scheme_name
from training.network import Kind


@styled
def dmn_schemes(measured: Measured) -> Figure:
    """The schemes of DMN, among them with and without residual stress; Fig. 15."""
    return _schemes(measured, "DMN")


@styled
def imn_schemes(measured: Measured) -> Figure:
    """The schemes of IMN, among them fixed point and Newton; Fig. 16."""
    return _schemes(measured, "IMN")


@styled
def kinds(measured: Measured) -> Figure:
    """DMN against IMN, each with its first scheme; Fig. 17."""
    rows = among(measured.timed, measured.comparisons.depth_networks)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    measures = (ERROR, TIME, ITERATIONS, NODES, COST)
    return measure_panels(measures, lines, "layers", "layers", logarithmic=False)


def _schemes(measured: Measured, kind: Kind) -> Figure:
    rows = among(measured.errors, measured.comparisons.depth_networks)
    rows = rows[(rows["composite"] == measured.composite) & (rows["kind"] == kind)]
    names = {scheme: scheme_name(scheme, kind) for scheme in SCHEME_COLOURS}
    lines = lines_by(rows, "scheme", SCHEME_COLOURS, names)
    measures = (ERROR, TIME, ITERATIONS, COST)
    return measure_panels(measures, lines, "layers", "layers", logarithmic=False)
