"""The sections of the report: their figures, the claims and the tables that belong to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluation.formatting import spaced
from evaluation.measures.choice import choose
from evaluation.measures.recipes import case_errors, selection, size_errors
from evaluation.measures.statistics import configurations, quantiles, training_times, with_schemes
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.naming.groups import shown_groups
from evaluation.report.figure_captions import common_settings
from evaluation.report.figure_titles import APPENDICES, number
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
from training.specification import CONFIGURATION

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


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes:
        id: of its anchor.
        title: with the paper's number.
        figures: that belong to it, those that the study lacks too.
        claims: sections of the paper whose claims belong to it.
    """

    id: str
    title: str
    figures: Sequence[str]
    claims: Sequence[str] = ()


SECTIONS = (
    Section("references", "Cell and references", ("fig05", "fig06", "paths", "convergence")),
    Section(
        "data",
        "3.1 Initialisation, batch size and data size",
        ("fig07", "fig08", "fig09", "fig10", "fig11"),
        ("3.1",),
    ),
    Section("regularisation", "3.2 Regularisation", ("fig12", "fig13"), ("3.2",)),
    Section("training", "3.3 DMN against IMN: training", ("fig14",), ("3.3",)),
    Section("residual", "3.4 DMN online: residual stress", ("fig15",), ("3.4",)),
    Section("newton", "3.5 IMN online: fixed point against Newton", ("fig16",), ("3.5",)),
    Section("online", "3.6 DMN against IMN online", ("fig17",), ("3.6",)),
    Section(
        "reliable",
        "Networks one can rely on",
        ("recipe_stresses", "ablation", "recipes", "recipe_directions", "ensembles"),
    ),
    Section("beyond", "Beyond the paper", ("parity", "directions", "costs", "pareto")),
    Section(
        "appendices",
        "Appendices A and B: predictions with more data",
        tuple(f"fig{number}" for numbers in APPENDICES.values() for number in numbers),
        ("A", "B"),
    ),
)

_NEEDS = {
    "fig07": "a sweep over batch sizes",
    "fig08": "a sweep over batch sizes and a composite",
    "fig09": "a sweep over batch sizes and a second composite",
    "fig10": "a sweep over batch sizes and a third composite",
    "fig11": "sweeps over batch sizes with several numbers of samples",
    "fig12": "a sweep over η alone",
    "fig13": "a sweep over ξ alone",
    "fig14": "a sweep over both kinds and several depths",
    "fig15": "a sweep over both kinds and several depths, and two schemes of DMN",
    "fig16": "a sweep over both kinds and several depths, and two schemes of IMN",
    "fig17": "a sweep over both kinds and several depths",
}
"""Figure of the paper -> what a study needs for it; those of the appendices need the same."""


def section_of(figure: str) -> str:
    """The id of the section that holds a figure."""
    if figure in ("choice", "claims"):
        return {"choice": "summary", "claims": "findings"}[figure]
    known = (section.id for section in SECTIONS if figure in section.figures)
    return next(known, "appendices")


def missing_figures(section: Section, figures: Iterable[str]) -> list[str]:
    """A sentence on each of the paper's figures of a section that are not among these.

    Args:
        section: of the report.
        figures: those that the study has.
    """
    present = set(figures)
    return [
        f"Fig. {number(figure)} is not here: it needs "
        f"{_NEEDS.get(figure, 'a further sweep over batch sizes, and its composite')}."
        for figure in section.figures
        if figure.startswith("fig") and figure not in present
    ]


def section_tables(
    section: str, tables: StudyTables, composites: Sequence[str]
) -> list[TitledTable]:
    """The tables that belong to a section.

    Args:
        section: its id.
        tables: of the study.
        composites: names of all composites.
    """
    comparisons = tables.comparisons
    by_depth = of_networks(tables.timed_errors, comparisons.depth_networks)
    by_depth = by_depth.sort_values(["kind", "layers"], kind="stable")
    match section:
        case "data":
            table = _error_table(tables, comparisons.batch_networks, composites)
            text, title = common_settings(tables.training), "Errors by data and batch size"
            found = [TitledTable(title, text, table)] if table.rows else []
        case "regularisation":
            swept = ("eta", "η", comparisons.eta), ("xi", "ξ", comparisons.xi)
            found = []
            for parameter, symbol, ids in swept:
                rows = of_networks(tables.first_scheme_timed_errors, ids)
                rows = rows.sort_values(["kind", "layers", parameter])
                found += _costs(f"Accuracy and cost by {symbol}", tables, rows)
        case "training":
            found = _training(tables)
        case "residual" | "newton":
            kind = {"residual": "DMN", "newton": "IMN"}[section]
            found = _costs(f"Schemes of {kind}", tables, by_depth[by_depth["kind"] == kind])
        case "online":
            rows = with_schemes(by_depth, tables.first_schemes)
            found = _costs("DMN and IMN by depth", tables, rows)
        case "reliable":
            found = _reliable(tables) if comparisons.recipes else []
        case "beyond":
            found = _beyond(tables, composites)
        case _:
            found = []
    return found


def _training(tables: StudyTables) -> list[TitledTable]:
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


def _reliable(tables: StudyTables) -> list[TitledTable]:
    chosen = selection_table(selection(tables))
    return [
        TitledTable("The recipes", _RECIPES, recipe_table(tables)),
        TitledTable("Errors by depth", _BY_SIZE, size_table(size_errors(tables))),
        TitledTable("Errors by composite and control", _BY_CASE, case_table(case_errors(tables))),
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
