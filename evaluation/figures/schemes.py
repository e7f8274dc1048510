"""Online schemes and kinds against the depth of the tree: Figs. 15, 16 and 17."""

from matplotlib.figure import Figure

from evaluation.figures.panels import (
    COST,
    ERROR,
    ITERATIONS,
    NODES,
    TIME,
    lines_by,
    measure_panels,
)
from evaluation.figures.style import KIND_COLOURS, SCHEME_COLOURS, styled
from evaluation.formatting import scheme_name
from evaluation.measures.tables import StudyTables, of_networks
from training.network import Kind


@styled
def dmn_schemes(tables: StudyTables) -> Figure:
    """The schemes of DMN, among them with and without residual stress; Fig. 15."""
    return _schemes(tables, "DMN")


@styled
def imn_schemes(tables: StudyTables) -> Figure:
    """The schemes of IMN, among them fixed point and Newton; Fig. 16."""
    return _schemes(tables, "IMN")


@styled
def kinds(tables: StudyTables) -> Figure:
    """DMN against IMN, each with its first scheme; Fig. 17."""
    rows = of_networks(tables.first_scheme_timed_errors, tables.comparisons.depth_networks)
    lines = lines_by(rows, "kind", KIND_COLOURS, {})
    measures = (ERROR, TIME, ITERATIONS, NODES, COST)
    return measure_panels(measures, lines, "layers", "layers", logarithmic=False)


def _schemes(tables: StudyTables, kind: Kind) -> Figure:
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    rows = rows[rows["kind"] == kind]
    names = {scheme: scheme_name(scheme, kind) for scheme in SCHEME_COLOURS}
    lines = lines_by(rows, "scheme", SCHEME_COLOURS, names)
    measures = (ERROR, TIME, ITERATIONS, COST)
    return measure_panels(measures, lines, "layers", "layers", logarithmic=False)
