"""Online schemes and kinds against the depth of the tree: Figs. 15, 16 and 17."""

from functools import partial

from matplotlib.figure import Figure

from evaluation.figures.captions import (
    BAND,
    COST_PANEL,
    DOTS,
    NODES_PANEL,
    PANELS,
    per_depth,
    unconverged,
)
from evaluation.figures.figure import DEPTH, Need, StudyFigure
from evaluation.figures.panels import (
    COST,
    ERROR,
    ITERATIONS,
    NODES,
    TIME,
    lines_by,
    measure_panels,
)
from evaluation.figures.style import KIND_COLOURS, SCHEME_COLOURS
from evaluation.formatting import scheme_name
from evaluation.measures.tables import StudyTables, of_networks
from training.network import Kind

_STOPPING = (
    f"{DOTS} All schemes stop by the same rule. Schemes that end in equilibrium solve the same "
    "linearised problem, so they need equally many iterations on the same network."
)


def _told(tables: StudyTables) -> str:
    ids = tables.comparisons.depth_networks
    return per_depth(tables) + unconverged(tables, tables.composite, ids)


def _two(kind: Kind) -> Need:
    """The need of two schemes of a kind to compare."""
    return Need(
        f"{DEPTH.words}, and two schemes of {kind}",
        lambda study: DEPTH.met(study) and len(study.schemes[kind]) > 1,
    )


_SCHEMES = partial(
    StudyFigure, caption=f"{PANELS} (d) {COST_PANEL}. {BAND} {_STOPPING}", told=_told
)


@partial(_SCHEMES, "fig15", "Online schemes of DMN", section="residual", needs=_two("DMN"))
def dmn_schemes(tables: StudyTables) -> Figure:
    """The schemes of DMN, among them with and without residual stress."""
    return _schemes(tables, "DMN")


@partial(_SCHEMES, "fig16", "Online schemes of IMN", section="newton", needs=_two("IMN"))
def imn_schemes(tables: StudyTables) -> Figure:
    """The schemes of IMN, among them fixed point and Newton."""
    return _schemes(tables, "IMN")


@partial(
    StudyFigure,
    "fig17",
    "DMN and IMN online",
    section="online",
    caption=f"{PANELS} {NODES_PANEL}; (e) {COST_PANEL}. Each kind uses its first scheme. {BAND} "
    f"{_STOPPING}",
    told=_told,
    needs=DEPTH,
)
def kinds(tables: StudyTables) -> Figure:
    """DMN against IMN, each with its first scheme."""
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
