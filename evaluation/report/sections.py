"""The sections of the report, with the claims and the tables that belong to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from evaluation.figures.figure import StudyFigure
from evaluation.formatting import spaced
from evaluation.measures.choice import choose
from evaluation.measures.comparisons import StudySettings
from evaluation.measures.recipes import by_case, by_size, selection
from evaluation.measures.statistics import configurations, quantiles, training_times, with_schemes
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import shown_groups
from evaluation.report.recipe_tables import (
    case_table,
    recipe_table,
    selection_table,
    size_table,
)
from evaluation.report.tables import (
    Table,
    TitledTable,
    cost_table,
    error_table,
    linear_errors,
    load_table,
    quantile_table,
    stress_errors,
    training_table,
    training_time_table,
)
from training.table import CONFIGURATION

_SEEDS = (
    "Networks of a row differ in their random initialisation alone. The means leave out failed "
    "networks."
)
_QUANTILES = (
    "e_σ of each network, the mean over the composites. A few networks far off move the mean of a "
    "configuration, not its median. The interval is that of the median, by the bootstrap; it needs "
    "five networks. Four of five networks lie between the quantiles of 10 and 90 %."
)
_TIMED = "Predictions of {}; mean ± standard deviation over the networks."
_LOADS = (
    "Relative stress error of single curves: mean ± standard deviation over networks that differ "
    "in their random initialisation alone, and the worst of them. A column is one way to train."
)
_RECIPES = "What the trainings of each recipe differ in; docs/recipe.md tells why."
_BY_SIZE = (
    "Networks of a row differ in their random initialisation alone; none is left out. e_C is over "
    "orthotropic validation samples for all recipes alike, e_C flowing over validation samples of "
    "a phase that yields. The last column is the error of the mean of several networks."
)
_BY_CASE = (
    "Mean over the loads of the relative stress error; mean ± standard deviation over the "
    "networks, and the worst network, of the greatest depth that all recipes have."
)
_SELECTION = (
    "Rank correlation, over the networks of a row, of e_σ with two errors on linear samples that "
    "no network was trained with: e_C, and the error of the first moments of strain. One is a "
    "perfect order. The chosen network has the smallest error of the moments, or of e_C where no "
    "moments are at hand."
)
_TRAINING_TIME = (
    "Median of the repeats, alone on the machine and on one thread. The backend fused is compiled "
    "and leaves out dead subtrees. The backend torch is PyTorch with all nodes, as in the paper. "
    "The ratios of the paper are those of 20 cores and of a DMN that rotates every node; here a "
    "DMN rotates its base nodes alone."
)
_COMMON = {
    "samples": "{} samples",
    "batch_size": "batch size {}",
    "eta": "η = {:g}",
    "xi": "ξ = {:g}",
    "epochs": "{} epochs",
}
"""Column of training.csv -> its words, where all networks have the same."""


def missing_figures(figures: Iterable[StudyFigure], study: StudySettings) -> list[str]:
    """A sentence on each of the paper's figures that a study lacks.

    Args:
        figures: of a section, those that the study lacks too.
        study: its settings.
    """
    return [
        f"Fig. {figure.number} is not here: it needs {figure.needs.words}."
        for figure in figures
        if figure.number and not figure.needs.met(study)
    ]


def _data(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    table = _error_table(tables, tables.comparisons.batch_networks, composites)
    text, title = _common_settings(tables.training), "Errors by data and batch size"
    return [TitledTable(title, text, table)] if table.rows else []


def _common_settings(training: pd.DataFrame) -> str:
    """What all networks of the study have in common."""
    found = [
        text.format(training[column].iloc[0])
        for column, text in _COMMON.items()
        if len(set(training[column])) == 1
    ]
    return f"All networks: {', '.join(found)}." if found else ""


def _regularisation(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    compared, found = tables.comparisons, []
    for parameter, symbol, ids in (("eta", "η", compared.eta), ("xi", "ξ", compared.xi)):
        rows = of_networks(tables.first_scheme_timed_errors, ids)
        rows = rows.sort_values(["kind", "layers", parameter])
        found += _costs(f"Accuracy and cost by {symbol}", tables, rows)
    return found


def _schemes(kind: str, tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    by_depth = _by_depth(tables)
    return _costs(f"Schemes of {kind}", tables, by_depth[by_depth["kind"] == kind])


def _online(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    rows = with_schemes(_by_depth(tables), tables.first_schemes)
    return _costs("DMN and IMN by depth", tables, rows)


def _by_depth(tables: StudyTables) -> pd.DataFrame:
    rows = of_networks(tables.timed_errors, tables.comparisons.depth_networks)
    return rows.sort_values(["kind", "layers"], kind="stable")


def _training(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    times = training_time_table(training_times(tables.timing))
    rows = _configurations(tables, tables.comparisons.depth_networks)
    by_depth = training_table(rows.sort_values(["kind", "layers"]))
    return [
        *([TitledTable("Trained networks by depth", _SEEDS, by_depth)] if by_depth.rows else []),
        TitledTable("Training time", _TRAINING_TIME, times),
    ]


def _beyond(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    found = choose(tables)
    groups = shown_groups(tables, found.chosen if found else None)
    every = _error_table(tables, list(tables.training["network"]), composites)
    by_configuration = quantiles(tables.composite_means, CONFIGURATION, "e_sigma")
    loads = load_table(tables.first_scheme_predictions, groups)
    paths = load_table(tables.path_predictions, groups)
    along = "Errors along the load paths of this study"
    return [
        TitledTable("All networks", _SEEDS, every),
        TitledTable("Medians and quantiles", _QUANTILES, quantile_table(by_configuration)),
        TitledTable("Errors by composite and load", _LOADS, loads),
        *([TitledTable(along, _LOADS, paths)] if paths.rows else []),
    ]


def _reliable(tables: StudyTables, composites: Sequence[str]) -> list[TitledTable]:
    if not tables.comparisons.recipes:
        return []
    chosen = selection_table(selection(tables))
    return [
        TitledTable("The recipes", _RECIPES, recipe_table(tables)),
        TitledTable("Errors by depth", _BY_SIZE, size_table(by_size(tables))),
        TitledTable("Errors by composite and control", _BY_CASE, case_table(by_case(tables))),
        *([TitledTable("Choosing the best network", _SELECTION, chosen)] if chosen.rows else []),
    ]


def _costs(title: str, tables: StudyTables, rows: pd.DataFrame) -> list[TitledTable]:
    """A table of accuracy and cost, if there are networks for it."""
    if rows.empty:
        return []
    return [TitledTable(title, _TIMED.format(spaced(tables.composite)), cost_table(rows))]


def _error_table(tables: StudyTables, ids: Sequence[str], composites: Sequence[str]) -> Table:
    rows = _configurations(tables, ids)
    return error_table(rows, linear_errors(rows) | stress_errors(composites))


def _configurations(tables: StudyTables, ids: Sequence[str]) -> pd.DataFrame:
    training = of_networks(tables.training, ids)
    return configurations(training, of_networks(tables.first_scheme_errors, ids))


@dataclass(frozen=True)
class Section:
    """A part of the report; figures say themselves to which they belong.

    Attributes:
        id: of its anchor.
        title: with the paper's number.
        claims: sections of the paper whose claims belong to it.
        tables: function of the tables of the study and the names of its composites, which gives
            those of the section.
    """

    id: str
    title: str
    claims: Sequence[str] = ()
    tables: Callable[[StudyTables, Sequence[str]], list[TitledTable]] = lambda *_: []


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
    Section("reliable", "Networks one can rely on", (), _reliable),
    Section("beyond", "Beyond the paper", (), _beyond),
    Section("appendices", "Appendices A and B: predictions with more data", ("A", "B")),
)
