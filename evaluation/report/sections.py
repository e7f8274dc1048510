"""The sections of the report, with the claims and the tables that belong to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from evaluation.figures.captions import all_networks
from evaluation.figures.figure import StudyFigure
from evaluation.measures.choice import choose
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.statistics import training_times, with_schemes
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import shown_groups
from evaluation.report.network_tables import (
    common_settings,
    cost_table,
    error_table,
    load_table,
    quantile_table,
    training_table,
    training_time_table,
)
from evaluation.report.recipe_tables import recipe_tables
from evaluation.report.tables import Table


def missing_figures(figures: Iterable[StudyFigure], study: StudySettings) -> list[str]:
    """A sentence on each of the paper's figures that a study lacks."""
    return [
        f"Fig. {figure.number} is not here: it needs {figure.needs.words}."
        for figure in figures
        if figure.number and not figure.needs.met(study)
    ]


def _data(tables: StudyTables) -> list[Table]:
    ids, text = tables.comparisons.batch_networks, common_settings(tables.training)
    return [error_table("Errors by data and batch size", tables, ids, text)]


def _regularisation(tables: StudyTables) -> list[Table]:
    found = []
    for parameter, symbol in (("eta", "η"), ("xi", "ξ")):
        ids = getattr(tables.comparisons, parameter)
        rows = of_networks(tables.first_scheme_timed_errors, ids)
        rows = rows.sort_values(["kind", "layers", parameter])
        found.append(cost_table(f"Accuracy and cost by {symbol}", tables, rows))
    return found


def _training(tables: StudyTables) -> list[Table]:
    return [training_table(tables), training_time_table(training_times(tables.timing))]


def _schemes(kind: str, tables: StudyTables) -> list[Table]:
    by_depth = _by_depth(tables)
    return [cost_table(f"Schemes of {kind}", tables, by_depth[by_depth["kind"] == kind])]


def _online(tables: StudyTables) -> list[Table]:
    rows = with_schemes(_by_depth(tables), tables.first_schemes)
    return [cost_table("DMN and IMN by depth", tables, rows)]


def _by_depth(tables: StudyTables) -> pd.DataFrame:
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    return rows.sort_values(["kind", "layers"], kind="stable")


def _beyond(tables: StudyTables) -> list[Table]:
    choice = choose(tables)
    groups = shown_groups(tables, choice.chosen if choice else None)
    along = "Errors along the load paths of this study"
    return [
        error_table("All networks", tables, all_networks(tables)),
        quantile_table(tables),
        load_table("Errors by composite and load", tables.first_scheme_predictions, groups),
        load_table(along, tables.path_predictions, groups),
    ]


@dataclass(frozen=True)
class Section:
    """A part of the report; figures say themselves to which they belong.

    Attributes:
        id: of its anchor.
        title: with the paper's number.
        claims: sections of the paper whose claims belong to it.
        tables: gives those of a study; one without rows is left out.
    """

    id: str
    title: str
    claims: Sequence[str] = ()
    tables: Callable[[StudyTables], list[Table]] = lambda _: []


SECTIONS = (
    Section("references", "Cell and references"),
    Section("data", "3.1 Initialisation, batch size and data size", ("3.1",), _data),
    Section("regularisation", "3.2 Regularisation", ("3.2",), _regularisation),
    Section("training", "3.3 DMN against IMN: training", ("3.3",), _training),
    Section("residual", "3.4 DMN online: residual stress", ("3.4",), partial(_schemes, "DMN")),
    Section(
        "newton", "3.5 IMN online: fixed point against Newton", ("3.5",), partial(_schemes, "IMN")
    ),
    Section("online", "3.6 DMN against IMN online", ("3.6",), _online),
    Section("reliable", "Networks one can rely on", (), recipe_tables),
    Section("beyond", "Beyond the paper", (), _beyond),
    Section("appendices", "Appendices A and B: predictions with more data", ("A", "B")),
)
