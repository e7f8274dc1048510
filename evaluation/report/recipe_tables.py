"""The tables of the report on recipes of a training."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from evaluation.formatting import mean_and_deviation, percent, spaced
from evaluation.measures.recipes import case_errors, selection, size_errors
from evaluation.measures.tables import StudyTables, of_networks
from evaluation.report.tables import Table, table_of
from training.specification import IN_ORDER


def recipe_tables(tables: StudyTables) -> list[Table]:
    """All of them, where the study compares recipes."""
    if not tables.comparisons.recipes:
        return []
    return [
        recipe_table(tables),
        size_table(size_errors(tables)),
        case_table(case_errors(tables)),
        selection_table(selection(tables)),
    ]


def recipe_table(tables: StudyTables) -> Table:
    """What each recipe is, a column a recipe."""
    training = tables.training.assign(xi=tables.training["xi"] / 2.0 ** tables.training["layers"])
    told = {column: known.title for column, known in IN_ORDER if known.title}
    columns = {"setting": list(told.values())}
    for recipe, ids in tables.comparisons.recipes.items():
        rows = of_networks(training, ids)
        columns[spaced(recipe)] = [_values(list(rows[column].unique())) for column in told]
    text = "What the trainings of each recipe differ in; docs/recipe.md tells why."
    return table_of(columns, len(columns), "The recipes", text)


def size_table(rows: pd.DataFrame) -> Table:
    """Errors and costs by recipe, kind and depth; `rows` from `evaluation.measures.recipes`."""
    averaged = [
        "–" if pd.isna(size) else f"{percent(error)} of {size:.0f}"
        for error, size in zip(rows["ensemble"], rows["size"], strict=True)
    ]
    columns = {
        "active base nodes": map("{:.1f}".format, rows["active_nodes"]),
        "e_C": map(percent, rows["error_validation"]),
        "e_C flowing": map(percent, rows["error_flowing"]),
        "e_σ": map(percent, rows["mean"], rows["std"]),
        "worst": map(percent, rows["worst"]),
        "training [s]": map(mean_and_deviation, rows["training_seconds"]),
        "online, all loads [ms]": map(mean_and_deviation, 1e3 * rows["online_seconds"]),
        "mean of several": averaged,
    }
    return table_of(
        _names(rows) | columns,
        3,
        "Errors by depth",
        "Networks of a row differ in their random initialisation alone; none is left out. e_C is "
        "over orthotropic validation samples for all recipes alike, e_C flowing over validation "
        "samples of a phase that yields. The last column is the error of the mean of several "
        "networks.",
    )


def case_table(rows: pd.DataFrame) -> Table:
    """Errors by composite, control and kind, a column a recipe; `rows` likewise."""
    errors = map(percent, rows["mean"], rows["std"])
    worst = zip(map(percent, rows["worst"]), rows["networks"], strict=True)
    texts = [f"{e}, worst {w} of {n}" for e, (w, n) in zip(errors, worst, strict=True)]
    keys = ["composite", "control", "kind"]
    order = pd.MultiIndex.from_frame(rows[keys].drop_duplicates())
    cells = rows.assign(text=texts).pivot_table("text", keys, "recipe", "first")
    cells = cells.loc[order, rows["recipe"].unique()].fillna("–").reset_index()
    return table_of(
        {spaced(str(name)): map(spaced, column) for name, column in cells.items()},
        3,
        "Errors by composite and control",
        "Mean over the loads of the relative stress error; mean ± standard deviation over the "
        "networks, and the worst network, of the greatest depth that all recipes have.",
    )


def selection_table(rows: pd.DataFrame) -> Table:
    """How well linear errors rank the networks; `rows` likewise."""
    columns = {
        "rank correlation, e_C": map(_correlation, rows["stiffness"]),
        "rank correlation, moments": map(_correlation, rows["moments"]),
        "e_σ of the chosen": map(percent, rows["chosen"]),
        "e_σ, mean": map(percent, rows["mean"]),
        "e_σ, best": map(percent, rows["best"]),
    }
    return table_of(
        _names(rows) | columns,
        3,
        "Choosing the best network",
        "Rank correlation, over the networks of a row, of e_σ with two errors on linear samples "
        "that no network was trained with: e_C, and the error of the first moments of strain. One "
        "is a perfect order. The chosen network has the smallest error of the moments, or of e_C "
        "where no moments are at hand.",
    )


def _names(rows: pd.DataFrame) -> dict[str, Iterable[str]]:
    shown = ("recipe", "kind", "layers", "networks")
    return {name: [spaced(str(value)) for value in rows[name]] for name in shown}


def _values(values: Sequence[Any]) -> str:
    """Texts, or the range of numbers: with three digits, whole ones with all of theirs."""
    if isinstance(values[0], str):
        return " to ".join(values)
    ends = min(values), max(values)
    texts = [f"{end:,.0f}" if end == round(end) else f"{end:.3g}" for end in ends]
    return " to ".join(dict.fromkeys(texts))


def _correlation(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}"
